// SPDX-License-Identifier: Apache-2.0
// States and edits, on every backend.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "support/backend_cases.h"
#include "support/messages.h"
#include "support/random_network.h"
#include "support/small_networks.h"

namespace rheobase::test {
namespace {

class StateOnBackend : public OnEveryBackend {};

TEST_P(StateOnBackend, EditsActFromTheNextBurst) {
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

TEST_P(StateOnBackend, NewNeuronsStartAtRestAndTheOthersStay) {
  Engine engine(chain(3), GetParam().options());
  engine.inject(1, 0.25F);
  engine.run(1);
  const State before = engine.state();
  NetworkEdit edit;
  AreaSpec spec;
  spec.name = "new";
  spec.size = {2, 2, 1};
  spec.params.v_rest = -65.0F;
  spec.params.threshold = -64.0F;
  edit.add_area(spec);
  edit.add_synapse({0, 3, 1.0F, 1.0F, 1});
  engine.edit(edit);
  const State after = engine.state();
  ASSERT_EQ(after.u.size(), 7U);
  EXPECT_TRUE(std::equal(before.u.begin(), before.u.end(), after.u.begin()));
  EXPECT_EQ(std::vector<float>(after.u.begin() + 3, after.u.end()), std::vector<float>(4, 0.0F));
  EXPECT_EQ(engine.potential(4), -65.0F);
  engine.inject(0, 1.0F);
  engine.run(2);
  EXPECT_EQ(engine.state().fired.front().ids, (std::vector<NeuronId>{1, 3}));
}

TEST_P(StateOnBackend, StatesThatCannotBeAreRefused) {
  NetworkBuilder b;
  AreaSpec spec;
  spec.name = "a";
  spec.size = {3, 1, 1};
  spec.psp.potential_driven = true;
  b.add_area(spec);
  b.connect({{0, 1, 1, 1, 2}});
  Engine engine(b.build(), GetParam().options());
  const auto refused = [&](auto damage) {
    State state = engine.state();
    damage(state);
    return message_of([&] { engine.set_state(state); });
  };
  EXPECT_EQ(refused([](State&) {}), "no error");
  const std::string other = "the state is not of this network";
  for (const std::string& message : {refused([](State& s) { s.u.pop_back(); }),
                                     refused([](State& s) { s.refractory_countdown.pop_back(); }),
                                     refused([](State& s) { s.fire_count.pop_back(); }),
                                     refused([](State& s) { s.snooze_countdown.pop_back(); }),
                                     refused([](State& s) { s.forget.pop_back(); }),
                                     refused([](State& s) { s.fired.pop_back(); })}) {
    EXPECT_TRUE(message.starts_with(other)) << message;
  }
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(refused([](State& s) { s.u[1] = kNan; }).starts_with("potential is not a number"));
  const std::string damaged = "a fire queue of the state is damaged (ids must ascend and exist).";
  EXPECT_EQ(refused([](State& s) { s.fired[0] = {{1, 0}, {1, 1}}; }), damaged);
  EXPECT_EQ(refused([](State& s) { s.fired[0] = {{1, 1}, {1, 1}}; }), damaged) << "twice";
  EXPECT_EQ(refused([](State& s) { s.fired[1] = {{3}, {1}}; }), damaged) << "there is no neuron 3";
  EXPECT_EQ(refused([](State& s) { s.fired[0] = {{0}, {}}; }), damaged) << "no potential";
  EXPECT_TRUE(refused([](State& s) { s.fired[0] = {{0}, {kNan}}; }).starts_with("potential at"));
}

/// What a state holds besides the rules of the network makes no backend differ.
TEST_P(StateOnBackend, StatesAreMadeCanonical) {
  NetworkBuilder b;
  NeuronParams p;
  p.threshold = 1000.0F;
  p.accumulates = false;
  b.population("a", 2, p);
  Engine engine(b.build(), GetParam().options());
  State state = engine.state();
  state.u = {-0.0F, 0x1p120F};
  state.forget = {1, 7};
  engine.set_state(state);
  EXPECT_EQ(engine.state().u[1], 0x1p100F);
  EXPECT_FALSE(std::signbit(engine.state().u[0]));
  EXPECT_EQ(engine.state().forget, (std::vector<std::uint8_t>{0, 0})) << "no rule asks for it";
  engine.run(2);
  EXPECT_EQ(engine.state().forget, (std::vector<std::uint8_t>{0, 0}));
}

TEST_P(StateOnBackend, AStateOfAnEarlierBurstMeetsItsInputAgain) {
  const RandomCase c = random_case(3);
  Engine engine(c.network, GetParam().options());
  engine.schedule(c.input);
  engine.run(10);
  const State before = engine.state();
  engine.run(20);
  const State first = engine.state();
  engine.set_state(before);
  EXPECT_EQ(engine.burst(), 10U);
  engine.run(20);
  EXPECT_EQ(engine.state().u, first.u);
  EXPECT_EQ(engine.state().fired.front().ids, first.fired.front().ids);
}

TEST_P(StateOnBackend, PotentialsAreAbsolute) {
  NetworkBuilder b;
  NeuronParams p;
  p.v_rest = -65.0F;
  p.v_reset = -70.0F;
  p.threshold = -50.0F;
  b.population("a", 2, p);
  Engine engine(b.build(), GetParam().options());
  EXPECT_EQ(engine.potential(0), -65.0F);
  engine.set_potential(0, -51.0F);
  EXPECT_EQ(engine.potential(0), -51.0F);
  engine.inject(0, 1.0F);
  engine.inject(1, 14.0F);
  engine.run(1);
  EXPECT_EQ(engine.state().fired.front().ids, std::vector<NeuronId>{0});
  EXPECT_EQ(engine.potential(0), -70.0F);
  EXPECT_EQ(engine.potential(1), -51.0F);
  EXPECT_SAYS(engine.set_potential(2, 0.0F), "there is no neuron 2");
  EXPECT_SAYS(static_cast<void>(engine.potential(2)), "there is no neuron 2");
  EXPECT_SAYS(engine.set_potential(1, std::nanf("")), "potential is not a number");
}

RHEOBASE_ON_EVERY_BACKEND(StateOnBackend);

}  // namespace
}  // namespace rheobase::test
