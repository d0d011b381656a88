// SPDX-License-Identifier: Apache-2.0
// The rules of the field: which pairs, how many, and what their draws depend on.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "rheobase/distance.h"
#include "support/rule_pairs.h"

namespace rheobase::test {
namespace {

TEST(AllToAll, ConnectsEveryPairOnce) {
  const Pairs pairs = pairs_of(all_to_all(), row_context(3, 2));
  EXPECT_EQ(pairs, (Pairs{{0, 0}, {0, 1}, {1, 0}, {1, 1}, {2, 0}, {2, 1}}));
}

TEST(AllToAll, LeavesOutAutapsesOfOneAreaOnly) {
  EXPECT_EQ(pairs_of(all_to_all(false), row_context(3, 3, true)),
            (Pairs{{0, 1}, {0, 2}, {1, 0}, {1, 2}, {2, 0}, {2, 1}}));
  EXPECT_EQ(pairs_of(all_to_all(false), row_context(3, 3, false)).size(), 9U);
}

TEST(AllToAll, StreamsRows) {
  // a million by a million pairs: the first row arrives, and nothing larger than a row was made
  struct Stop {};
  class First final : public PairSink {
   public:
    void row(std::uint32_t, std::span<const std::uint32_t> targets) override {
      longest = targets.size();
      throw Stop{};
    }
    void column(std::uint32_t, std::span<const std::uint32_t>) override { throw Stop{}; }
    std::size_t longest = 0;
  } first;
  const RuleContext context = row_context(1000000, 1000000);
  EXPECT_THROW(all_to_all().implementation().for_each(context, first), Stop);
  EXPECT_EQ(first.longest, 1000000U);
}

TEST(OneToOne, ConnectsEqualIndicesAndRefusesOtherSizes) {
  EXPECT_EQ(pairs_of(one_to_one(), row_context(3, 3)), (Pairs{{0, 0}, {1, 1}, {2, 2}}));
  const std::string message = refusal_of(one_to_one(), row_context(17, 23));
  EXPECT_NE(message.find("17"), std::string::npos) << message;
  EXPECT_NE(message.find("23"), std::string::npos) << message;
}

TEST(IndexPairs, KeepsOrderAndParallelSynapses) {
  const auto rule = index_pairs({2, 0, 2, 2}, {1, 0, 1, 0});
  EXPECT_EQ(pairs_of(rule, row_context(3, 2)), (Pairs{{2, 1}, {0, 0}, {2, 1}, {2, 0}}));
}

TEST(IndexPairs, RefusesUnequalLengthsAndIndicesOutside) {
  EXPECT_THROW((void)index_pairs({1, 2}, {1}), Error);
  EXPECT_NE(refusal_of(index_pairs({3}, {0}), row_context(3, 2)), "");
  EXPECT_NE(refusal_of(index_pairs({0}, {2}), row_context(3, 2)), "");
}

TEST(FixedProbability, EndsOfTheRange) {
  EXPECT_TRUE(pairs_of(fixed_probability(0.0), row_context(50, 50)).empty());
  EXPECT_EQ(pairs_of(fixed_probability(1.0), row_context(50, 40)).size(), 2000U);
  EXPECT_EQ(pairs_of(fixed_probability(1.0, false), row_context(50, 50, true)).size(), 2450U);
  EXPECT_THROW((void)fixed_probability(-0.1), Error);
  EXPECT_THROW((void)fixed_probability(1.1), Error);
}

TEST(FixedProbability, CountIsBinomial) {
  // 10^6 pairs: the mean of p * 10^6 within five standard deviations
  for (const double p : {0.00002, 0.001, 0.013, 0.1, 0.33, 0.7, 0.99}) {
    const auto count =
        static_cast<double>(pairs_of(fixed_probability(p), row_context(1000, 1000)).size());
    const double variance = 1e6 * p * (1.0 - p);
    EXPECT_LT((count - 1e6 * p) * (count - 1e6 * p), 25.0 * variance)
        << "p = " << p << ", " << count;
  }
}

/// How many targets a source has: chi-square against the binomial distribution.
TEST(FixedProbability, RowsAreBinomial) {
  for (const auto& [p, targets] : {std::pair{0.02, 150U}, {0.3, 10U}, {0.75, 5U}, {0.004, 1000U}}) {
    constexpr std::uint32_t kRows = 40000;
    std::vector<std::uint32_t> degree(kRows);
    for (const auto& [source, target] :
         pairs_of(fixed_probability(p), row_context(kRows, targets))) {
      EXPECT_LT(target, targets);
      ++degree[source];
    }
    std::vector<double> seen(targets + 1U);
    for (const std::uint32_t d : degree) {
      seen[d] += 1.0;
    }
    double expected = kRows * std::pow(1.0 - p, targets);
    double chi = 0.0;
    double cells = 0.0;
    for (std::uint32_t k = 0; k <= targets; ++k) {
      if (expected > 10.0) {
        chi += (seen[k] - expected) * (seen[k] - expected) / expected;
        cells += 1.0;
      }
      expected *= (targets - k) / (k + 1.0) * p / (1.0 - p);
    }
    EXPECT_GT(cells, 5.0);
    EXPECT_LT(chi, cells + 5.0 * std::sqrt(2.0 * cells)) << "p = " << p;
  }
}

/// Whether one target is drawn says nothing of another, near or far.
TEST(FixedProbability, TargetsAreIndependent) {
  constexpr std::uint32_t kRows = 40000;
  constexpr double kP = 0.1;
  std::vector<std::array<bool, 64>> drawn(kRows);
  for (const auto& [source, target] : pairs_of(fixed_probability(kP), row_context(kRows, 64))) {
    drawn[source].at(target) = true;
  }
  for (const std::uint32_t apart : {1U, 2U, 16U, 31U, 32U, 33U}) {
    double both = 0.0;
    for (const auto& row : drawn) {
      both += row.at(20) && row.at(20 + apart) ? 1.0 : 0.0;
    }
    const double mean = kRows * kP * kP;
    EXPECT_LT(std::abs(both - mean), 5.0 * std::sqrt(mean)) << apart;
  }
}

TEST(FixedProbability, TargetsAreSpreadEvenly) {
  std::vector<double> in_degree(100);
  const Pairs pairs = pairs_of(fixed_probability(0.2), row_context(2000, 100));
  for (const auto& [source, target] : pairs) {
    in_degree[target] += 1.0;
  }
  // chi-square of 99 degrees of freedom, in units of the binomial variance; mean 99, deviation 14
  double chi = 0.0;
  for (const double d : in_degree) {
    chi += (d - 400.0) * (d - 400.0) / 320.0;
  }
  EXPECT_GT(chi, 40.0);
  EXPECT_LT(chi, 180.0);
}

TEST(FixedIndegree, GivesEveryTargetItsDegree) {
  for (const bool multapses : {true, false}) {
    std::map<std::uint32_t, std::size_t> degree;
    const Pairs pairs = pairs_of(fixed_indegree(7, true, multapses), row_context(30, 20));
    for (const auto& [source, target] : pairs) {
      EXPECT_LT(source, 30U);
      ++degree[target];
    }
    ASSERT_EQ(degree.size(), 20U);
    for (const auto& [target, count] : degree) {
      EXPECT_EQ(count, 7U) << target;
    }
  }
}

TEST(FixedOutdegree, GivesEverySourceItsDegree) {
  for (const bool multapses : {true, false}) {
    std::map<std::uint32_t, std::size_t> degree;
    for (const auto& [source, target] :
         pairs_of(fixed_outdegree(7, true, multapses), row_context(20, 30))) {
      EXPECT_LT(target, 30U);
      ++degree[source];
    }
    ASSERT_EQ(degree.size(), 20U);
    for (const auto& [source, count] : degree) {
      EXPECT_EQ(count, 7U) << source;
    }
  }
}

TEST(FixedIndegree, WithoutMultapsesPartnersDiffer) {
  const Pairs pairs = pairs_of(fixed_indegree(25, true, false), row_context(30, 50));
  EXPECT_EQ(std::set(pairs.begin(), pairs.end()).size(), pairs.size());
  // with them, 25 of 30 repeat
  const Pairs repeated = pairs_of(fixed_indegree(25, true, true), row_context(30, 50));
  EXPECT_LT(std::set(repeated.begin(), repeated.end()).size(), repeated.size());
}

TEST(FixedIndegree, WithoutAutapsesTheRestIsReachedEvenly) {
  for (const bool multapses : {true, false}) {
    std::vector<std::size_t> drawn(10);
    std::size_t autapses = 0;
    for (std::uint32_t stream = 0; stream < 400; ++stream) {
      RuleContext context = row_context(10, 10, true);
      context.stream = stream;
      for (const auto& [source, target] : pairs_of(fixed_indegree(3, false, multapses), context)) {
        ASSERT_LT(source, 10U);
        autapses += source == target ? 1U : 0U;
        ++drawn[source];
      }
    }
    EXPECT_EQ(autapses, 0U);
    // 12,000 draws, 1,200 for each source; a deviation is about 33
    for (const std::size_t count : drawn) {
      EXPECT_GT(count, 1000U);
      EXPECT_LT(count, 1400U);
    }
  }
}

TEST(FixedIndegree, AllButItselfIsTheMost) {
  const Pairs pairs = pairs_of(fixed_indegree(9, false, false), row_context(10, 10, true));
  EXPECT_EQ(std::set(pairs.begin(), pairs.end()).size(), 90U);
  EXPECT_NE(refusal_of(fixed_indegree(10, false, false), row_context(10, 10, true)), "");
  EXPECT_NE(refusal_of(fixed_outdegree(11, true, false), row_context(10, 10)), "");
  EXPECT_NE(refusal_of(fixed_indegree(1, false, true), row_context(1, 1, true)), "");
}

TEST(Draws, DependOnSeedStreamAndNothingElse) {
  const std::vector<ConnectionRule> rules = {fixed_probability(0.3),
                                             fixed_indegree(5),
                                             fixed_outdegree(5, true, false),
                                             thinned(all_to_all(), 50),
                                             voxel_function("randomizer"),
                                             fixed_indegree(5, false, false),
                                             attractivity(all_to_all(), 50),
                                             fixed_total_number(300),
                                             fixed_total_number(300, false, false),
                                             distance_probability(kernels::gaussian(4), 0.5)};
  for (const ConnectionRule& rule : rules) {
    SCOPED_TRACE(rule.describe());
    RuleContext context = row_context(40, 40, true);
    const Pairs first = pairs_of(rule, context);
    EXPECT_EQ(first, pairs_of(rule, context));
    context.stream = 1;
    const Pairs other_stream = pairs_of(rule, context);
    EXPECT_NE(first, other_stream);
    context.stream = 0;
    context.seed = (std::uint64_t{1} << 32U);
    EXPECT_NE(first, pairs_of(rule, context));
    context.seed = 1;
    EXPECT_NE(first, pairs_of(rule, context));
  }
}

TEST(Draws, RowsDoNotDependOnTheNumberOfSources) {
  const Pairs small = pairs_of(fixed_probability(0.3), row_context(10, 40));
  Pairs large = pairs_of(fixed_probability(0.3), row_context(20, 40));
  std::erase_if(large, [](const auto& pair) { return pair.first >= 10; });
  EXPECT_EQ(small, large);
}

TEST(Draws, StreamsAreIndependent) {
  // pairs that two connections of p = 0.3 share: 9 % of 10^6, deviation 286
  RuleContext context = row_context(1000, 1000);
  const Pairs a = pairs_of(fixed_probability(0.3), context);
  context.stream = 1;
  const Pairs b = pairs_of(fixed_probability(0.3), context);
  Pairs both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  EXPECT_NEAR(static_cast<double>(both.size()), 90000.0, 5.0 * 286.0);
}

TEST(Describe, NamesTheRuleAndItsNumber) {
  EXPECT_NE(fixed_indegree(100).describe().find("fixed_indegree(100"), std::string::npos);
  EXPECT_NE(thinned(one_to_one(), 40).describe().find("one_to_one"), std::string::npos);
  EXPECT_NE(thinned(one_to_one(), 40).describe().find("40"), std::string::npos);
}

}  // namespace
}  // namespace rheobase::test
