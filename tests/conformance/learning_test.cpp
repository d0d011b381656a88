// SPDX-License-Identifier: Apache-2.0
// Synapses that learn on every backend and number of threads, with so many spikes that threads
// share the synapses.
#include <gtest/gtest.h>

#include "rheobase/network.h"
#include "support/backend_cases.h"
#include "support/same_state.h"

namespace rheobase::test::learning_conformance {
namespace {

/// Two populations, with and without ports, and four rules between them.
Network busy() {
  NetworkBuilder b({1.0, 5, {}, {}, 1});
  const AreaId plain = b.population("plain", 1200, lif({10.0, 0.0, 0.0, 5.0, 0.0}, 1.0));
  const AreaId ports = b.population_of(Model::named("iaf_psc_exp"), "ports", 300);
  b.drive(plain, Drive::Kind::poisson, 5.5F, 150.0);
  b.drive(ports, Drive::Kind::poisson, 9000.0F, 150.0, 2);
  SynapseDraws draws;
  draws.weight = uniform(0.0, 0.4);
  draws.delay = uniform(1.0, 3.0);
  const auto connect = [&](AreaId pre, AreaId post, const char* rule, float weight, DelayIn where,
                           const SynapseDraws& drawn) {
    b.connect(pre, post, fixed_indegree(15), {weight, 1.0F, 2}, drawn,
              {SynapseModel::named(rule), {}, where});
  };
  connect(plain, plain, "stdp_additive", 0.2F, DelayIn::axon, draws);
  connect(plain, ports, "stdp_triplet", 0.2F, DelayIn::dendrite, draws);
  connect(ports, plain, "vogels_inhibitory", -0.2F, DelayIn::axon, {});
  connect(plain, plain, "tsodyks_markram", 0.3F, DelayIn::axon, {});
  return b.build();
}

class Learning : public OnEveryBackend {};

TEST_P(Learning, AsTheReference) {
  const Network network = busy();
  Engine reference(network, {"reference", 1, 3, {}});
  Engine engine(network, GetParam().options(3));
  std::uint64_t spikes = 0;
  for (const std::uint64_t bursts : {1U, 9U, 15U}) {
    spikes += reference.run(bursts).spikes;
    engine.run(bursts);
    expect_same_state(reference.state(), engine.state());
  }
  EXPECT_EQ(reference.signature(), engine.signature());
  EXPECT_GT(spikes, 25U * 150U);  // some thousand synapses in each burst
}

RHEOBASE_ON_EVERY_BACKEND(Learning);

}  // namespace
}  // namespace rheobase::test::learning_conformance
