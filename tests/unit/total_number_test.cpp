// SPDX-License-Identifier: Apache-2.0
// A number of synapses split among sources, and the draws that split it.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "network/rules/counts.h"
#include "support/chi_squared.h"
#include "support/rule_pairs.h"

namespace rheobase::test {
namespace total_number {
namespace {

Draws draws_of(std::uint32_t index) {
  static const RuleContext context = row_context(1, 1);
  return Draws(context, index);
}

TEST(Counts, AreBinomial) {
  struct Case {
    std::uint64_t m, left, total;
  };
  for (const Case c : {Case{5, 1, 3},
                       {32, 1, 2},
                       {33, 1, 2},
                       {60, 1, 3},
                       {60, 2, 3},
                       {400, 1, 2},
                       {400, 1, 50},
                       {3000, 9, 10}}) {
    constexpr std::uint32_t kTimes = 40000;
    std::vector<double> seen(c.m + 1);
    for (std::uint32_t i = 0; i < kTimes; ++i) {
      Draws draws = draws_of(i);
      seen.at(binomial(draws, c.m, c.left, c.total)) += 1.0;
    }
    const auto p = static_cast<double>(c.left) / static_cast<double>(c.total);
    EXPECT_TRUE(fits(seen, binomial_counts(static_cast<double>(c.m), p, kTimes)))
        << c.m << " at " << p;
  }
}

TEST(Counts, OfHundredsOfMillionsHaveTheirMeanAndVariance) {
  constexpr std::uint64_t kMany = 300'000'000;
  double sum = 0.0;
  double squares = 0.0;
  for (std::uint32_t i = 0; i < 4000; ++i) {
    Draws draws = draws_of(i);
    const double off = static_cast<double>(binomial(draws, kMany, 1, 3)) - 1e8;
    sum += off;
    squares += off * off;
  }
  const double variance = 3e8 * 2.0 / 9.0;
  EXPECT_LT(std::abs(sum / 4000), 5.0 * std::sqrt(variance / 4000));
  EXPECT_NEAR(squares / 4000 / variance, 1.0, 5.0 * std::sqrt(2.0 / 4000));
}

TEST(Counts, OfDifferentPlacesAreHypergeometric) {
  struct Case {
    double m, left, total;
  };
  for (const Case c : {Case{20, 30, 60},
                       {40, 60, 120},
                       {100, 60, 120},
                       {110, 60, 120},
                       {300, 200, 900},
                       {300, 700, 900}}) {
    constexpr std::uint32_t kTimes = 40000;
    std::vector<double> seen(static_cast<std::size_t>(c.m) + 1);
    for (std::uint32_t i = 0; i < kTimes; ++i) {
      Draws draws = draws_of(i);
      seen.at(hypergeometric(draws, static_cast<std::uint64_t>(c.m),
                             static_cast<std::uint64_t>(c.left),
                             static_cast<std::uint64_t>(c.total))) += 1.0;
    }
    const auto choose = [](double n, double k) {
      return std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0);
    };
    std::vector<double> expected;
    for (double k = 0; k <= c.m; k += 1.0) {
      const bool is_possible = k <= c.left && c.m - k <= c.total - c.left;
      expected.push_back(is_possible ? kTimes * std::exp(choose(c.left, k) +
                                                         choose(c.total - c.left, c.m - k) -
                                                         choose(c.total, c.m))
                                     : 0.0);
    }
    EXPECT_TRUE(fits(seen, expected)) << c.m << " of " << c.total << ", " << c.left << " left";
  }
}

TEST(FixedTotalNumber, MakesThatMany) {
  for (const std::uint64_t n : {0U, 1U, 2U, 31U, 33U, 1000U, 50000U}) {
    EXPECT_EQ(pairs_of(fixed_total_number(n), row_context(70, 30)).size(), n);
    if (n <= 2100) {
      const Pairs pairs = pairs_of(fixed_total_number(n, true, false), row_context(70, 30));
      EXPECT_EQ(std::set(pairs.begin(), pairs.end()).size(), n);
    }
  }
  EXPECT_EQ(pairs_of(fixed_total_number(3), row_context(1, 1)), (Pairs{{0, 0}, {0, 0}, {0, 0}}));
}

TEST(FixedTotalNumber, AllPairsAreTheMostWithoutMultapses) {
  const Pairs all = pairs_of(fixed_total_number(30 * 29, false, false), row_context(30, 30, true));
  EXPECT_EQ(std::set(all.begin(), all.end()).size(), 870U);
  for (const auto& [source, target] : all) {
    EXPECT_NE(source, target);
  }
  EXPECT_NE(refusal_of(fixed_total_number(871, false, false), row_context(30, 30, true)), "");
  EXPECT_NE(refusal_of(fixed_total_number(7, true, false), row_context(2, 3)), "");
}

TEST(FixedTotalNumber, WhatCannotBeIsRefused) {
  EXPECT_NE(refusal_of(fixed_total_number(1, false), row_context(1, 1, true)), "");
  EXPECT_EQ(refusal_of(fixed_total_number(0, false), row_context(1, 1, true)), "");
  EXPECT_EQ(refusal_of(fixed_total_number(1, false), row_context(1, 1, false)), "");
  EXPECT_THROW((void)fixed_total_number((std::uint64_t{1} << 40U) + 1U), Error);
  const ConnectionRule most = fixed_total_number(std::uint64_t{1} << 40U);
  // a source would have more than it can
  EXPECT_THROW(most.implementation().check(row_context(3, 3)), Error);
}

/// How many synapses a source, a target and a pair get: each against its binomial distribution.
TEST(FixedTotalNumber, DegreesAndPairsAreBinomial) {
  constexpr std::uint32_t kSources = 23;
  constexpr std::uint32_t kTargets = 17;
  constexpr std::uint32_t kN = 400;
  constexpr std::uint32_t kTimes = 3000;
  std::vector<double> out(kN + 1);
  std::vector<double> in(kN + 1);
  std::vector<double> both(kN + 1);
  std::vector<double> of_source(kSources);
  for (std::uint32_t stream = 0; stream < kTimes; ++stream) {
    RuleContext context = row_context(kSources, kTargets);
    context.stream = stream;
    std::vector<std::uint32_t> sources(kSources);
    std::vector<std::uint32_t> targets(kTargets);
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> pairs;
    for (const auto& pair : pairs_of(fixed_total_number(kN), context)) {
      ++sources.at(pair.first);
      ++targets.at(pair.second);
      ++pairs[pair];
    }
    // one of each, since those of one network hang together
    out.at(sources[stream % kSources]) += 1.0;
    in.at(targets[stream % kTargets]) += 1.0;
    both.at(pairs[{stream % kSources, stream % kTargets}]) += 1.0;
    for (std::uint32_t i = 0; i < kSources; ++i) {
      of_source[i] += sources[i];
    }
  }
  EXPECT_TRUE(fits(out, binomial_counts(kN, 1.0 / kSources, kTimes)));
  EXPECT_TRUE(fits(in, binomial_counts(kN, 1.0 / kTargets, kTimes)));
  EXPECT_TRUE(fits(both, binomial_counts(kN, 1.0 / (kSources * kTargets), kTimes)));
  EXPECT_TRUE(fits(of_source, std::vector<double>(kSources, 1.0 * kN * kTimes / kSources)));
}

TEST(FixedTotalNumber, WithoutAutapsesThePairsThatAreLeftAreEven) {
  for (const bool multapses : {true, false}) {
    std::vector<double> seen;
    std::map<std::pair<std::uint32_t, std::uint32_t>, double> pairs;
    for (std::uint32_t stream = 0; stream < 4000; ++stream) {
      RuleContext context = row_context(7, 7, true);
      context.stream = stream;
      for (const auto& pair : pairs_of(fixed_total_number(20, false, multapses), context)) {
        ASSERT_NE(pair.first, pair.second);
        pairs[pair] += 1.0;
      }
    }
    for (const auto& [pair, count] : pairs) {
      seen.push_back(count);
    }
    EXPECT_EQ(seen.size(), 42U);
    EXPECT_TRUE(fits(seen, std::vector<double>(42, 80000.0 / 42.0)));
  }
}

TEST(FixedTotalNumber, AnyStretchOfSourcesFindsItsOwn) {
  for (const bool multapses : {true, false}) {
    const ConnectionRule rule = fixed_total_number(900, false, multapses);
    RuleContext context = row_context(41, 41, true);
    const Pairs all = pairs_of(rule, context);
    Pairs joined;
    for (std::uint32_t begin = 0, step = 1; begin < 41; begin += step, step += 3) {
      context.first_owner = begin;
      context.last_owner = begin + step;
      const Pairs part = pairs_of(rule, context);
      joined.insert(joined.end(), part.begin(), part.end());
    }
    EXPECT_EQ(joined, all);
  }
}

}  // namespace
}  // namespace total_number
}  // namespace rheobase::test
