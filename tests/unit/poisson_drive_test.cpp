// SPDX-License-Identifier: Apache-2.0
// Numbers of events of Poisson drives: their distribution, and that they are independent.
#include "support/poisson_drive.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <vector>

namespace rheobase::test {
namespace {

using model::CompiledDrive;

constexpr std::uint32_t kNeurons = 1000;

/// How often each number comes among `draws` neurons and bursts.
std::map<std::uint32_t, double> counts_of(const CompiledDrive& d, std::uint32_t draws) {
  std::map<std::uint32_t, double> counts;
  for (std::uint32_t i = 0; i < draws; ++i) {
    counts[model::drive_events(d, i % kNeurons, 1 + i / kNeurons)] += 1.0;
  }
  return counts;
}

double probability(double mean, double k) {
  return std::exp(k * std::log(mean) - mean - std::lgamma(k + 1.0));
}

/// Chi-squared of what was counted against the Poisson distribution of that mean, less what is
/// expected of it, in standard deviations. Numbers that are expected fewer than ten times go
/// together with their neighbours towards the mean.
double too_much(const std::map<std::uint32_t, double>& counts, double mean, double draws) {
  double chi_squared = 0.0;
  double classes = 0.0;
  double expected = 0.0;
  double found = 0.0;
  double left = draws;
  const double end = mean + 12.0 * std::sqrt(mean) + 12.0;
  for (std::uint32_t k = 0; k < end; ++k) {
    const double here = draws * probability(mean, k);
    expected += here;
    left -= here;
    const auto count = counts.find(k);
    found += count != counts.end() ? count->second : 0.0;
    if (expected >= 10.0 && left >= 10.0) {
      chi_squared += (found - expected) * (found - expected) / expected;
      classes += 1.0;
      expected = found = 0.0;
    }
  }
  expected += left;
  chi_squared += (found - expected) * (found - expected) / expected;
  return (chi_squared - classes) / std::sqrt(2.0 * classes);
}

TEST(PoissonDrive, NumbersHaveTheirDistribution) {
  // of units and not, short tables and long, sums of draws; both ends of each range
  for (const double mean : {0.0005, 0.001, 1.0 / 256.0, 0.004, 0.01, 0.25, 2.4, 20.0, 200.0, 500.0,
                            501.0, 900.0, 1001.0, 2000.0}) {
    constexpr std::uint32_t kDraws = 400'000;
    const CompiledDrive d = poisson_drive(mean);
    EXPECT_LT(too_much(counts_of(d, kDraws), mean, kDraws), 5.0) << mean;
  }
}

/// The test above sees a mean that is off by a hundredth.
TEST(PoissonDrive, ATestThatWouldFail) {
  constexpr std::uint32_t kDraws = 400'000;
  EXPECT_GT(too_much(counts_of(poisson_drive(2.4), kDraws), 2.424, kDraws), 5.0);
}

TEST(PoissonDrive, RareEventsComeAtTheirRate) {
  // 40,000 units of 4,096 neurons, looked at as units: their events, and where these go
  for (const double mean : {1e-8, 1e-6, 3e-5}) {
    const CompiledDrive d = poisson_drive(mean);
    ASSERT_EQ(d.unit_shift, model::kMostUnitShift);
    constexpr std::uint32_t kUnits = 200'000;
    double events = 0.0;
    std::vector<double> sixteenths(16);
    for (std::uint32_t unit = 0; unit < kUnits; ++unit) {
      const std::uint32_t own = model::unit_events(d, unit, 7);
      events += own;
      for (std::uint32_t event = 0; event < own; ++event) {
        const std::uint32_t place = model::place_of(d, unit, event, 7);
        ASSERT_LT(place, 1U << d.unit_shift);
        sixteenths[place >> (d.unit_shift - 4U)] += 1.0;
      }
    }
    const double expected = mean * kUnits * (1U << d.unit_shift);
    EXPECT_NEAR(events, expected, 5.0 * std::sqrt(expected) + 1.0) << mean;
    for (const double found : sixteenths) {
      EXPECT_NEAR(found, expected / 16.0, 5.0 * std::sqrt(expected / 16.0) + 1.0) << mean;
    }
  }
}

/// Correlation of two series of numbers, in standard errors.
template <class First, class Second>
double correlation(const First& first, const Second& second) {
  constexpr double kDraws = 50'000.0;
  double a = 0, b = 0, aa = 0, bb = 0, ab = 0;
  for (std::uint32_t i = 0; i < kDraws; ++i) {
    const double x = first(i % kNeurons, 1 + i / kNeurons);
    const double y = second(i % kNeurons, 1 + i / kNeurons);
    a += x;
    b += y;
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  return (ab - a * b / kDraws) / std::sqrt((aa - a * a / kDraws) * (bb - b * b / kDraws)) *
         std::sqrt(kDraws);
}

TEST(PoissonDrive, NeuronsBurstsAndDrivesAreIndependent) {
  for (const double mean : {0.003, 0.25, 20.0, 700.0}) {
    const CompiledDrive d = poisson_drive(mean);
    const auto of = [](const CompiledDrive& drive, std::uint32_t neurons, std::uint64_t bursts) {
      return [&drive, neurons, bursts](std::uint32_t i, std::uint64_t t) {
        return model::drive_events(drive, i + neurons, t + bursts);
      };
    };
    // the other half of a word, the next word, the next call, other places of a unit, the next unit
    for (const std::uint32_t neurons : {1U, 2U, 30U, 32U, 64U, 96U, 127U, 128U, 4096U}) {
      EXPECT_LT(std::abs(correlation(of(d, 0, 0), of(d, neurons, 0))), 5.0)
          << mean << ' ' << neurons;
    }
    for (const std::uint64_t bursts : {1ULL, 2ULL, 1ULL << 32U, 1ULL << 40U}) {
      EXPECT_LT(std::abs(correlation(of(d, 0, 0), of(d, 0, bursts))), 5.0) << mean << ' ' << bursts;
    }
    CompiledDrive other = d;
    other.stream = 1;
    EXPECT_LT(std::abs(correlation(of(d, 0, 0), of(other, 0, 0))), 5.0) << mean;
    other.stream = 0;
    other.seed += 1ULL << 32U;
    EXPECT_LT(std::abs(correlation(of(d, 0, 0), of(other, 0, 0))), 5.0) << mean;
    EXPECT_GT(correlation(of(d, 0, 0), of(d, 0, 0)), 100.0);
  }
}

/// Drives of one stream whose units differ draw apart.
TEST(PoissonDrive, UnitsOfOtherSizesAreIndependent) {
  const CompiledDrive one = poisson_drive(0.25);
  const CompiledDrive many = poisson_drive(0.25 / 128.0);
  ASSERT_EQ(many.unit_shift, 7U);
  const auto units_of = [](const CompiledDrive& d) {
    return [&d](std::uint32_t i, std::uint64_t t) { return model::unit_events(d, i, t); };
  };
  ASSERT_EQ(one.cumulative, many.cumulative);
  EXPECT_LT(std::abs(correlation(units_of(one), units_of(many))), 5.0);
}

TEST(PoissonDrive, DrawsCountFromTheOrigin) {
  for (const double mean : {0.003, 1.0}) {
    const CompiledDrive d = poisson_drive(mean);
    CompiledDrive moved = d;
    moved.origin = 777;
    for (std::uint32_t i = 0; i < 3000; ++i) {
      ASSERT_EQ(model::drive_events(d, i, 5), model::drive_events(moved, i + 777, 5));
    }
  }
}

TEST(PoissonDrive, NoRateNoEvents) {
  const CompiledDrive d = poisson_drive(0.0);
  for (std::uint32_t i = 0; i < 1000; ++i) {
    ASSERT_EQ(model::drive_events(d, i, i), 0U);
  }
}

}  // namespace
}  // namespace rheobase::test
