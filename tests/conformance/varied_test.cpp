// SPDX-License-Identifier: Apache-2.0
// Networks whose parameters and first states are drawn, one by one.
#include <gtest/gtest.h>

#include "rheobase/engine.h"
#include "support/backend_cases.h"
#include "support/same_state.h"

namespace rheobase::test::varied {
namespace {

Network drawn(const Rules& rules) {
  NetworkBuilder b({0.5, 9, rules, 8U, 1});
  NeuronParams plain;
  plain.threshold = 2.0F;
  const AreaId e = b.population("E", 1500, plain,
                                {{"threshold", {}, normal(3, 1).within(0.5, 6)},
                                 {"tau_m_ms", {}, lognormal(2.5, 0.5)},
                                 {"v_rest", {}, uniform(-1, 1)},
                                 {"v_reset", {}, normal(0, 0.5)},
                                 {"t_ref_ms", {}, exponential(1)},
                                 {"excitability", {}, uniform(0.5, 1)},
                                 {"fire_limit", {}, uniform(0, 3)},
                                 {"snooze_period", {}, uniform(0, 4)},
                                 {"accumulates", {}, uniform(0.25, 1)},
                                 {"potential", {}, normal(1, 2)}});
  const AreaId i = b.population("I", 500, plain, {{"potential", {}, uniform(0, 4)}});
  const AreaId m =
      b.population_of(Model::parse("model m\nparam tau = 10 ms in 1..100\nport I sum\n"
                                   "state v = 0 in -9..99\nstep exact\nv' = -v/tau\nv += I\n"
                                   "fire v >= 4\nreset v = 0\n"),
                      "m", 500, {{"tau", {}, uniform(5, 20)}, {"v", {}, uniform(0, 5)}});
  b.connect(e, i, fixed_indegree(8), {0.5F, 1.0F, 2});
  b.connect(i, m, fixed_indegree(5), {1.0F, 1.0F, 1});
  b.connect(m, e, fixed_indegree(9), {0.75F, 1.0F, 3});
  b.connect(i, e, fixed_indegree(3), {-0.5F, 1.0F, 1});
  b.drive(e, Drive::Kind::poisson, 1.0F, 150.0);
  return b.build();
}

class Varied : public OnEveryBackend {};

TEST_P(Varied, EveryNeuronByItself) {
  for (const auto semantics :
       {Semantics::plain, Semantics::feagi_0_0_53, Semantics::feagi_2025_10}) {
    const Network network = drawn(rules_of(semantics));
    Engine reference(network, {"reference", 1, 5, {}});
    Engine engine(network, GetParam().options(5));
    // what they begin with is there before the first burst
    expect_same_state(reference.state(), engine.state());
    EXPECT_NE(engine.state().u[0], engine.state().u[1]);
    std::uint64_t spikes = 0;
    for (const std::uint64_t bursts : {1U, 4U, 95U}) {
      spikes += reference.run(bursts).spikes;
      engine.run(bursts);
      expect_same_state(reference.state(), engine.state());
      ASSERT_EQ(reference.signature(), engine.signature()) << "burst " << engine.burst();
    }
    EXPECT_GT(spikes, 500U);
    // drawn anew while it runs
    NetworkEdit edit;
    edit.set_values(100, 1000, {{"threshold", {}, uniform(1, 9)}, {"refractory_period", {3.0}}});
    edit.set_values(2000, 400, {{"tau", {}, uniform(2, 90)}});
    for (Engine* e : {&reference, &engine}) {
      e->edit(edit);
      e->run(50);
    }
    expect_same_state(reference.state(), engine.state());
    EXPECT_EQ(reference.signature(), engine.signature());
  }
}

RHEOBASE_ON_EVERY_BACKEND(Varied);

}  // namespace
}  // namespace rheobase::test::varied
