// SPDX-License-Identifier: Apache-2.0
// What goes wrong on a GPU is one clear error, and the process lives on.
#include <gtest/gtest.h>

#include <array>

#include "backends/wgpu/programs.h"
#include "backends/wgpu/shaders.h"
#include "rheobase/engine.h"
#include "rheobase/error.h"
#include "support/gpu.h"
#include "support/messages.h"
#include "support/random_network.h"

namespace rheobase::test {
namespace {

class Faults : public OnAGpu {};

TEST_P(Faults, ShaderError) {
  const auto compile = [&](std::string_view step) {
    static_cast<void>(wgpu::make_step_test(*gpu(), false, step, ""));
  };
  EXPECT_SAYS(compile("fn neuron_step( {"), "refused");
  // the device goes on
  Engine engine(random_case(1).network, {backend(), 0, 1, {}});
  EXPECT_NO_THROW(engine.run(3));
}

TEST_P(Faults, NetworkLargerThanTheDevice) {
  const std::uint64_t largest = gpu()->largest_binding();
  if (largest > std::uint64_t{1} << 28U) {
    GTEST_SKIP() << "a network for " << (largest >> 20U) << " MiB is too large for a test";
  }
  NetworkBuilder b;
  b.population("large", static_cast<std::uint32_t>(largest / 8U + 64U), {});
  const Network network = b.build();
  const auto make = [&] { Engine engine(network, {backend(), 0, 1, {}}); };
  EXPECT_SAYS(make(), "too large for the GPU");
  EXPECT_SAYS(make(), "Use the cpu backend");
}

TEST_P(Faults, EditThatOutgrowsTheDevice) {
  const std::uint64_t largest = gpu()->largest_binding();
  if (largest > std::uint64_t{1} << 28U) {
    GTEST_SKIP() << "fire queues for " << (largest >> 20U) << " MiB are too large for a test";
  }
  NetworkBuilder b;
  b.population("large", 3'000'000, {});
  Engine engine(b.build(), {backend(), 0, 1, {}});
  engine.run(1);
  NetworkEdit edit;
  edit.add_synapse({1, 2, 1.0F, 1.0F, 255});  // needs 256 fire queues
  EXPECT_SAYS(engine.edit(edit), "too large for the GPU");
  EXPECT_SAYS(engine.run(1), "this engine has stopped");
  EXPECT_SAYS(static_cast<void>(engine.state()), "this engine has stopped");
  EXPECT_NE(engine.backend().find("stopped"), std::string::npos);
}

TEST_P(Faults, BufferThatIsTooLarge) {
  const auto make = [&](std::uint64_t bytes, WGPUBufferUsage usage) {
    static_cast<void>(gpu()->buffer("test", bytes, usage));
  };
  EXPECT_SAYS(make(gpu()->facts().limits.maxBufferSize + 16U, WGPUBufferUsage_CopyDst),
              "too large for the GPU");
  EXPECT_SAYS(make(gpu()->largest_binding() + 16U, WGPUBufferUsage_Storage),
              "too large for the GPU");
}

TEST_P(Faults, BadCommandsAreNotSubmitted) {
  const wgpu::Buffer a = gpu()->storage("a", 64);
  wgpu::CommandEncoder commands = gpu()->encoder();
  wgpu::api().CommandEncoderCopyBufferToBuffer(commands.get(), a.handle.get(), 0, a.handle.get(),
                                               1024, 64);
  EXPECT_SAYS(gpu()->submit(std::move(commands)), "refused");
  EXPECT_NO_THROW(gpu()->poll(true));
}

TEST_P(Faults, LostDevice) {
  const RandomCase c = random_case(7);
  Engine engine(c.network, {backend(), 0, 1, {}});
  engine.run(3);
  gpu()->pretend_lost();
  EXPECT_SAYS(engine.run(3), "was lost");
  EXPECT_SAYS(static_cast<void>(engine.state()), "was lost");
  // a new engine gets a new device
  Engine other(c.network, {backend(), 0, 1, {}});
  EXPECT_NO_THROW(other.run(3));
}

/// Loses the device in the middle of a run, while the next bursts are under way.
class Loser final : public RecordSink {
 public:
  Loser(std::shared_ptr<wgpu::Gpu> gpu, std::uint64_t burst)
      : gpu_(std::move(gpu)), burst_(burst) {}
  void write(const RecordBatch& batch) override {
    seen_.write(batch);
    if (batch.bursts.back().burst >= burst_ && !done_) {
      done_ = true;
      gpu_->pretend_lost();
    }
  }
  void close() override {}
  [[nodiscard]] const RecordBatch& all() const { return seen_.all(); }

 private:
  std::shared_ptr<wgpu::Gpu> gpu_;
  std::uint64_t burst_;
  bool done_ = false;
  MemorySink seen_;
};

RecordPlan everything(const Network& network) {
  RecordPlan plan;
  plan.spikes = {{0, network.neuron_count()}};
  plan.probes = {{Field::potential, {0, network.neuron_count()}, 3}};
  plan.branches = true;
  return plan;
}

TEST_P(Faults, GoesOnOnTheCpuWithTheSameSpikes) {
  constexpr std::uint64_t kBursts = 60;
#if defined(__SANITIZE_ADDRESS__)
  constexpr std::uint64_t kRounds = 5;
#else
  constexpr std::uint64_t kRounds = 50;
#endif
  for (std::uint64_t seed = 1; seed <= kRounds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const RandomCase c = random_case(seed);
    Chooser choose(seed);
    const std::uint64_t lost_at = 1 + choose.below(kBursts - 2);
    const NetworkEdit edit = random_edit(choose, c.network);
    const auto run = [&](Engine& engine, const std::shared_ptr<RecordSink>& sink) {
      engine.add_sink(sink);
      engine.record(everything(c.network));
      engine.schedule(c.input);
      engine.run(kBursts / 3);
      engine.edit(edit);
      engine.inject(0, 3.5F);
      return engine.run(kBursts - kBursts / 3).signature;
    };
    Engine whole(c.network, {"cpu", 1, 1, {}});
    const auto wanted = std::make_shared<MemorySink>();
    const std::uint64_t signature = run(whole, wanted);

    EngineOptions options{backend(), 0, 1, {}};
    options.on_device_loss = OnDeviceLoss::cpu;
    options.mirror_seconds =
        seed % 2 == 0 ? 0.0 : 1.0;  // copies of every batch, or only the first state
    Engine engine(c.network, options);
    const auto seen = std::make_shared<Loser>(gpu(), lost_at);
    EXPECT_EQ(run(engine, seen), signature);
    EXPECT_EQ(seen->all().spike_ids, wanted->all().spike_ids);
    EXPECT_EQ(seen->all().spike_begin, wanted->all().spike_begin);
    EXPECT_EQ(seen->all().probes[0].values, wanted->all().probes[0].values);
    EXPECT_EQ(engine.state().u, whole.state().u);
    EXPECT_NE(engine.backend().find("since the GPU was lost"), std::string::npos);
  }
}

RHEOBASE_ON_EVERY_GPU(Faults);

}  // namespace
}  // namespace rheobase::test
