// SPDX-License-Identifier: Apache-2.0
// Connections between parts of areas.
#include <gtest/gtest.h>

#include <numeric>
#include <set>

#include "rheobase/distance.h"
#include "rheobase/network.h"
#include "support/messages.h"
#include "support/rule_pairs.h"

namespace rheobase::test {
namespace parts {
namespace {

/// Pairs by index within the areas, sorted, of a network of "a" (40) and "b" (30).
Pairs pairs_between(const AreaPart& pre, const AreaPart& post, const ConnectionRule& rule,
                    std::uint32_t threads = 1) {
  NetworkOptions options;
  options.threads = threads;
  NetworkBuilder b(options);
  b.population("a", 40, {});
  b.population("b", 30, {});
  b.connect(pre, post, rule);
  const Network network = b.build();
  Pairs pairs;
  const std::vector<Area>& areas = network.areas();
  for (NeuronId id = 0; id < network.neuron_count(); ++id) {
    for (const Synapse& s : network.outgoing(id)) {
      EXPECT_EQ(network.area_of(s.pre), pre.area);
      EXPECT_EQ(network.area_of(s.post), post.area);
      pairs.emplace_back(s.pre - areas[pre.area].first, s.post - areas[post.area].first);
    }
  }
  return pairs;
}

TEST(Parts, StretchesAndLists) {
  EXPECT_EQ(pairs_between({0, 3, 2}, {1, 28}, all_to_all()),
            (Pairs{{3, 28}, {3, 29}, {4, 28}, {4, 29}}));
  EXPECT_EQ(pairs_between({.area = 0, .indices = {7, 1, 4}}, {1, 10, 3}, one_to_one()),
            (Pairs{{1, 11}, {4, 12}, {7, 10}}));
  EXPECT_EQ(pairs_between({0, 5, 5}, {.area = 1, .indices = {9, 2}}, index_pairs({0, 4}, {1, 0})),
            (Pairs{{5, 2}, {9, 9}}));
  EXPECT_TRUE(pairs_between({0, 40}, {1, 0, 10}, all_to_all()).empty());
  EXPECT_TRUE(pairs_between({0, 0, 0}, {1}, fixed_probability(0.5)).empty());
}

TEST(Parts, TheWholeIsTheArea) {
  std::vector<std::uint32_t> all(40);
  std::iota(all.begin(), all.end(), 0U);
  for (const ConnectionRule& rule :
       {fixed_indegree(5), fixed_total_number(77), voxel_function("projector")}) {
    EXPECT_EQ(pairs_between({.area = 0, .indices = all}, {1}, rule),
              pairs_between({0}, {1, 0, 30}, rule));
  }
}

/// Rules that can leave autapses out.
std::vector<ConnectionRule> without_autapses() {
  DistanceOptions options;
  options.autapses = false;
  return {all_to_all(false),
          fixed_probability(0.7, false),
          fixed_indegree(4, false, true),
          fixed_indegree(4, false, false),
          fixed_outdegree(4, false, true),
          fixed_outdegree(4, false, false),
          fixed_total_number(60, false, true),
          fixed_total_number(60, false, false),
          distance_probability(kernels::within(1000), 0.7, options),
          thinned(all_to_all(false), 60)};
}

TEST(Parts, ANeuronIsItselfWhereverItStands) {
  std::vector<std::uint32_t> backwards(12);
  std::iota(backwards.rbegin(), backwards.rend(), 10U);
  const std::vector<std::pair<AreaPart, AreaPart>> overlapping = {
      {{0, 0, 20}, {0, 10, 15}},
      {{0, 12, 10}, {0, 5, 30}},
      {{.area = 0, .indices = backwards}, {0, 8, 10}},
      {{0, 8, 10}, {.area = 0, .indices = backwards}},
      {{.area = 0, .indices = {30, 3, 12, 20, 9, 11, 10, 1, 2, 5}},
       {.area = 0, .indices = {3, 30, 31, 12, 9, 10, 14, 15, 16}}}};
  for (const ConnectionRule& rule : without_autapses()) {
    for (const auto& [pre, post] : overlapping) {
      SCOPED_TRACE(rule.describe());
      const Pairs pairs = pairs_between(pre, post, rule);
      EXPECT_GT(pairs.size(), 30U);
      for (const auto& [source, target] : pairs) {
        ASSERT_NE(source, target);
      }
      EXPECT_EQ(pairs, pairs_between(pre, post, rule, 3));
    }
  }
}

TEST(Parts, OnlyThePairOfANeuronWithItselfIsLeftOut) {
  const Pairs all = pairs_between({0, 0, 20}, {0, 10, 20}, all_to_all(false));
  EXPECT_EQ(std::set(all.begin(), all.end()).size(), 20U * 20U - 10U);
  const Pairs total = pairs_between({0, 0, 20}, {0, 10, 20}, fixed_total_number(390, false, false));
  EXPECT_EQ(std::set(total.begin(), total.end()), std::set(all.begin(), all.end()));
  EXPECT_SAYS(static_cast<void>(
                  pairs_between({0, 0, 20}, {0, 10, 20}, fixed_total_number(391, false, false))),
              "there are 390 pairs");
  // two stretches that do not meet have no autapses
  EXPECT_EQ(pairs_between({0, 0, 5}, {0, 5, 5}, fixed_indegree(5, false, false)).size(), 25U);
  EXPECT_SAYS(
      static_cast<void>(pairs_between({0, 0, 5}, {0, 4, 5}, fixed_indegree(5, false, false))),
      "cannot be met (there are 4 partners)");
}

TEST(Parts, WrongOnesAreRefused) {
  NetworkBuilder b;
  b.population("a", 10, {});
  const auto connect = [&](const AreaPart& pre, const ConnectionRule& rule) {
    static_cast<void>(b.connect(pre, AreaPart{0}, rule));
  };
  EXPECT_SAYS(connect({0, 5, 6}, all_to_all()),
              "a part of 'a' ends at 11 (the area has 10 neurons)");
  EXPECT_SAYS(connect({.area = 0, .indices = {10}}, all_to_all()),
              "a part of 'a' holds neuron 10 (the area has 10 neurons)");
  EXPECT_SAYS(connect({.area = 0, .indices = {1, 1}}, all_to_all()), "names neuron 1 twice");
  EXPECT_SAYS(connect({0, 0, 5}, voxel_function("projector")),
              "connects voxels of whole areas (a part of one was given)");
  EXPECT_SAYS(connect({0, 0, 5}, voxel_function("randomizer")), "connects voxels of whole areas");
  EXPECT_SAYS(connect({0, 0, 5}, thinned(vectors({{0, 0, 0}}), 50)),
              "connects voxels of whole areas");
  EXPECT_SAYS(connect({0, 0, 5}, one_to_one()), "one_to_one needs areas of equal size (5 and 10");
  EXPECT_EQ(b.build().synapse_count(), 0U);
}

}  // namespace
}  // namespace parts
}  // namespace rheobase::test
