// SPDX-License-Identifier: Apache-2.0
// What every backend must do behind the engine.
#include <xxhash.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <thread>

#include "model/random.h"
#include "support/backend_cases.h"
#include "support/messages.h"
#include "support/random_network.h"
#include "support/small_networks.h"

namespace rheobase::test {
namespace {

class EngineOnBackend : public OnEveryBackend {};

std::vector<std::vector<NeuronId>> fired_by_burst(const RecordBatch& r) {
  std::vector<std::vector<NeuronId>> list;
  for (std::size_t b = 0; b < r.bursts.size(); ++b) {
    list.emplace_back(r.spike_ids.begin() + static_cast<std::ptrdiff_t>(r.spike_begin[b]),
                      r.spike_ids.begin() + static_cast<std::ptrdiff_t>(r.spike_begin[b + 1]));
  }
  return list;
}

TEST_P(EngineOnBackend, DelaysAreWholeBursts) {
  for (const std::uint32_t delay : {1U, 2U, 7U, 255U, 700U}) {
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

TEST(Delays, TheLongest) {
  EXPECT_SAYS(static_cast<void>(chain(3, kMostDelay + 1)), "delays are 1 to 65535 bursts");
  for (const char* backend : {"reference", "cpu"}) {
    Engine engine(chain(2, kMostDelay), {backend, 1, 1, {}});
    engine.inject(0, 1.0F);
    engine.run(kMostDelay);
    const State before = engine.state();
    EXPECT_EQ(before.fired.size(), kMostDelay);
    EXPECT_EQ(before.fired.back().ids, std::vector<NeuronId>{0});
    Engine other(engine.network(), {backend, 1, 1, {}});  // what is under way goes along
    other.set_state(before);
    other.run(1);
    EXPECT_EQ(other.state().fired.front().ids, std::vector<NeuronId>{1}) << backend;
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
  EXPECT_SAYS(engine.inject(4, 1.0F), "cannot inject into neuron 4 (the network has 4)");
  EXPECT_SAYS(engine.inject(0, std::nanf("")), "injected potential is not a number");
  const std::vector<NeuronId> ids{0, 1};
  const std::vector<float> values{1.0F};
  EXPECT_SAYS(engine.inject(ids, values), "2 ids and 1 potentials do not match");
  EXPECT_SAYS(engine.schedule({{2, 1}, {0, 0}, {1.0F, 1.0F}}), "is not sorted by burst");
  EXPECT_SAYS(engine.schedule({{1}, {9}, {1.0F}}), "names neuron 9");
  EXPECT_SAYS(engine.schedule({{1}, {0}, {std::nanf("")}}), "scheduled potential is not a number");
  EXPECT_SAYS(engine.schedule({{1, 2}, {0}, {1.0F}}), "differ in length");
  // sums are made in the order given: in single precision the other order leaves 0
  engine.inject(3, 1e8F);
  engine.inject(3, -1e8F);
  engine.inject(3, 1.0F);
  engine.run(1);
  EXPECT_EQ(engine.potential(3), 1.0F);
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
  const auto record = [&](std::vector<IdRange> spikes, std::vector<Probe> probes) {
    engine.record({.spikes = std::move(spikes), .probes = std::move(probes), .branches = false});
  };
  EXPECT_SAYS(record({{4, 2}}, {}), "a recording of neurons 4 to 6 leaves the network");
  EXPECT_SAYS(record({{0, 3}, {2, 1}}, {}), "two recordings of spikes overlap at neuron 2");
  EXPECT_SAYS(record({}, {{Field::potential, {5, 1}, 1}}), "leaves the network");
  EXPECT_SAYS(record({}, {{Field::potential, {0, 1}, 0}}), "a probe every 0 bursts cannot be");
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
  // as many bursts as a number can hold: until stopped
  RunProgress seen;
  const auto stop_soon = [&](const RunProgress& progress) {
    seen = progress;
    stop = true;
  };
  const RunSummary endless =
      engine.run(std::numeric_limits<std::uint64_t>::max(), {stop_soon, &stop});
  EXPECT_TRUE(endless.stopped);
  EXPECT_GT(endless.bursts, 0U);
  EXPECT_EQ(seen.burst, engine.burst());
  EXPECT_EQ(engine.burst(), 5U + endless.bursts);
}

/// No counter wraps: bursts whose low word passes its end, and far beyond 2^40.
TEST_P(EngineOnBackend, BurstNumbersNearTheirEdges) {
  for (const std::uint64_t start : {(std::uint64_t{1} << 32U) - 5, (std::uint64_t{1} << 40U) - 5,
                                    std::numeric_limits<std::uint64_t>::max() - 30}) {
    const RandomCase c = random_case(3);
    const std::vector<Drive> drives{
        {Drive::Kind::regular, 0, c.network.neuron_count(), 0.6F, 170.0, 0},
        {Drive::Kind::poisson, 0, c.network.neuron_count(), 0.4F, 250.0, 0}};
    EngineOptions options = GetParam().options();
    options.drives = drives;
    Engine engine(c.network, options);
    Engine reference(c.network, {"reference", 1, options.seed, drives});
    State state = reference.state();
    state.burst = start;
    engine.set_state(state);
    reference.set_state(state);
    const RunSummary s = engine.run(20);
    EXPECT_EQ(s.signature, reference.run(20).signature) << start;
    EXPECT_EQ(engine.burst(), start + 20);
    EXPECT_EQ(engine.state().burst, start + 20);
    EXPECT_EQ(engine.state().u, reference.state().u);
    EXPECT_GT(s.spikes, 0U);
    // a run ends where numbers end
    if (start + 31 == 0) {
      EXPECT_EQ(engine.run(1000).bursts, 10U);
      EXPECT_EQ(engine.run(1000).bursts, 0U);
    }
  }
}

/// One thread at a time uses an engine, whichever it is; engines run side by side on one network.
TEST_P(EngineOnBackend, MovesBetweenThreadsAndRunsBesideOthers) {
  const RandomCase c = random_case(8);
  Engine whole(c.network, GetParam().options());
  whole.schedule(c.input);
  whole.run(40);
  std::vector<Engine> engines;
  for (int i = 0; i < 2; ++i) {
    engines.emplace_back(c.network, GetParam().options());
    engines.back().schedule(c.input);
    engines.back().run(10);
  }
  std::vector<std::thread> threads;
  for (Engine& engine : engines) {
    threads.emplace_back([&engine] {
      engine.run(20);
      NetworkEdit none;
      engine.edit(none);
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  for (Engine& engine : engines) {
    Engine moved = std::move(engine);
    moved.run(10);
    EXPECT_EQ(moved.signature(), whole.signature());
  }
}

TEST_P(EngineOnBackend, DrivesOfTheNetworkAndOfTheEngineAddUp) {
  NetworkBuilder b;
  NeuronParams p;
  p.threshold = 1e6F;
  b.population("a", 4, p);
  b.drive(Drive{Drive::Kind::constant, 1, 2, 0.5F});
  const Network network = b.build();
  EngineOptions options = GetParam().options();
  options.drives = {{Drive::Kind::regular, 2, 2, 4.0F, 500.0}};  // every second burst of 1 ms
  Engine engine(network, options);
  engine.run(4);
  EXPECT_EQ(engine.state().u, (std::vector<float>{0.0F, 2.0F, 10.0F, 8.0F}));
  options.drives = {{Drive::Kind::constant, 3, 2}};
  EXPECT_SAYS(Engine(network, options), "drive on neurons 3 to 5 leaves the network");
}

TEST_P(EngineOnBackend, RunSeedAndStreamsTellPoissonDrivesApart) {
  NetworkBuilder b;
  NeuronParams p;
  p.threshold = 1e6F;
  b.population("a", 100, p);
  b.population("b", 100, p);
  b.drive(0, Drive::Kind::poisson, 1.0F, 500.0);
  const Network one = b.build();
  b.drive(1, Drive::Kind::poisson, 1.0F, 500.0);
  const auto potentials = [&](const Network& network, std::uint64_t seed) {
    Engine engine(network, GetParam().options(seed));
    engine.run(20);
    std::vector<float> u = engine.state().u;
    u.resize(100);
    return u;
  };
  EXPECT_EQ(potentials(one, 1), potentials(b.build(), 1)) << "another drive moves no draws";
  EXPECT_NE(potentials(one, 1), potentials(one, 2));
}

TEST_P(EngineOnBackend, OnlyRecordedRangesAreRecorded) {
  NetworkBuilder b;
  b.population("a", 300, {});
  b.drive(0, Drive::Kind::constant, 1.0F);
  Engine engine(b.build(), GetParam().options());
  const auto sink = std::make_shared<MemorySink>();
  engine.add_sink(sink);
  // given out of order, they come back in the order of ids
  engine.record({.spikes = {{250, 2}, {3, 0}, {7, 3}}, .probes = {}, .branches = false});
  const RunSummary summary = engine.run(3);
  EXPECT_EQ(summary.spikes, 900U) << "all are counted";
  EXPECT_EQ(fired_by_burst(sink->all()),
            (std::vector<std::vector<NeuronId>>(3, {7, 8, 9, 250, 251})));
}

RHEOBASE_ON_EVERY_BACKEND(EngineOnBackend);

TEST(Engine, NamesOfBackends) {
  const auto open = [](const std::string& name) { Engine(chain(2), {name, 1, 1, {}}); };
  EXPECT_SAYS(open("gpu9"), "no backend is called 'gpu9' (known: auto, cpu, reference");
  EXPECT_SAYS(open(""), "no backend is called ''");
  EXPECT_SAYS(open("CPU"), "no backend is called 'CPU'");
  EXPECT_SAYS(open("check:cpu"), "does not name two backends");
  EXPECT_SAYS(open("check:cpu,nope"), "'nope'");
  EXPECT_SAYS(open("check:,"), "no backend is called ''");
  EXPECT_SAYS(Engine(chain(2), {"cpu", 1025, 1, {}}), "1025 threads are too many (at most 1024)");
  Engine automatic(chain(2));
  EXPECT_EQ(automatic.backend(), "cpu --threads 1");
  EXPECT_FALSE(automatic.backend_reason().empty());
  EXPECT_TRUE(Engine(chain(2), {"cpu", 1, 1, {}}).backend_reason().empty());
}

}  // namespace
}  // namespace rheobase::test
