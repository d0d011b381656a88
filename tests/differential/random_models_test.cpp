// SPDX-License-Identifier: Apache-2.0
// Networks of random models on every backend against reference: fired sets and all states to the
// bit, every burst. Says what it met, and fails if an operation never came up.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>

#include "engine/registry.h"
#include "network/view.h"
#include "rheobase/error.h"
#include "support/backend_cases.h"
#include "support/random_model.h"
#include "support/random_network.h"

namespace rheobase::test::random_models {
namespace {

constexpr std::uint64_t kUsualCases = 400;
/// Of a software GPU, which takes half a second and more to begin.
constexpr std::uint64_t kSoftwareGpuEvery = 100;
constexpr std::uint64_t kBursts = 24;

std::uint64_t cases() {
  const char* text = std::getenv("RHEOBASE_MODEL_CASES");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : kUsualCases;
}

/// Some of these: one number for all, or one for each neuron, near what the text gives.
std::vector<ModelValue> random_values(Chooser& choose, const Model& model, std::uint32_t count,
                                      double dt) {
  std::vector<ModelValue> values;
  for (const ModelItem& item : model.states()) {
    if (!choose.one_in(3) || item.name.find('.') != std::string::npos ||
        item.name == "refractory") {
      continue;
    }
    ModelValue value{item.name, {}};
    const std::uint32_t numbers = choose.one_in(2) ? 1 : count;
    for (std::uint32_t i = 0; i < numbers; ++i) {
      const double wanted = (choose.below(2001) / 1000.0 - 1.0) * 20.0;
      value.values.push_back(std::clamp(wanted, item.lowest, item.highest));
    }
    values.push_back(std::move(value));
  }
  for (const ModelItem& item : model.params()) {
    if (!choose.one_in(4) || item.value == 0.0) {
      continue;
    }
    ModelValue value{item.name, {}};
    const std::uint32_t numbers = choose.one_in(2) ? 1 : count;
    for (std::uint32_t i = 0; i < numbers; ++i) {
      value.values.push_back(
          std::clamp(item.value * (0.75 + choose.below(512) / 1024.0), item.lowest, item.highest));
    }
    // a time off the grid and the like is refused; then the text's own does
    values.push_back(value);
    try {
      NetworkBuilder alone({dt, 1, {}, {}, 1});
      alone.population_of(model, "x", count, values);
    } catch (const Error&) {
      values.pop_back();
    }
  }
  return values;
}

std::uint32_t ports_of(const Area& area) {
  const Model& model = area.spec.model;
  return model.empty() ? 1U : static_cast<std::uint32_t>(model.ports().size());
}

Network random_model_network(std::uint64_t seed,
                             std::array<std::uint64_t, model::kOpCount>& operations) {
  Chooser choose(seed * 31U + 7U);
  const double dt = choose.any_of({0.1, 0.5, 1.0});
  NetworkBuilder b({dt, seed, {}, 10U, 1});
  std::vector<AreaId> areas;
  const std::uint32_t count = 1 + choose.below(3);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (choose.one_in(3)) {  // without a model, in between
      areas.push_back(b.population("plain" + std::to_string(i), 1 + choose.below(60),
                                   lif({5.0, 0.0, 0.0, 2.0, 0.0}, dt)));
    }
    const Model model = Model::parse(random_model(seed * 3U + i), "random");
    for (const model::Operation& o : model.definition()->step.operations) {
      ++operations.at(static_cast<std::size_t>(o.op));
    }
    const std::uint32_t neurons = 1 + choose.below(choose.one_in(8) ? 1300 : 90);
    areas.push_back(b.population_of(model, "model" + std::to_string(i), neurons,
                                    random_values(choose, model, neurons, dt)));
  }
  for (const AreaId to : areas) {
    for (std::uint32_t port = 0; port < ports_of(b.area(to)); ++port) {
      const AreaId from = areas[choose.below(static_cast<std::uint32_t>(areas.size()))];
      SynapseSpec synapse;
      synapse.weight = static_cast<float>(choose.below(4001)) / 256.0F - 6.0F;
      synapse.delay = 1 + choose.below(choose.one_in(2) ? 1 : 4);
      synapse.port = port;
      b.connect(from, to, fixed_indegree(1 + choose.below(6)), synapse);
    }
    const std::uint32_t ports = ports_of(b.area(to));
    if (ports != 0 && choose.one_in(2)) {
      b.drive(to, Drive::Kind::poisson, static_cast<float>(choose.below(64)) / 4.0F,
              choose.below(900), choose.below(ports));
    }
    if (ports != 0 && choose.one_in(4)) {  // several into one port too
      b.drive(to, choose.one_in(2) ? Drive::Kind::constant : Drive::Kind::regular,
              static_cast<float>(choose.below(64)) / 16.0F, choose.below(900), choose.below(ports));
    }
  }
  return b.build();
}

class RandomModels : public ::testing::TestWithParam<std::string> {};

TEST_P(RandomModels, AsTheReference) {
  std::array<std::uint64_t, model::kOpCount> operations{};
  std::uint64_t spikes = 0;
  std::uint64_t steps = 0;
  const std::uint64_t every = GetParam() == "wgpu:software" ? kSoftwareGpuEvery : 1;
  for (std::uint64_t seed = 1; seed <= cases(); seed += every) {
    SCOPED_TRACE("random model network " + std::to_string(seed));
    const Network network = random_model_network(seed, operations);
    const std::uint32_t threads = 1 + static_cast<std::uint32_t>(seed % 8);
    Engine engine(network, {"check:" + GetParam() + ",reference", threads, seed, {}});
    InputSchedule input;
    for (std::uint32_t i = 0; i < 40; ++i) {
      const NeuronId id = model::below(model::pcg(i), network.neuron_count());
      const std::uint32_t ports = ports_of(network.areas()[network.area_of(id)]);
      if (ports != 0) {
        input.bursts.push_back(1 + i / 2);
        input.ids.push_back(id);
        input.potentials.push_back(3.75F);
        input.ports.push_back(i % ports);
      }
    }
    engine.schedule(input);
    const RunSummary ran = engine.run(kBursts);
    spikes += ran.spikes;
    steps += kBursts * network.neuron_count();
  }
  std::cout << steps << " neuron steps, " << spikes << " spikes on " << GetParam() << "\n";
  EXPECT_GT(spikes, steps / 1000);
  for (std::size_t op = 0; op < operations.size() && every == 1; ++op) {
    EXPECT_GT(operations.at(op), 0U) << "operation " << op << " never came up";
  }
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

INSTANTIATE_TEST_SUITE_P(Backends, RandomModels, ::testing::ValuesIn(compared_backends()),
                         [](const auto& info) {
                           std::string name;
                           for (const char c : info.param) {
                             name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
                           }
                           return name;
                         });

}  // namespace
}  // namespace rheobase::test::random_models
