// SPDX-License-Identifier: Apache-2.0
// How a GPU and the way to use it are named, and what `auto` takes.
#include <gtest/gtest.h>

#include <cstdlib>

#include "backends/wgpu/tuning.h"
#include "engine/cost_model.h"
#include "rheobase/engine.h"
#include "rheobase/error.h"
#include "support/gpu.h"
#include "support/messages.h"
#include "support/random_network.h"

namespace rheobase::test {
namespace {

TEST(Selection, AdapterAndOptions) {
  EXPECT_EQ(wgpu::parse_selection("").adapter, "");
  EXPECT_EQ(wgpu::parse_selection(":software").adapter, "software");
  const wgpu::Selection s =
      wgpu::parse_selection(":1+index=hash+delivery=push+sum=pair+arithmetic=integer+tile=5");
  EXPECT_EQ(s.adapter, "1");
  EXPECT_EQ(s.tuning.index, wgpu::Tuning::Index::hash);
  EXPECT_EQ(s.tuning.delivery, wgpu::Tuning::Delivery::push);
  EXPECT_EQ(s.tuning.sum, wgpu::Tuning::Sum::pair);
  EXPECT_EQ(s.tuning.arithmetic, wgpu::Tuning::Arithmetic::integer);
  EXPECT_EQ(s.tuning.tile, 5U);
  EXPECT_EQ(wgpu::parse_selection("+long_row=9").tuning.long_row, 9U);
}

TEST(Selection, WrongOptionsSayWhatIsPossible) {
  const auto parse = [](const char* text) { static_cast<void>(wgpu::parse_selection(text)); };
  EXPECT_SAYS(parse("+index=tree"), "index=dense, index=hash");
  EXPECT_SAYS(parse("+speed=high"), "possible: index, delivery, sum");
  EXPECT_SAYS(parse("+update_workgroup=33"), "a multiple of 32 from 32 to 256");
  EXPECT_SAYS(parse("+tile=5+delivery=sweep"), "Leave one of them out");
  EXPECT_SAYS(parse("+ahead=2"), "ahead=1, ahead=4");
  EXPECT_SAYS(parse("+deliver_groups=0"), "from 1 to 65535");
}

TEST(Auto, SmallNetworksStayOnTheCpu) {
  // nothing is asked of a driver where a GPU cannot win
  EXPECT_LT(cpu_burst_us(1'000, 100'000, 1), gpu_burst_us(1'000, 100'000));
  EXPECT_GT(cpu_burst_us(500'000, 50'000'000, 16), gpu_burst_us(500'000, 50'000'000));
  EXPECT_LT(cpu_burst_us(500'000, 50'000'000, 16), cpu_burst_us(500'000, 50'000'000, 1));
  const Engine engine(random_case(1).network, {"auto", 1, 1, {}});
  EXPECT_NE(engine.backend_reason().find("cpu, since a burst should take about"), std::string::npos)
      << engine.backend_reason();
}

TEST(Auto, TakesHardwareOnlyAndSaysWhy) {
  NetworkBuilder b;
  b.population("large", 200'000, {});
  const Engine engine(b.build(), {"auto", 1, 1, {}});
  const auto gpus = usable_gpus();
  const bool hardware = !gpus.empty() && gpus.front() == "wgpu";
  EXPECT_EQ(engine.backend().starts_with("wgpu"), hardware) << engine.backend();
  EXPECT_EQ(engine.backend_reason().starts_with(hardware ? "wgpu, since" : "cpu, since"), true)
      << engine.backend_reason();
}

TEST(Auto, EnvironmentOverrides) {
  setenv("RHEOBASE_BACKEND", "reference", 1);
  const Network network = random_case(1).network;
  EXPECT_EQ(Engine(network, {"auto", 1, 1, {}}).backend(), "reference");
  EXPECT_EQ(Engine(network, {"cpu", 1, 1, {}}).backend(), "cpu --threads 1") << "named ones stay";
  setenv("RHEOBASE_BACKEND", "nonsense", 1);
  EXPECT_SAYS(Engine(network, {"auto", 1, 1, {}}), "no backend is called 'nonsense'");
  unsetenv("RHEOBASE_BACKEND");
}

class DeviceEdits : public OnAGpu {};

/// An edit uploads the blocks that it touched, not the network.
TEST_P(DeviceEdits, CostWhatTheyTouch) {
  NetworkBuilder b;
  const AreaId area = b.population("a", 20'000, {});
  b.connect(area, area, fixed_outdegree(50, true, true), {.weight = 1.0F});
  const Network network = b.build();
  for (const char* variant : {"", "+index=hash"}) {
    Engine engine(network, {backend() + variant, 0, 1, {}});
    engine.run(2);
    const std::uint64_t before = gpu()->bytes_written();
    NetworkEdit edit;
    edit.add_synapse({7, 9, 1.0F, 1.0F, 1});
    engine.edit(edit);
    engine.run(1);
    const std::uint64_t written = gpu()->bytes_written() - before;
    EXPECT_GT(written, 4096U);
    EXPECT_LT(written, 60'000U) << variant << " (the synapses are 4 MB)";
  }
}

RHEOBASE_ON_EVERY_GPU(DeviceEdits);

}  // namespace
}  // namespace rheobase::test
