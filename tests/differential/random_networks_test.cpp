// SPDX-License-Identifier: Apache-2.0
// Random networks on every backend against reference: fired sets, potentials to the bit, counters,
// every burst. The suite says what it met, and fails if a branch of the step was never taken.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>

#include "engine/registry.h"
#include "network/view.h"
#include "rheobase/error.h"
#include "support/backend_cases.h"
#include "support/random_network.h"
#include "support/same_state.h"
#include "support/shrink.h"

namespace rheobase::test {
namespace {

constexpr std::uint64_t kUsualCases = 1000;
/// Of a software GPU, which takes half a second to begin.
constexpr std::uint64_t kSoftwareGpuEvery = 5;

/// A number from the environment, for `make fuzz`.
std::uint64_t number_from(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

struct Met {
  std::uint64_t steps = 0, spikes = 0, events = 0, inhibitory = 0;
  BranchCounts branches{};
  std::map<std::uint32_t, int> widths, quanta;
  std::map<std::string, int> rules, variants;
  int divided = 0, driven = 0, wide = 0, mixed_width = 0;
  std::size_t longest_row = 0, silent_rows = 0;

  void add(const RandomCase& c) {
    const NetworkData& data = *c.network.data();
    ++widths[data.charge.accumulator_bits];
    ++quanta[data.charge.quantum_bits];
    ++rules[c.description.substr(c.description.find(": ") + 2)];
    for (const Area& area : data.areas) {
      divided += area.spec.psp.uniform ? 0 : 1;
      driven += area.spec.psp.potential_driven ? 1 : 0;
    }
    bool some_wide = false;
    bool some_compact = false;
    for (const auto& block : data.blocks) {
      some_wide |= !block->wide.empty();
      some_compact |= !block->compact.empty();
    }
    wide += some_wide ? 1 : 0;
    mixed_width += some_wide && some_compact ? 1 : 0;
    for (NeuronId id = 0; id < data.neuron_count; ++id) {
      longest_row = std::max<std::size_t>(longest_row, data.out_degree(id));
      silent_rows += data.out_degree(id) == 0 ? 1U : 0U;
    }
  }
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
  try {
    s = engine.run(c.bursts);
  } catch (const Error& error) {
    FAIL() << error.what() << "\n" << shrink_and_save(c, backend, threads);
  }
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
  const std::uint64_t cases = number_from("RHEOBASE_CASES", kUsualCases);
  const std::uint64_t first = number_from("RHEOBASE_FIRST_SEED", 1);
  for (std::uint64_t seed = first; seed - first < cases && !HasFailure(); ++seed) {
    const RandomCase c = random_case(seed);
    met.add(c);
    constexpr std::array<std::uint32_t, 4> kThreads{1, 2, 3, 8};
    for (const std::string& backend : usable_backends()) {
      if (backend == "wgpu:software" && seed % kSoftwareGpuEvery != 0) {
        continue;
      }
      if (backend.starts_with("wgpu")) {
        const std::string& variant =
            gpu_variants()[(seed / kSoftwareGpuEvery) % gpu_variants().size()];
        ++met.variants[variant];
        run_case(c, backend + variant, 1, met);
      } else if (backend != "reference") {
        run_case(c, backend, kThreads[seed % kThreads.size()], met);
      }
    }
  }
  std::cout << cases << " networks (seeds " << first << " to " << first + cases - 1
            << "); mean firing "
            << 100.0 * static_cast<double>(met.spikes) / static_cast<double>(met.steps)
            << " %, inhibitory events "
            << 100.0 * static_cast<double>(met.inhibitory) / static_cast<double>(met.events)
            << " %\n";
  for (std::size_t b = 0; b < kBranchCount; ++b) {
    std::cout << "  " << name_of(static_cast<Branch>(b)) << " " << met.branches[b] << "\n";
    EXPECT_TRUE(met.branches[b] > 0U || cases < kUsualCases)
        << name_of(static_cast<Branch>(b)) << " was never taken";
  }
  for (const auto& [rules, count] : met.rules) {
    std::cout << "  " << rules << ": " << count << " networks\n";
  }
  for (const auto& [variant, count] : met.variants) {
    std::cout << "  on a GPU" << variant << ": " << count << " networks\n";
  }
  if (cases < kUsualCases) {
    return;  // too few to meet everything
  }
  EXPECT_EQ(met.rules.size(), 6U) << "five profiles and mixed rules";
  EXPECT_GT(met.widths[32], 0);
  EXPECT_GT(met.widths[64], 0);
  EXPECT_GT(met.quanta[0], 0);
  EXPECT_GT(met.quanta[24], 0);
  EXPECT_GT(met.divided, 0);
  EXPECT_GT(met.driven, 0);
  EXPECT_GT(met.wide, 0);
  EXPECT_GT(met.mixed_width, 0) << "blocks of both forms in one network";
  EXPECT_GE(met.longest_row, 5000U);
  EXPECT_GT(met.silent_rows, 0U);
}

/// What once differed, shrunk (shrink_and_save): on every backend.
TEST(RandomNetworks, WhatOnceDiffered) {
  int found = 0;
  for (const auto& file : std::filesystem::directory_iterator(
           std::filesystem::path(RHEOBASE_SOURCE_DIR) / "tests/differential/found")) {
    SCOPED_TRACE(file.path().string());
    const Checkpoint stored = load_checkpoint(file.path().string());
    for (const BackendCase& on : backend_cases()) {
      Engine engine(stored, on.options());
      Engine reference(stored, {"reference", 1, 1, {}});
      EXPECT_EQ(engine.run(stored.last_burst).signature,
                reference.run(stored.last_burst).signature);
      EXPECT_EQ(engine.state().u, reference.state().u) << on;
    }
    ++found;
  }
  EXPECT_GT(found, 0);
}

TEST(RandomNetworks, StateMovesBetweenBackends) {
  const std::vector<std::string> backends = usable_backends();
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const RandomCase c = random_case(seed);
    SCOPED_TRACE(c.description);
    Engine whole(c.network, {"reference", 1, 1, {}});
    whole.schedule(c.input);
    whole.run(c.bursts);
    // three stretches, each on the next backend
    State state = Engine(c.network, {"reference", 1, 1, {}}).state();
    const std::uint64_t first = 1 + seed % (c.bursts - 2);
    const std::uint64_t second = (c.bursts - first) / 2;
    std::uint64_t place = seed;
    for (const std::uint64_t bursts : {first, second, c.bursts - first - second}) {
      Engine engine(
          c.network,
          {backends[place % backends.size()], static_cast<std::uint32_t>(1 + place % 3), 1, {}});
      engine.set_state(state);
      engine.schedule(c.input);
      engine.run(bursts);
      state = engine.state();
      ++place;
    }
    expect_same_state(whole.state(), state);
  }
}

/// Backends, with all variants of GPUs, that edits are tried on.
std::vector<std::string> edited_backends() {
  std::vector<std::string> list;
  for (const std::string& backend : usable_backends()) {
    if (backend.starts_with("wgpu")) {
      for (const std::string& variant : gpu_variants()) {
        list.push_back(backend + variant);
      }
    } else if (backend != "reference") {
      list.push_back(backend);
    }
  }
  return list;
}

/// Edits while a network runs: backends stay equal, and a new engine goes on from the state.
TEST(RandomNetworks, EditsWhileRunning) {
  int deleted = 0;
  std::uint64_t spikes = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const RandomCase c = random_case(seed);
    SCOPED_TRACE(c.description);
    Chooser choose(seed);
    const std::vector<std::string> backends = edited_backends();
    const std::string& backend = backends[seed % backends.size()];
    Engine engine(
        c.network,
        {"check:" + backend + ",reference", static_cast<std::uint32_t>(1 + seed % 3), 1, {}});
    engine.schedule(c.input);
    for (int edits = 0; edits < 4; ++edits) {
      ASSERT_NO_THROW(spikes += engine.run(5 + choose.below(10)).spikes);
      const NetworkEdit edit = random_edit(choose, engine.network());
      ASSERT_NO_THROW(engine.edit(edit));
    }
    Engine other(engine.network(), {"cpu", 2, 1, {}});
    other.set_state(engine.state());
    other.schedule(c.input);
    ASSERT_NO_THROW(engine.run(10));
    other.run(10);
    expect_same_state(engine.state(), other.state());
    for (NeuronId id = 0; id < engine.network().neuron_count(); ++id) {
      deleted += engine.network().alive(id) ? 0 : 1;
    }
  }
  EXPECT_GT(deleted, 0);
  EXPECT_GT(spikes, 0U);
}

}  // namespace
}  // namespace rheobase::test
