// SPDX-License-Identifier: Apache-2.0
/// \file
/// Pearson's test of counts against what a distribution expects.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <vector>

namespace rheobase::test {

/// Cells that expect fewer than 10 are taken together. Passes up to 5 standard deviations above the
/// mean of the statistic; fails where nothing was tested.
inline testing::AssertionResult fits(const std::vector<double>& seen,
                                     const std::vector<double>& expected) {
  double statistic = 0.0;
  double cells = 0.0;
  double seen_rest = 0.0;
  double expected_rest = 0.0;
  const auto add = [&](double s, double e) {
    statistic += (s - e) * (s - e) / e;
    cells += 1.0;
  };
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (expected.at(i) < 10.0) {
      seen_rest += seen[i];
      expected_rest += expected[i];
    } else {
      add(seen[i], expected[i]);
    }
  }
  if (expected_rest >= 10.0) {
    add(seen_rest, expected_rest);
  } else if (seen_rest > expected_rest + 5.0 * std::sqrt(expected_rest) + 3.0) {
    return testing::AssertionFailure() << seen_rest << " in cells that expect " << expected_rest;
  }
  if (cells < 2.0) {
    return testing::AssertionFailure() << "only " << cells << " cells";
  }
  const double most = cells + 5.0 * std::sqrt(2.0 * cells);
  if (statistic > most) {
    return testing::AssertionFailure() << "chi-squared of " << cells << " cells is " << statistic
                                       << " (at most " << most << ")";
  }
  return testing::AssertionSuccess();
}

/// Expected counts of k = 0 .. of a binomial distribution, `times` drawn.
inline std::vector<double> binomial_counts(double n, double p, double times) {
  std::vector<double> expected;
  for (double k = 0; k <= n; k += 1.0) {
    expected.push_back(times * std::exp(std::lgamma(n + 1.0) - std::lgamma(k + 1.0) -
                                        std::lgamma(n - k + 1.0) + k * std::log(p) +
                                        (n - k) * std::log1p(-p)));
  }
  return expected;
}

}  // namespace rheobase::test
