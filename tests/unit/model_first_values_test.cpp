// SPDX-License-Identifier: Apache-2.0
// What states begin with: parameters, other states, what a population gives.
#include <gtest/gtest.h>

#include <optional>

#include "network/view.h"
#include "rheobase/engine.h"
#include "support/messages.h"
#include "support/one_neuron.h"

namespace rheobase::test {
namespace {

constexpr const char* kChain =
    "model m\nparam a = 2, b = 3\nstate v = a mV in -100..100\nlet twice = 2*v\n"
    "state u = b*v, w = twice + u/10 + dt\nstep v = v\nfire v > 1e3";

/// The first values of a population of four.
std::vector<std::vector<float>> first_values(const std::vector<ModelValue>& values,
                                             const char* text = kChain) {
  NetworkBuilder b({0.5, 1, {}, {}, 1});
  b.population_of(Model::parse(text), "p", 4, values);
  const Network network = b.build();
  std::vector<std::vector<float>> columns = network.data()->model_areas[0].numbers->initial;
  EXPECT_EQ(Engine(network, {"reference", 1, 1, {}}).state().tables[0].columns[0].size(), 4U);
  return columns;
}

using Columns = std::vector<std::vector<float>>;

TEST(ModelFirstValues, FollowFromStatesAbove) {
  const OneNeuron n(kChain, 0.5, {{"b", 4.0}});
  EXPECT_EQ(n["v"], 2.0F);
  EXPECT_EQ(n["u"], 8.0F);
  EXPECT_EQ(n["w"], 5.3F);  // in double precision, rounded at the end
}

TEST(ModelFirstValues, SeeWhatIsGiven) {
  EXPECT_EQ(first_values({}), (Columns{{2.0F}, {6.0F}, {5.1F}}));
  EXPECT_EQ(first_values({{"v", {10.0}}}), (Columns{{10.0F}, {30.0F}, {23.5F}}));
  EXPECT_EQ(
      first_values({{"v", {1.0, 2.0, 3.0, 0.1}}}),
      (Columns{{1.0F, 2.0F, 3.0F, 0.1F}, {3.0F, 6.0F, 9.0F, 0.3F}, {2.8F, 5.1F, 7.4F, 0.73F}}));
  EXPECT_EQ(first_values({{"v", {1.0, 2.0, 3.0, 4.0}}, {"u", {10.0}}}),
            (Columns{{1.0F, 2.0F, 3.0F, 4.0F}, {10.0F}, {3.5F, 5.5F, 7.5F, 9.5F}}));
  EXPECT_EQ(first_values({{"u", {1.0, 2.0, 3.0, 4.0}}, {"b", {5.0, 6.0, 7.0, 8.0}}}),
            (Columns{{2.0F}, {1.0F, 2.0F, 3.0F, 4.0F}, {4.6F, 4.7F, 4.8F, 4.9F}}));
  EXPECT_EQ(first_values({{"b", {5.0, 6.0, 7.0, 8.0}}})[1],
            (std::vector{10.0F, 12.0F, 14.0F, 16.0F}));
}

/// Constants of the step are made for each neuron only where parameters differ.
TEST(ModelFirstValues, LeaveTheConstantsAlone) {
  NetworkBuilder b({0.5, 1, {}, {}, 1});
  b.population_of(
      Model::parse("model m\nparam a = 2\nstate v = a, u = v\nstep v = a*v\nfire v > 9"), "p", 4,
      {{"v", {1.0, 2.0, 3.0, 4.0}}});
  const Network network = b.build();
  const ModelNumbers& numbers = *network.data()->model_areas[0].numbers;
  EXPECT_EQ(numbers.parameters, Columns{{2.0F}});
  EXPECT_EQ(numbers.initial, (Columns{{1.0F, 2.0F, 3.0F, 4.0F}, {1.0F, 2.0F, 3.0F, 4.0F}}));
}

TEST(ModelFirstValues, AreWithinTheirRanges) {
  const char* const text = "model m\nstate v = 1, u = 1/v in 0..10\nstep v = v\nfire v > 1e3";
  EXPECT_EQ(first_values({{"v", {0.5}}}, text)[1], std::vector{2.0F});
  EXPECT_NE(message_of([&] {
              first_values({{"v", {1.0, 1.0, 0.0, 1.0}}}, text);
            }).find("a value of line 2 is inf (it can be from 0 to 10"),
            std::string::npos);
  // what is not needed is not computed to the end
  EXPECT_EQ(first_values({{"v", {0.0}}, {"u", {3.0}}}, text)[1], std::vector{3.0F});
}

}  // namespace
}  // namespace rheobase::test
