// SPDX-License-Identifier: Apache-2.0
// Brains that are silent most of the time: what is passed over while nothing happens must be as if
// it had been stepped, whatever wakes it.
#include <gtest/gtest.h>

#include "rheobase/engine.h"
#include "support/backend_cases.h"
#include "support/random_network.h"
#include "support/same_state.h"

namespace rheobase::test::quiet {
namespace {

/// Neurons of every kind in blocks of their own: at rest, leaking, in their refractory period,
/// above their threshold and drawn, beyond a limit, without accumulation, dead, varied.
Network silent(const Rules& rules) {
  NetworkBuilder b({1.0, 3, rules, 8U, 1});
  NeuronParams plain;
  plain.threshold = 2.0F;
  NeuronParams leaky = plain;
  leaky.leak = 0.25F;
  leaky.refractory_period = 5;
  NeuronParams drawn = leaky;
  drawn.excitability = 0.2F;
  NeuronParams restless = drawn;
  restless.threshold = 0.0F;  // without input it may fire where every burst is tested
  restless.excitability = 0.01F;
  NeuronParams limited = plain;
  limited.threshold_limit = 5.0F;
  limited.fire_limit = 2;
  limited.snooze_period = 7;
  NeuronParams forgetful = plain;
  forgetful.accumulates = false;
  std::vector<AreaId> areas;
  const auto add = [&](const std::string& name, const NeuronParams& params) {
    areas.push_back(b.population(name, 600, params));
  };
  add("plain", plain);
  add("leaky", leaky);
  add("drawn", drawn);
  add("restless", restless);
  add("limited", limited);
  add("forgetful", forgetful);
  for (int i = 0; i < 50; ++i) {
    NeuronParams other = i % 2 == 0 ? leaky : limited;
    other.threshold = 1.0F + 0.125F * static_cast<float>(i);
    areas.push_back(b.population("other" + std::to_string(i), 20, other));
  }
  areas.push_back(b.population_of(
      Model::parse(
          "model slow\nport I exp 3 ms\nstate v = 0 in -9..99\nstep exact\nv' = (I - v)/5\n"
          "fire v >= 1.5\nrefractory 3 ms\nreset v = 0\n"),
      "slow", 600));
  areas.push_back(
      b.population_of(Model::parse("model noisy\nport I sum\nstate v = 0 in -9..99\nstep\nv += I\n"
                                   "fire uniform() < 0.001*v\nreset v = 0\n"),
                      "noisy", 600));
  areas.push_back(
      b.population_of(Model::parse("model timed\nport I sum\nstate v = 0 in -9..99\nstep\nv += I\n"
                                   "fire t == 150 ms or v > 50\nreset v = 0\n"),
                      "timed", 600));
  for (std::size_t i = 0; i < areas.size(); ++i) {
    b.connect(areas[i], areas[(i + 1) % areas.size()], fixed_indegree(3), {1.25F, 1.0F, 2});
    b.connect(areas[i], areas[(i * 7 + 3) % areas.size()], fixed_indegree(2), {-0.5F, 1.0F, 1});
  }
  return b.build();
}

/// Bursts of input with long pauses between them, each into a few neurons.
InputSchedule rare_input(const Network& network, std::uint64_t bursts) {
  Chooser choose(11);
  InputSchedule input;
  for (std::uint64_t t = 3; t <= bursts; t += 1 + choose.below(90)) {
    const std::uint32_t many = choose.any_of({1U, 5U, 200U});
    for (std::uint32_t i = 0; i < many; ++i) {
      input.bursts.push_back(t);
      input.ids.push_back(choose.below(network.neuron_count()));
      input.potentials.push_back(choose.any_of({0.0F, 1.0F, 3.0F, 9.0F, -2.0F}));
    }
  }
  return input;
}

class Quiet : public OnEveryBackend {};

TEST_P(Quiet, AsIfSteppedAllTheTime) {
  constexpr std::uint64_t kBursts = 400;
  for (const auto semantics : {Semantics::plain, Semantics::feagi_0_0_53, Semantics::feagi_0_0_49,
                               Semantics::feagi_2026_02, Semantics::feagi_2025_10}) {
    const Network network = silent(rules_of(semantics));
    Engine reference(network, {"reference", 1, 5, {}});
    Engine engine(network, GetParam().options(5));
    for (Engine* e : {&reference, &engine}) {
      e->schedule(rare_input(network, kBursts));
    }
    std::uint64_t spikes = 0;
    for (const std::uint64_t step : {1U, 2U, 37U, 1U, 59U, 100U, 200U}) {
      spikes += reference.run(step).spikes;
      engine.run(step);
      expect_same_state(reference.state(), engine.state());
      ASSERT_EQ(reference.signature(), engine.signature()) << "burst " << engine.burst();
    }
    EXPECT_GT(spikes, 100U);
  }
}

TEST_P(Quiet, WokenFromOutside) {
  const Network network = silent(rules_of(Semantics::plain));
  const auto woken = [&](Engine engine) {
    engine.run(300);
    State state = engine.state();  // a state that was set
    for (NeuronId id = 0; id < 3000; id += 100) {
      state.u[id] = 3.0F;
    }
    state.tables[0].columns[0][7] = 5.0F;
    engine.set_state(state);
    engine.run(60);
    NetworkEdit edit;  // parameters that let neurons fire that did not
    NeuronParams eager = network.params(0);
    eager.threshold = -1.0F;
    edit.set_params(200, 3, eager);
    engine.edit(edit);
    engine.run(60);
    engine.inject(4000, 50.0F);  // one spike
    engine.run(60);
    NetworkEdit more;  // synapses that end where all is quiet
    more.add_synapse({200, 6000, 9.0F, 1.0F, 1});
    engine.edit(more);
    engine.run(60);
    return std::pair(engine.state(), engine.signature());
  };
  const auto [wanted, signature] = woken(Engine(network, {"reference", 1, 2, {}}));
  const auto [state, found] = woken(Engine(network, GetParam().options(2)));
  expect_same_state(wanted, state);
  EXPECT_EQ(signature, found);
}

/// A drive that seldom gives anything, and one into a port.
TEST_P(Quiet, WokenByDrives) {
  const Network network = silent(rules_of(Semantics::plain));
  const Area& slow = network.area("slow");
  const std::vector<Drive> drives{{Drive::Kind::poisson, 100, 40, 1.5F, 2.0, 0},
                                  {Drive::Kind::regular, slow.first + 20, 500, 4.0F, 11.0, 0}};
  Engine reference(network, {"reference", 1, 9, drives});
  EngineOptions options = GetParam().options(9);
  options.drives = drives;
  Engine engine(network, options);
  for (int i = 0; i < 4; ++i) {
    reference.run(90);
    engine.run(90);
    expect_same_state(reference.state(), engine.state());
  }
  EXPECT_EQ(reference.signature(), engine.signature());
}

RHEOBASE_ON_EVERY_BACKEND(Quiet);

}  // namespace
}  // namespace rheobase::test::quiet
