// SPDX-License-Identifier: Apache-2.0
// A part of a rule's pairs by the gaps between them, and by a draw for each.
#include <gtest/gtest.h>

#include <set>

#include "support/chi_squared.h"
#include "support/rule_pairs.h"

namespace rheobase::test {
namespace thinning {
namespace {

TEST(ThinnedRule, RowsOfAllToAllAreBinomial) {
  for (const double percent : {0.5, 7.0, 60.0, 97.5}) {
    constexpr std::uint32_t kRows = 20000;
    const auto targets = static_cast<std::uint32_t>(percent < 1.0 ? 600 : 40);
    std::vector<std::uint32_t> degree(kRows);
    for (const auto& [source, target] :
         pairs_of(thinned(all_to_all(), percent), row_context(kRows, targets))) {
      ASSERT_LT(target, targets);
      ++degree[source];
    }
    std::vector<double> seen(targets + 1);
    for (const std::uint32_t d : degree) {
      seen[d] += 1.0;
    }
    EXPECT_TRUE(fits(seen, binomial_counts(targets, percent / 100.0, kRows))) << percent;
  }
}

TEST(ThinnedRule, EveryTargetIsAsLikely) {
  std::vector<double> in(100);
  const Pairs pairs = pairs_of(thinned(all_to_all(), 20), row_context(5000, 100));
  for (const auto& pair : pairs) {
    in[pair.second] += 1.0;
  }
  EXPECT_TRUE(fits(in, std::vector<double>(100, static_cast<double>(pairs.size()) / 100.0)));
}

TEST(ThinnedRule, EndsOfTheRange) {
  EXPECT_TRUE(pairs_of(thinned(all_to_all(), 0.0), row_context(50, 50)).empty());
  EXPECT_EQ(pairs_of(thinned(all_to_all(), 100.0), row_context(50, 50)).size(), 2500U);
  EXPECT_TRUE(pairs_of(thinned(all_to_all(), 1e-300), row_context(50, 50)).empty());
  EXPECT_GT(pairs_of(thinned(all_to_all(), 99.999999), row_context(50, 50)).size(), 2490U);
  EXPECT_TRUE(pairs_of(thinned(all_to_all(), 50.0), row_context(50, 0)).empty());
  EXPECT_THROW((void)thinned(all_to_all(), -1.0), Error);
  EXPECT_THROW((void)thinned(all_to_all(), 100.5), Error);
  EXPECT_THROW((void)thinned(all_to_all(), std::nan("")), Error);
}

TEST(ThinnedRule, KeepsTheOrderOfRowsColumnsAndSinglePairs) {
  std::vector<std::uint32_t> order(4000);
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    order[i] = (i * 37U) % 40U;
  }
  for (const ConnectionRule& rule :
       {fixed_indegree(20, true, false), all_to_all(false), index_pairs(order, order),
        voxel_function("all_to_all"), fixed_outdegree(20)}) {
    const RuleContext context = row_context(40, 40, true);
    const Pairs all = pairs_of(rule, context);
    const Pairs kept = pairs_of(thinned(rule, 50.0), context);
    auto at = all.begin();
    for (const auto& pair : kept) {
      at = std::find(at, all.end(), pair);
      ASSERT_NE(at, all.end()) << rule.describe();
      ++at;
    }
    const auto half = static_cast<double>(all.size()) / 2.0;
    EXPECT_NEAR(static_cast<double>(kept.size()), half, 5.0 * std::sqrt(half / 2.0));
  }
}

TEST(ThinnedRule, ThinnedTwiceIsIndependentlyThinned) {
  const Pairs pairs = pairs_of(thinned(thinned(all_to_all(), 50), 50), row_context(300, 300));
  EXPECT_NEAR(static_cast<double>(pairs.size()), 22500.0, 5.0 * std::sqrt(22500.0 * 0.75));
}

TEST(ThinnedRule, AnyStretchOfOwnersIsTheSame) {
  for (const ConnectionRule& rule :
       {thinned(all_to_all(false), 30.0), thinned(fixed_indegree(9), 40.0),
        thinned(thinned(fixed_probability(0.5), 50.0), 50.0)}) {
    RuleContext context = row_context(30, 30, true);
    const Pairs all = pairs_of(rule, context);
    Pairs joined;
    for (std::uint32_t begin = 0; begin < 30; begin += 7) {
      context.first_owner = begin;
      context.last_owner = begin + 7;
      const Pairs part = pairs_of(rule, context);
      joined.insert(joined.end(), part.begin(), part.end());
    }
    EXPECT_EQ(joined, all) << rule.describe();
    EXPECT_EQ(rule.implementation().owners(context), 30U);
  }
}

TEST(Attractivity, KeepsTheDrawsOfGenomes) {
  EXPECT_TRUE(pairs_of(attractivity(all_to_all(), 0), row_context(50, 50)).empty());
  EXPECT_EQ(pairs_of(attractivity(all_to_all(), 100), row_context(50, 50)).size(), 2500U);
  const Pairs kept = pairs_of(attractivity(all_to_all(), 30), row_context(1000, 1000));
  EXPECT_NEAR(static_cast<double>(kept.size()), 300000.0, 5.0 * 459.0);
  // signatures of genomes hang on these
  const Pairs few = pairs_of(attractivity(all_to_all(), 20), row_context(4, 4));
  EXPECT_EQ(few, (Pairs{{1, 0}, {1, 2}}));
}

}  // namespace
}  // namespace thinning
}  // namespace rheobase::test
