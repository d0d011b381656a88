// SPDX-License-Identifier: Apache-2.0
// Synapses that all have a weight of their own: as many charges on every backend as on reference,
// also where a weight lies in the middle between two quanta.
#include <gtest/gtest.h>

#include "network/view.h"
#include "rheobase/engine.h"
#include "support/backend_cases.h"
#include "support/same_state.h"

namespace rheobase::test::weights {
namespace {

constexpr NeuronId kNeurons = 700;

struct Case {
  Rules rules;
  std::uint32_t quantum_bits;
  float unit;  ///< weights are multiples of it
  std::uint32_t accumulator_bits;
};

Network network_of(const Case& c) {
  NetworkBuilder b({1.0, 3, c.rules, c.quantum_bits, 1});
  NeuronParams params;
  params.threshold = 40.0F * c.unit;
  params.leak = 0.125F;
  const AreaId area = b.population("a", kNeurons, params);
  std::vector<Synapse> list;
  for (std::uint32_t i = 0; i < 60'000; ++i) {
    // 3,000 sizes of either sign, of which every other one lies between two quanta
    const float weight = static_cast<float>(i % 6001) - 3000.0F;
    list.push_back({(i * 131U) % kNeurons, (i * 7919U) % kNeurons,
                    (i % 5 == 0 ? -weight : weight) * c.unit / 64.0F, 1.0F, 1 + i % 3});
  }
  b.connect(std::move(list));
  b.drive(area, Drive::Kind::poisson, 60.0F * c.unit, 30.0);
  return b.build();
}

std::vector<Case> cases() {
  Rules feagi;
  feagi.test = Rules::When::as_candidate;
  return {{{}, 6, 0.5F, 32},              // half a quantum is the least
          {feagi, 7, 0.25F, 32},          // events are counted beside the charge
          {{}, 38, 0x1.555556p-17F, 64},  // fractions of the finest quanta
          {feagi, 20, 1024.0F, 64}};
}

class Weights : public OnEveryBackend {};

TEST_P(Weights, AreThoseOfReference) {
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.quantum_bits);
    const Network network = network_of(c);
    ASSERT_FALSE(network.data()->blocks[0]->wide.empty());
    ASSERT_EQ(network.data()->kinds.size(), 256U);
    ASSERT_EQ(network.charge().accumulator_bits, c.accumulator_bits);
    Engine expected(network, {"reference", 1, 5, {}});
    Engine engine(network, GetParam().options(5));
    for (Engine* e : {&expected, &engine}) {
      e->record({.spikes = {}, .probes = {}, .branches = true});
    }
    const RunSummary a = expected.run(60);
    const RunSummary b = engine.run(60);
    EXPECT_EQ(b.signature, a.signature);
    EXPECT_EQ(b.events, a.events);
    EXPECT_EQ(b.inhibitory_events, a.inhibitory_events);
    EXPECT_GT(a.spikes, 500U);
    expect_same_state(engine.state(), expected.state());
  }
}
RHEOBASE_ON_EVERY_BACKEND(Weights);

}  // namespace
}  // namespace rheobase::test::weights
