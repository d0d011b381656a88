// SPDX-License-Identifier: Apache-2.0
// Values of areas: arrays and distributions of every parameter and first state.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>

#include "network/view.h"
#include "rheobase/checkpoint.h"
#include "rheobase/engine.h"
#include "support/messages.h"
#include "support/temporary_folder.h"

namespace rheobase::test::area_values {
namespace {

constexpr const char* kModel =
    "model m\nparam tau = 10 ms in 1..100, b = 3\nstate v = -60 mV in -100..100, w = b*v/100\n"
    "port I sum\nstep exact\nv' = (I - v)/tau\nfire v > 50\nreset v = 0";

NeuronParams plain() {
  NeuronParams p;
  p.threshold = 20.0F;
  return p;
}

Network network_of(const std::vector<ModelValue>& values, std::uint64_t seed = 1,
                   const std::string& name = "E") {
  NetworkBuilder b({0.5, seed, {}, {}, 1});
  b.population(name, 500, plain(), values);
  return b.build();
}

std::vector<float> thresholds(const Network& network, NeuronId first = 0) {
  std::vector<float> found;
  for (NeuronId id = first; id < first + 500; ++id) {
    found.push_back(network.params(id).threshold);
  }
  return found;
}

std::vector<float> potentials(const Network& network) {
  return Engine(network, {"reference", 1, 1, {}}).state().u;
}

TEST(AreaValues, ArraysGoToTheNeurons) {
  NetworkBuilder b({0.5, 1, {}, {}, 1});
  b.population("p", 2, plain(),
               {{"v_rest", {-60.0}},
                {"v_reset", {-61.0, -62.0}},
                {"threshold", {1.0, 2.0}},
                {"threshold_limit", {double{kNoLimit}, 9.0}},
                {"tau_m_ms", {10.0, 20.0}},
                {"excitability", {0.5, 1.0}},
                {"t_ref_ms", {2.0, 0.5}},
                {"fire_limit", {3.0}},
                {"snooze_period", {0.0, 7.0}},
                {"accumulates", {1.0, 0.0}},
                {"potential", {-60.0, -55.0}}});
  const Network network = b.build();
  NeuronParams first = lif({10.0, -60.0, -61.0, 1.0, 2.0}, 0.5);
  first.excitability = 0.5F;
  first.fire_limit = 3;
  NeuronParams second = lif({20.0, -60.0, -62.0, 2.0, 0.5}, 0.5);
  second.threshold_limit = 9.0F;
  second.fire_limit = 3;
  second.snooze_period = 7;
  second.accumulates = false;
  EXPECT_EQ(network.params(0), first);
  EXPECT_EQ(network.params(1), second);
  EXPECT_EQ(potentials(network), (std::vector{0.0F, 5.0F}));
  EXPECT_TRUE(network.areas()[0].spec.values.empty());  // classes and potentials hold them
}

TEST(AreaValues, EachNeuronDrawsItsOwn) {
  const Network network = network_of({{"threshold", {}, normal(20, 1)},
                                      {"refractory_period", {}, uniform(0, 3)},
                                      {"potential", {}, uniform(-5, 5)}});
  double sum = 0.0;
  std::map<std::uint16_t, int> periods;
  for (NeuronId id = 0; id < 500; ++id) {
    sum += network.params(id).threshold;
    ++periods[network.params(id).refractory_period];
  }
  EXPECT_NEAR(sum / 500, 20.0, 4 / std::sqrt(500.0));
  ASSERT_EQ(periods.size(), 4U);  // rounded: those at the ends come half as often
  EXPECT_NEAR(periods[0], 500 / 6, 35);
  EXPECT_NEAR(periods[1], 500 / 3, 45);
  const std::vector<float> u = potentials(network);
  EXPECT_NE(u[0], u[1]);
  for (const float x : u) {
    EXPECT_TRUE(x >= -5.0F && x <= 5.0F) << x;
  }
  EXPECT_EQ(network.hash(), network_of({{"potential", {}, uniform(-5, 5)},
                                        {"threshold", {}, normal(20, 1)},
                                        {"refractory_period", {}, uniform(0, 3)}})
                                .hash());
}

/// Times of draws lie on the grid, as whole bursts.
TEST(AreaValues, DrawnTimesAreRoundedToBursts) {
  const Network network = network_of({{"t_ref_ms", {}, normal(2, 0.5).within(0.6, 3.4)}});
  std::map<std::uint16_t, int> periods;
  for (NeuronId id = 0; id < 500; ++id) {
    ++periods[network.params(id).refractory_period];
  }
  EXPECT_GE(periods.begin()->first, 1U);
  EXPECT_LE(periods.rbegin()->first, 7U);
  EXPECT_GT(periods.size(), 4U);
}

/// What else there is in a network moves no draw; seed and names do.
TEST(AreaValues, DrawsFollowFromNamesAlone) {
  const std::vector<ModelValue> drawn{{"threshold", {}, normal(20, 1)}};
  const std::vector<float> alone = thresholds(network_of(drawn));
  NetworkBuilder b({0.5, 1, {}, {}, 1});
  b.population("before", 77, plain(), drawn);
  b.population_of(Model::parse(kModel), "model", 9, {{"v", {}, normal(0, 1)}});
  b.population("E", 500, plain(), {{"potential", {}, normal(0, 1)}, drawn[0]});
  EXPECT_EQ(thresholds(b.build(), 86), alone);
  b.remove_area(0);
  EXPECT_EQ(thresholds(b.build(), 9), alone);
  EXPECT_NE(thresholds(network_of(drawn, 2)), alone);
  EXPECT_NE(thresholds(network_of(drawn, 1, "F")), alone);
  // another name, another draw
  const Network both = network_of({drawn[0], {"v_reset", {}, normal(20, 1)}});
  EXPECT_EQ(thresholds(both), alone);
  int equal = 0;
  for (NeuronId id = 0; id < 500; ++id) {
    equal += both.params(id).threshold == both.params(id).v_reset ? 1 : 0;
  }
  EXPECT_LT(equal, 5);
}

TEST(AreaValues, ModelsDrawParametersAndFirstStates) {
  NetworkBuilder b({0.5, 1, {}, {}, 1});
  b.population_of(Model::parse(kModel), "m", 300,
                  {{"tau", {}, uniform(5, 20)}, {"v", {}, normal(-60, 5).within(-80, -40)}});
  const Network network = b.build();
  const AreaSpec& spec = network.areas()[0].spec;
  ASSERT_EQ(spec.values.size(), 2U);
  EXPECT_FALSE(spec.values[0].distribution);
  ASSERT_EQ(spec.values[0].values.size(), 300U);
  // the same as if the numbers had been given
  NetworkBuilder given({0.5, 1, {}, {}, 1});
  given.population_of(Model::parse(kModel), "m", 300, spec.values);
  EXPECT_EQ(given.build().hash(), network.hash());
  const ModelNumbers& numbers = *network.data()->model_areas[0].numbers;
  EXPECT_EQ(numbers.initial[0].size(), 300U);
  EXPECT_EQ(numbers.initial[1].size(), 300U);  // w follows from v
  EXPECT_EQ(numbers.initial[0][7], static_cast<float>(spec.values[1].values[7]));
}

TEST(AreaValues, EditsDrawWhatTheBuilderWouldHaveDrawn) {
  const ModelValue threshold{"threshold", {}, normal(20, 1)};
  const ModelValue tau{"tau", {}, uniform(5, 20)};
  const auto network = [&](bool drawn) {
    NetworkBuilder b({0.5, 1, {}, {}, 1});
    b.population("first", 10, plain());
    b.population("E", 500, plain(), drawn ? std::vector{threshold} : std::vector<ModelValue>{});
    b.population_of(Model::parse(kModel), "m", 300,
                    drawn ? std::vector{tau} : std::vector<ModelValue>{});
    return b.build();
  };
  const Network drawn = network(true);
  NetworkEdit edit;
  edit.set_values(10, 500, {threshold});
  edit.set_values(510, 300, {tau});
  EXPECT_EQ(network(false).edited(edit).hash(), drawn.hash());
  // in parts too
  NetworkEdit parts;
  parts.set_values(10, 123, {threshold});
  parts.set_values(133, 377, {threshold});
  parts.set_values(510, 1, {tau});
  parts.set_values(511, 299, {tau});
  EXPECT_EQ(network(false).edited(parts).hash(), drawn.hash());
  // and in a member of a joined network what it would draw alone
  NetworkEdit member;
  member.set_values(820, 500, {threshold});
  member.set_values(1320, 300, {tau});
  const Network joined = copies(network(false), 2).edited(member);
  EXPECT_EQ(Network(joined.members()[1].data).hash(), drawn.hash());
  EXPECT_EQ(Network(joined.members()[0].data).hash(), network(false).hash());
}

TEST(AreaValues, AreasThatComeLaterDrawTheSame) {
  AreaSpec spec;
  spec.name = "E";
  spec.size = {500, 1, 1};
  spec.params = plain();
  spec.values = {{"threshold", {}, normal(20, 1)}, {"potential", {}, uniform(0, 9)}};
  NetworkBuilder b({0.5, 1, {}, {}, 1});
  b.population("first", 10, plain());
  Engine engine(b.build(), {"cpu", 2, 1, {}});
  static_cast<void>(engine.run(3));
  NetworkEdit edit;
  edit.add_area(spec);
  engine.edit(edit);
  EXPECT_EQ(thresholds(engine.network(), 10), thresholds(network_of(spec.values)));
  const std::vector<float> later = engine.state().u;
  const std::vector<float> alone = potentials(network_of(spec.values));
  EXPECT_TRUE(std::equal(later.begin() + 10, later.end(), alone.begin(), alone.end()));
}

TEST(AreaValues, JoinedNetworksKeepTheirs) {
  const Network one = network_of({{"potential", {}, uniform(1, 9)}});
  const Network two = network_of({{"threshold", {}, normal(20, 1)}});
  const Network joined = join({two, one, two});
  const std::vector<float> u = potentials(joined);
  const std::vector<float> alone = potentials(one);
  EXPECT_TRUE(std::equal(u.begin() + 500, u.begin() + 1000, alone.begin(), alone.end()));
  EXPECT_EQ(u[0], 0.0F);
  EXPECT_EQ(u[1499], 0.0F);
  EXPECT_EQ(thresholds(joined, 1000), thresholds(two));
}

TEST(AreaValues, CheckpointsHoldWhatWasDrawn) {
  NetworkBuilder b({0.5, 1, {}, {}, 1});
  b.population("first", 10, plain());
  b.population("E", 500, plain(),
               {{"threshold", {}, normal(20, 1)}, {"potential", {}, normal(0, 3)}});
  b.population_of(Model::parse(kModel), "m", 30, {{"tau", {}, uniform(5, 20)}});
  const Network network = b.build();
  const TemporaryFolder folder;
  const std::string path = folder / "drawn.rheo";
  Engine(network, {"cpu", 1, 1, {}}).save(path);
  const Network loaded = load_checkpoint(path).network;
  EXPECT_EQ(loaded.hash(), network.hash());
  EXPECT_EQ(potentials(loaded), potentials(network));
}

TEST(AreaValues, SayWhichNeuronDrawsWhatCannotBe) {
  NetworkBuilder b({0.5, 1, {}, {}, 1});
  EXPECT_SAYS(b.population("E", 500, plain(), {{"tau_m_ms", {}, normal(10, 5)}}),
              "area 'E': 'tau_m_ms': neuron ");
  EXPECT_SAYS(b.population("E", 500, plain(), {{"tau_m_ms", {}, normal(10, 5)}}),
              "from normal(10, 5), which is out of range");
  EXPECT_SAYS(b.population("E", 500, plain(), {{"tau_m_ms", {}, normal(10, 5)}}),
              "Limit it by within(low, high).");
  EXPECT_SAYS(b.population_of(Model::parse(kModel), "m", 500, {{"tau", {}, uniform(0.5, 5)}}),
              "area 'm', model 'm': 'tau': neuron ");
  EXPECT_SAYS(b.population("E", 2, plain(), {{"leak", {}, uniform(2, 3)}}), "neuron 0 draws 2.");
  EXPECT_SAYS(b.population("E", 2, plain(), {{"tau", {}, uniform(2, 3)}}),
              "there is no parameter or state 'tau' (it has v_rest, v_reset, threshold");
  EXPECT_SAYS(b.population("E", 2, plain(), {{"leak", {0.1}}, {"tau_m_ms", {2.0}}}),
              "'tau_m_ms' is given twice.");
  EXPECT_SAYS(b.population("E", 2, plain(), {{"leak", {0.1, 0.2, 0.3}}}),
              "3 values do not fit 2 neurons. Give one, or one for each neuron.");
  EXPECT_SAYS(b.population("E", 2, plain(), {{"leak", {0.1}, uniform(0, 1)}}),
              "is given by numbers and by a distribution. Keep one.");
  EXPECT_SAYS(b.population("E", 2, plain(), {{"leak", {0.5, 1.5}}}),
              "of 1.5 is out of range (0 to 1).");
  EXPECT_SAYS(b.population("E", 2, plain(), {{"fire_limit", {0.5}}}),
              "of 0.5 is no multiple of 1.");
  EXPECT_SAYS(b.population("E", 2, plain(), {{"t_ref_ms", {0.7}}}),
              "of 0.7 is no multiple of 0.5.");
  EXPECT_SAYS(b.population("E", 2, plain(), {{"potential", {std::nan("")}}}), "is out of range");
  AreaSpec graded;
  graded.name = "g";
  graded.size = {2, 1, 1};
  graded.threshold_gradient = {1.0F, 0.0F, 0.0F};
  graded.values = {{"threshold", {}, normal(20, 1)}};
  EXPECT_SAYS(b.add_area(graded), "has a threshold gradient and thresholds by value. Keep one.");
  // nothing was added
  b.population("E", 2, plain());
  const Network network = b.build();
  NetworkEdit edit;
  edit.set_values(0, 2, {{"potential", {1.0}}});
  EXPECT_SAYS((void)network.edited(edit), "'potential' is a state, not a parameter.");
  NetworkEdit more;
  more.set_values(1, 2, {{"leak", {0.5}}});
  EXPECT_SAYS((void)network.edited(more), "an edit");
}

/// Draws at the limit of a range are within it, though no float is.
TEST(AreaValues, LimitsAreThoseOfFloats) {
  const char* const text =
      "model m\nparam p = 0.1 in 0.1..0.3\nstate v = 0\nstep\nv = p\nfire v > 9";
  NetworkBuilder b({0.5, 1, {}, {}, 1});
  b.population_of(Model::parse(text), "m", 500,
                  {{"p", {}, normal(0.2, 0.2).within(0.1, 0.3).step(0.1)}});
  EXPECT_EQ(b.build().areas()[0].spec.values[0].values.size(), 500U);
}

}  // namespace
}  // namespace rheobase::test::area_values
