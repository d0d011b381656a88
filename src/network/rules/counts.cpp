// SPDX-License-Identifier: Apache-2.0
#include "network/rules/counts.h"

#include <algorithm>
#include <array>

#include "definition/double_functions.h"

namespace rheobase {
namespace {

/// So many are drawn one by one.
constexpr std::uint64_t kFew = 32;

/// log(a / b) for a, b > 0; where they are close, precise to the last places of a - b.
double log_ratio(double a, double b) {
  const double s = (a - b) / (a + b);
  if (s > 0.1 || s < -0.1) {
    return language::log_of(a / b);
  }
  double sum = 0.0;
  for (int n = 17; n >= 3; n -= 2) {
    sum = (sum + 1.0 / n) * s * s;
  }
  return 2.0 * s * (1.0 + sum);
}

/// log k! - ((k + 1/2) log(k + 1) - (k + 1) + log(2 pi) / 2), by Stirling's series.
double stirling_rest(double k) {
  constexpr std::array kFirst{0.0810614667953272, 0.0413406959554092, 0.0276779256849983,
                              0.0207906721037650, 0.0166446911898211, 0.0138761288230707,
                              0.0118967099458917, 0.0104112652619720, 0.00925546218271273,
                              0.00833056343336287};
  if (k < static_cast<double>(kFirst.size())) {
    return kFirst[static_cast<std::size_t>(k)];
  }
  const double y = k + 1.0;
  const double per_square = 1.0 / (y * y);
  return (1.0 / 12.0 - (1.0 / 360.0 - per_square / 1260.0) * per_square) / y;
}

/// log(a! / b!) - (a - b) log(a + 1)
double factorials(double a, double b) {
  return (b + 0.5) * log_ratio(a + 1.0, b + 1.0) - (a - b) + stirling_rest(a) - stirling_rest(b);
}

/// A whole number 0 .. most by the ratio of uniforms. `log_share(k)` is the logarithm of its
/// probability over that of the mode.
template <class LogShare>
std::uint64_t by_ratio(Draws& draws, double mean, double variance, double most,
                       LogShare log_share) {
  constexpr double kPerDeviation = 1.7155277699214135;  // 2 sqrt(2 / e)
  constexpr double kMore = 0.8989161620588988;          // 3 - 2 sqrt(3 / e)
  const double deviation = language::sqrt_of(variance + 0.5);
  const double width = kPerDeviation * deviation + kMore;
  const double middle = mean + 0.5;
  // what lies beyond has a probability below 10^-50
  const double end = std::min(most + 1.0, language::floor_of(middle + 16.0 * deviation));
  for (;;) {
    const double x = draws.uniform();
    const double place = middle + width * (draws.uniform() - 0.5) / x;
    if (!(place >= 0.0 && place < end)) {
      continue;
    }
    const double k = language::floor_of(place);
    const double t = log_share(k);
    if (x * (4.0 - x) - 3.0 <= t) {
      return static_cast<std::uint64_t>(k);
    }
    if (x * (x - t) < 1.0 && 2.0 * language::log_of(x) <= t) {
      return static_cast<std::uint64_t>(k);
    }
  }
}

std::uint64_t many_binomial(Draws& draws, double m, double p) {
  const double q = 1.0 - p;
  const double mode = language::floor_of((m + 1.0) * p);
  const double slope = log_ratio((m - mode + 1.0) * p, (mode + 1.0) * q);
  return by_ratio(draws, m * p, m * p * q, m, [&](double k) {
    return factorials(mode, k) + factorials(m - mode, m - k) + (k - mode) * slope;
  });
}

/// Half of the places or fewer are drawn, and half of them or fewer are on the left.
std::uint64_t many_hypergeometric(Draws& draws, double m, double left, double total) {
  const double right = total - left;
  const double share = left / total;
  const double mode = language::floor_of((m + 1.0) * (left + 1.0) / (total + 2.0));
  const double slope =
      log_ratio((left - mode + 1.0) * (m - mode + 1.0), (mode + 1.0) * (right - m + mode + 1.0));
  const double variance = m * share * (1.0 - share) * (total - m) / (total - 1.0);
  return by_ratio(draws, m * share, variance, std::min(m, left), [&](double k) {
    return factorials(mode, k) + factorials(left - mode, left - k) + factorials(m - mode, m - k) +
           factorials(right - m + mode, right - m + k) + (k - mode) * slope;
  });
}

}  // namespace

std::uint64_t binomial(Draws& draws, std::uint64_t m, std::uint64_t left, std::uint64_t total) {
  if (left == 0 || left == total) {
    return left == 0 ? 0 : m;
  }
  if (m <= kFew) {
    std::uint64_t count = 0;
    for (std::uint64_t i = 0; i < m; ++i) {
      count += draws.below64(total) < left ? 1U : 0U;
    }
    return count;
  }
  const double share = static_cast<double>(left) / static_cast<double>(total);
  if (share > 0.5) {
    return m - binomial(draws, m, total - left, total);
  }
  return many_binomial(draws, static_cast<double>(m), share);
}

std::uint64_t hypergeometric(Draws& draws, std::uint64_t m, std::uint64_t left,
                             std::uint64_t total) {
  if (left == 0 || left == total) {
    return left == 0 ? 0 : m;
  }
  if (m > total - m) {
    return left - hypergeometric(draws, total - m, left, total);
  }
  if (left > total - left) {
    return m - hypergeometric(draws, m, total - left, total);
  }
  if (m > kFew) {
    return many_hypergeometric(draws, static_cast<double>(m), static_cast<double>(left),
                               static_cast<double>(total));
  }
  std::uint64_t count = 0;
  for (std::uint64_t i = 0; i < m; ++i) {
    count += draws.below64(total - i) < left - count ? 1U : 0U;
  }
  return count;
}

}  // namespace rheobase
