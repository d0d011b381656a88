// SPDX-License-Identifier: Apache-2.0
// Random networks whose synapses learn, on every backend against reference: fired sets, weights,
// other states and traces to the bit. Some are edited, carried over to another engine, or joined.
#include "support/random_learning.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <set>

#include "engine/backend.h"
#include "engine/registry.h"
#include "network/view.h"
#include "support/backend_cases.h"

namespace rheobase::test::random_learning {
namespace {

constexpr std::uint64_t kUsualCases = 150;
/// Of a software GPU, which takes half a second and more to begin.
constexpr std::uint64_t kSoftwareGpuEvery = 10;

std::uint64_t cases() {
  const char* text = std::getenv("RHEOBASE_LEARNING_CASES");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : kUsualCases;
}

NetworkEdit some_edit(Chooser& choose, const Network& network) {
  NetworkEdit edit;
  for (const Area& area : network.areas()) {
    if (area.spec.model.empty()) {
      const std::uint32_t first = choose.below(area.count);
      edit.delete_neurons(area.first + first, 1 + choose.below(std::min(3U, area.count - first)));
    }
  }
  if (edit.operations().empty()) {
    const auto some = [&] { return choose.below(network.neuron_count()); };
    edit.add_synapse({some(), some(), 0.5F, 1.0F, 1 + choose.below(6)});
  }
  return edit;
}

/// Whether some synapse is no longer what it was in the beginning.
bool has_learned(const Network& network, const State& state) {
  const std::vector<ProjectionState> first = initial_projections(*network.data());
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (first[i].synapses != state.projections[i].synapses) {
      return true;
    }
  }
  return false;
}

class RandomLearning : public ::testing::TestWithParam<std::string> {};

TEST_P(RandomLearning, AsTheReference) {
  const std::uint64_t every = GetParam() == "wgpu:software" ? kSoftwareGpuEvery : 1;
  std::uint64_t spikes = 0;
  std::uint64_t learned = 0;
  std::uint64_t ran = 0;
  std::set<std::string> rules;
  for (std::uint64_t seed = 1; seed <= cases(); seed += every) {
    SCOPED_TRACE("random learning network " + std::to_string(seed));
    Chooser choose(seed);
    const Network alone = random_learning_network(seed);
    const Network network =
        choose.one_in(4) ? join({alone, random_learning_network(seed), alone}) : alone;
    for (const Projection& p : network.projections()) {
      rules.insert(p.plasticity.model.name());
    }
    const std::uint32_t threads = 1 + static_cast<std::uint32_t>(seed % 4);
    const EngineOptions options{"check:" + GetParam() + ",reference", threads, seed, {}};
    Engine engine(network, options);
    spikes += engine.run(30).spikes;
    State between = engine.state();
    if (choose.one_in(3) && network.members().empty()) {
      engine.edit(some_edit(choose, network));
      spikes += engine.run(20).spikes;
      between = engine.state();
    }
    Engine other(engine.network(), options);
    other.set_state(between);
    spikes += other.run(30).spikes;
    learned += has_learned(network, other.state()) ? 1U : 0U;
    ++ran;
  }
  std::cout << ran << " networks, " << learned << " learned, " << spikes << " spikes on "
            << GetParam() << "\n";
  EXPECT_GE(3 * learned, ran);
  EXPECT_GT(spikes, 50 * ran);
  EXPECT_GE(rules.size(), every == 1 ? SynapseModel::names().size() + 1 : 3U);
}

std::vector<std::string> compared_backends() {
  std::vector<std::string> names;
  for (const std::string& name : usable_backends()) {
    if (name != "reference") {
      names.push_back(name);
    }
  }
  return names;
}

INSTANTIATE_TEST_SUITE_P(Backends, RandomLearning, ::testing::ValuesIn(compared_backends()),
                         [](const auto& info) {
                           std::string name;
                           for (const char c : info.param) {
                             name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
                           }
                           return name;
                         });

}  // namespace
}  // namespace rheobase::test::random_learning
