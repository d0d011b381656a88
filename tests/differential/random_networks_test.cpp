// SPDX-License-Identifier: Apache-2.0
// Random networks on every backend against reference: fired sets, potentials to the bit, counters,
// every burst. The suite says what it met, and fails if a branch of the step was never taken.
#include <gtest/gtest.h>

#include <array>
#include <iostream>
#include <map>

#include "engine/registry.h"
#include "support/random_network.h"

namespace rheobase::test {
namespace {

constexpr std::uint64_t kCases = 1000;

struct Met {
  std::uint64_t steps = 0, spikes = 0, events = 0, inhibitory = 0;
  BranchCounts branches{};
  std::map<std::uint32_t, int> widths, quanta;
  std::map<std::string, int> rules;
  int divided = 0, driven = 0;
};

void run_case(const RandomCase& c, const std::string& backend, std::uint32_t threads, Met& met) {
  SCOPED_TRACE(c.description + ", " + backend + " --threads " + std::to_string(threads));
  Engine engine(c.network, {"check:" + backend + ",reference", threads, 1, {}});
  RecordPlan plan;
  plan.branches = true;
  plan.spikes = {{0, c.network.neuron_count()}};
  plan.probes = {{Field::potential, {0, c.network.neuron_count()}, 7}};
  engine.record(plan);
  engine.schedule(c.input);
  RunSummary s;
  ASSERT_NO_THROW(s = engine.run(c.bursts));
  met.steps += s.bursts * c.network.neuron_count();
  met.spikes += s.spikes;
  met.events += s.events;
  met.inhibitory += s.inhibitory_events;
  for (std::size_t b = 0; b < kBranchCount; ++b) {
    met.branches[b] += s.branches[b];
  }
}

TEST(RandomNetworks, EveryBackendEqualsReference) {
  Met met;
  for (std::uint64_t seed = 1; seed <= kCases; ++seed) {
    const RandomCase c = random_case(seed);
    ++met.widths[c.network.charge().accumulator_bits];
    ++met.quanta[c.network.charge().quantum_bits];
    ++met.rules[c.description.substr(c.description.find(": ") + 2)];
    for (const Area& area : c.network.areas()) {
      met.divided += area.spec.psp.uniform ? 0 : 1;
      met.driven += area.spec.psp.potential_driven ? 1 : 0;
    }
    constexpr std::array<std::uint32_t, 4> kThreads{1, 2, 3, 8};
    for (const std::string& backend : usable_backends()) {
      if (backend != "reference") {
        run_case(c, backend, kThreads[seed % kThreads.size()], met);
      }
    }
  }
  std::cout << kCases << " networks (seeds 1 to " << kCases << "); mean firing "
            << 100.0 * static_cast<double>(met.spikes) / static_cast<double>(met.steps)
            << " %, inhibitory events "
            << 100.0 * static_cast<double>(met.inhibitory) / static_cast<double>(met.events)
            << " %\n";
  for (std::size_t b = 0; b < kBranchCount; ++b) {
    std::cout << "  " << name_of(static_cast<Branch>(b)) << " " << met.branches[b] << "\n";
    EXPECT_GT(met.branches[b], 0U) << name_of(static_cast<Branch>(b)) << " was never taken";
  }
  for (const auto& [rules, count] : met.rules) {
    std::cout << "  " << rules << ": " << count << " networks\n";
  }
  EXPECT_EQ(met.rules.size(), 6U) << "five profiles and mixed rules";
  EXPECT_GT(met.widths[32], 0);
  EXPECT_GT(met.widths[64], 0);
  EXPECT_GT(met.quanta[0], 0);
  EXPECT_GT(met.quanta[24], 0);
  EXPECT_GT(met.divided, 0);
  EXPECT_GT(met.driven, 0);
}

/// A state moves between backends at any burst and the run goes on the same.
TEST(RandomNetworks, StateMovesBetweenBackends) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const RandomCase c = random_case(seed);
    SCOPED_TRACE(c.description);
    Engine whole(c.network, {"reference", 1, 1, {}});
    whole.schedule(c.input);
    whole.run(c.bursts);
    const std::uint64_t split = 1 + seed % (c.bursts - 1);
    Engine first(c.network, {"cpu", 2, 1, {}});
    first.schedule(c.input);
    first.run(split);
    Engine second(c.network, {"reference", 1, 1, {}});
    second.set_state(first.state());
    second.schedule(c.input);
    second.run(c.bursts - split);
    const State a = whole.state();
    const State b = second.state();
    EXPECT_EQ(a.burst, b.burst);
    EXPECT_EQ(a.u, b.u);
    EXPECT_EQ(a.refractory_countdown, b.refractory_countdown);
    EXPECT_EQ(a.fire_count, b.fire_count);
    EXPECT_EQ(a.fired.front().ids, b.fired.front().ids);
  }
}

}  // namespace
}  // namespace rheobase::test
