// SPDX-License-Identifier: Apache-2.0
// What every backend must do behind the engine.
#include <xxhash.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

#include "backends/check/check.h"
#include "model/neuron_step.h"
#include "rheobase/error.h"
#include "support/backend_cases.h"
#include "support/random_network.h"

namespace rheobase::test {
namespace {

class EngineOnBackend : public OnEveryBackend {};

Network chain(std::uint32_t neurons, std::uint32_t delay = 1) {
  NetworkBuilder b;
  const AreaId a = b.population("chain", neurons, {});
  std::vector<Synapse> synapses;
  for (NeuronId id = 0; id + 1 < neurons; ++id) {
    synapses.push_back({id, id + 1, 1.0F, 1.0F, delay});
  }
  b.connect(std::move(synapses));
  static_cast<void>(a);
  return b.build();
}

std::vector<std::vector<NeuronId>> fired_by_burst(const RecordBatch& r) {
  std::vector<std::vector<NeuronId>> list;
  for (std::size_t b = 0; b < r.bursts.size(); ++b) {
    list.emplace_back(r.spike_ids.begin() + static_cast<std::ptrdiff_t>(r.spike_begin[b]),
                      r.spike_ids.begin() + static_cast<std::ptrdiff_t>(r.spike_begin[b + 1]));
  }
  return list;
}

TEST_P(EngineOnBackend, DelaysAreWholeBursts) {
  for (const std::uint32_t delay : {1U, 2U, 7U, 255U}) {
    Engine engine(chain(3, delay), GetParam().options());
    const auto sink = std::make_shared<MemorySink>();
    engine.add_sink(sink);
    engine.record({.spikes = {{0, 3}}, .probes = {}, .branches = false});
    engine.inject(0, 1.0F);
    engine.run(2 * delay + 2);
    const auto fired = fired_by_burst(sink->all());
    for (std::size_t b = 0; b < fired.size(); ++b) {
      const bool due = b % delay == 0 && b / delay < 3;
      EXPECT_EQ(fired[b], due ? std::vector<NeuronId>{static_cast<NeuronId>(b / delay)}
                              : std::vector<NeuronId>{})
          << "delay " << delay << ", burst " << b + 1;
    }
  }
}

TEST_P(EngineOnBackend, InjectionsAddUpAndAreChecked) {
  NetworkBuilder b;
  NeuronParams p;
  p.threshold = 100.0F;
  b.population("a", 4, p);
  Engine engine(b.build(), GetParam().options());
  engine.inject(1, 2.0F);
  engine.inject(1, 3.0F);
  InputSchedule schedule{{1, 1, 3}, {1, 2, 2}, {4.0F, 8.0F, 1.0F}};
  engine.schedule(schedule);
  engine.run(2);
  EXPECT_EQ(engine.potential(1), 9.0F);
  EXPECT_EQ(engine.potential(2), 8.0F);
  engine.run(1);
  EXPECT_EQ(engine.potential(2), 9.0F);
  EXPECT_THROW(engine.inject(4, 1.0F), Error);
  EXPECT_THROW(engine.inject(0, std::numeric_limits<float>::quiet_NaN()), Error);
  EXPECT_THROW(engine.schedule({{2, 1}, {0, 0}, {1.0F, 1.0F}}), Error) << "not sorted";
  EXPECT_THROW(engine.schedule({{1}, {9}, {1.0F}}), Error);
}

TEST_P(EngineOnBackend, ProbesSampleEveryNthBurst) {
  NetworkBuilder b;
  NeuronParams p;
  p.threshold = 1000.0F;
  p.v_rest = -65.0F;
  p.v_reset = -65.0F;
  b.population("a", 5, p);
  b.drive(0, Drive::Kind::constant, 1.0F);
  Engine engine(b.build(), GetParam().options());
  const auto sink = std::make_shared<MemorySink>();
  engine.add_sink(sink);
  engine.record({.spikes = {}, .probes = {{Field::potential, {3, 2}, 4}}, .branches = false});
  engine.run(9);
  const auto& samples = sink->all().probes.at(0);
  EXPECT_EQ(samples.bursts, (std::vector<std::uint64_t>{4, 8}));
  EXPECT_EQ(samples.values, (std::vector<float>{-61.0F, -61.0F, -57.0F, -57.0F}));
  EXPECT_THROW(engine.record({.spikes = {{4, 2}}, .probes = {}, .branches = false}), Error);
  EXPECT_THROW(engine.record({.spikes = {{0, 3}, {2, 1}}, .probes = {}, .branches = false}), Error)
      << "overlap";
}

TEST_P(EngineOnBackend, SignatureIsTheDocumentedHash) {
  const RandomCase c = random_case(5);
  Engine engine(c.network, GetParam().options());
  const auto sink = std::make_shared<MemorySink>();
  engine.add_sink(sink);
  engine.record({.spikes = {{0, c.network.neuron_count()}}, .probes = {}, .branches = false});
  engine.schedule(c.input);
  const RunSummary summary = engine.run(c.bursts);
  std::string bytes;
  const auto put = [&](std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) {
      bytes.push_back(static_cast<char>((value >> (8 * i)) & 255U));
    }
  };
  const auto fired = fired_by_burst(sink->all());
  for (std::size_t b = 0; b < fired.size(); ++b) {
    const auto t = static_cast<std::uint32_t>(b + 1);
    std::uint32_t sum_a = 0;
    std::uint32_t sum_b = 0;
    for (const NeuronId id : fired[b]) {
      sum_a += model::pcg(id ^ (t * 0x9E3779B9U));
      sum_b += model::pcg(model::pcg(id) + t);
    }
    put(t, 8);
    put(fired[b].size(), 4);
    put(sum_a, 4);
    put(sum_b, 4);
  }
  EXPECT_EQ(summary.signature, XXH64(bytes.data(), bytes.size(), 0));
  EXPECT_GT(summary.spikes, 0U);
}

TEST_P(EngineOnBackend, ManySmallRunsEqualOneLargeRun) {
  const RandomCase c = random_case(11);
  Engine whole(c.network, GetParam().options());
  whole.schedule(c.input);
  whole.run(c.bursts);
  Engine pieces(c.network, GetParam().options());
  pieces.schedule(c.input);
  for (std::uint32_t i = 0; i < c.bursts; ++i) {
    pieces.run(1);
  }
  EXPECT_EQ(whole.signature(), pieces.signature());
  EXPECT_EQ(whole.state().u, pieces.state().u);
}

TEST_P(EngineOnBackend, StopEndsTheRunAndTheEngineGoesOn) {
  Engine engine(chain(3), GetParam().options());
  std::atomic<bool> stop{true};
  const RunSummary none = engine.run(100, {{}, &stop});
  EXPECT_TRUE(none.stopped);
  EXPECT_EQ(none.bursts, 0U);
  stop = false;
  EXPECT_EQ(engine.run(5, {{}, &stop}).bursts, 5U);
  EXPECT_EQ(engine.burst(), 5U);
}

TEST_P(EngineOnBackend, EditsActFromTheNextBurst) {
  Engine engine(chain(3), GetParam().options());
  NetworkEdit edit;
  edit.add_synapse({0, 2, 1.0F, 1.0F, 1});
  edit.delete_neuron(1);
  engine.inject(0, 1.0F);
  engine.run(1);
  engine.edit(edit);
  engine.run(1);
  EXPECT_EQ(engine.state().fired.front().ids, std::vector<NeuronId>{2})
      << "the edit acts on charge still travelling";
}

TEST_P(EngineOnBackend, StateOfAnotherNetworkIsRefused) {
  Engine engine(chain(3), GetParam().options());
  State state = engine.state();
  state.u.pop_back();
  EXPECT_THROW(engine.set_state(state), Error);
}

RHEOBASE_ON_EVERY_BACKEND(EngineOnBackend);

TEST(Engine, NamesOfBackends) {
  const auto message = [](const std::string& name) {
    try {
      Engine engine(chain(2), {name, 1, 1, {}});
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_NE(message("gpu9").find("no backend is called 'gpu9' (known: auto, cpu, reference"),
            std::string::npos);
  EXPECT_NE(message("check:cpu").find("does not name two backends"), std::string::npos);
  EXPECT_NE(message("check:cpu,nope").find("'nope'"), std::string::npos);
  Engine automatic(chain(2));
  EXPECT_EQ(automatic.backend(), "cpu --threads 1");
  EXPECT_FALSE(automatic.backend_reason().empty());
  EXPECT_TRUE(Engine(chain(2), {"cpu", 1, 1, {}}).backend_reason().empty());
}

/// A backend that lies in one chosen way from burst 3 on.
class Saboteur final : public Backend {
 public:
  enum class Lie { none, fired, potential, countdown, fire_count, forget, events, branches, probe };
  Saboteur(std::unique_ptr<Backend> honest, Lie lie) : honest_(std::move(honest)), lie_(lie) {}
  [[nodiscard]] std::string describe() const override { return "saboteur"; }
  Ticket submit(BurstRequest request) override { return honest_->submit(std::move(request)); }
  RecordBatch poll(Ticket ticket, bool wait) override {
    RecordBatch batch = honest_->poll(ticket, wait);
    if (batch.bursts.back().burst >= 3) {
      batch.bursts.back().events += lie_ == Lie::events ? 1U : 0U;
      batch.bursts.back().branches[0] += lie_ == Lie::branches ? 1U : 0U;
      if (lie_ == Lie::probe) {
        batch.probes[0].values[0] += 1.0F;
      }
    }
    return batch;
  }
  [[nodiscard]] State read_state() override {
    State s = honest_->read_state();
    if (s.burst >= 3) {
      if (lie_ == Lie::fired) {
        s.fired.front().ids.push_back(1000);
      }
      s.u[1] = lie_ == Lie::potential ? std::nextafter(s.u[1], 1e9F) : s.u[1];
      s.refractory_countdown[1] =
          static_cast<std::uint16_t>(s.refractory_countdown[1] + (lie_ == Lie::countdown ? 1 : 0));
      s.fire_count[1] =
          static_cast<std::uint16_t>(s.fire_count[1] + (lie_ == Lie::fire_count ? 1 : 0));
      s.forget[1] = static_cast<std::uint8_t>(s.forget[1] ^ (lie_ == Lie::forget ? 1U : 0U));
    }
    return s;
  }
  void write_state(const State& state) override { honest_->write_state(state); }
  void apply(NetworkPointer edited) override { honest_->apply(std::move(edited)); }

 private:
  std::unique_ptr<Backend> honest_;
  Lie lie_;
};

TEST(Check, FindsEveryKindOfDifferenceAndNamesTheBurst) {
  using Lie = Saboteur::Lie;
  const Network network = chain(4);
  const auto plan = std::make_shared<RecordPlan>();
  plan->spikes = {{0, 4}};
  plan->probes = {{Field::potential, {0, 4}, 1}};
  plan->branches = true;
  for (const Lie lie : {Lie::none, Lie::fired, Lie::potential, Lie::countdown, Lie::fire_count,
                        Lie::forget, Lie::events, Lie::branches, Lie::probe}) {
    const BackendSetup setup{network.data(), {}, 1, 1};
    const auto check =
        make_check_backend(network.data(), make_backend("reference", setup).backend,
                           std::make_unique<Saboteur>(make_backend("cpu", setup).backend, lie));
    BurstRequest request;
    request.bursts = 4;
    request.injection_begin = {0, 1, 1, 1, 1};
    request.injection_ids = {0};
    request.injection_values = {1.0F};
    request.plan = plan;
    std::string message = "no difference";
    try {
      check->poll(check->submit(request), true);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::difference);
      message = error.what();
    }
    const bool found = message.find("differ in burst 3") != std::string::npos;
    EXPECT_EQ(found, lie != Lie::none) << static_cast<int>(lie) << ": " << message;
  }
}

}  // namespace
}  // namespace rheobase::test
