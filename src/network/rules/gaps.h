// SPDX-License-Identifier: Apache-2.0
/// \file
/// Exponentially distributed numbers, by which one goes from one that is drawn to the next, at the
/// cost of those that are drawn.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "definition/double_functions.h"

namespace rheobase {

/// -log u with u = (word + 1/2) / 2^32: within 1e-12 from sums and products alone.
class Exponential {
 public:
  Exponential() {
    for (std::size_t i = 0; i < kCells; ++i) {
      const double middle = 1.0 + (static_cast<double>(i) + 0.5) / kCells;
      inverse_[i] = 1.0 / middle;
      logarithm_[i] = language::log_of(middle);
    }
  }
  [[nodiscard]] double operator()(std::uint32_t word) const {
    const auto bits = std::bit_cast<std::uint64_t>(2.0 * word + 1.0);  // 2^33 u
    const auto power = static_cast<std::int32_t>(bits >> 52U) - 1023;
    const std::size_t cell = (bits >> 45U) & (kCells - 1U);
    const double digits =
        std::bit_cast<double>((bits & 0xFFFFFFFFFFFFFULL) | 0x3FF0000000000000ULL);
    const double r = digits * inverse_[cell] - 1.0;  // at most 1/256
    const double log_rest = r * (1.0 - r * (0.5 - r * (1.0 / 3.0 - r * (0.25 - r * 0.2))));
    constexpr double kLog2 = 0x1.62e42fefa39efp-1;
    return (33 - power) * kLog2 - (logarithm_[cell] + log_rest);
  }

 private:
  static constexpr std::size_t kCells = 128;
  std::array<double, kCells> inverse_{}, logarithm_{};
};

/// The one table of the process.
inline const Exponential& exponential_table() {
  static const Exponential table;
  return table;
}

/// -log(1 - p) for 0 <= p < 1: how fast the exponential number is used up by draws of p.
inline double rate_of(double p) {
  if (p > 0.1) {
    return -language::log_of(1.0 - p);
  }
  const double s = p / (2.0 - p);
  double sum = 0.0;
  for (int n = 17; n >= 3; n -= 2) {
    sum = (sum + 1.0 / n) * s * s;
  }
  return 2.0 * s * (1.0 + sum);
}

}  // namespace rheobase
