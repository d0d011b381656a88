// SPDX-License-Identifier: Apache-2.0
/// \file
/// Percentiles of times, in memory that does not grow.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "rheobase/realtime.h"

namespace rheobase {

/// Counts times in classes of 1/32 of their size, so that a percentile is right within 3 %.
class TimeHistogram {
 public:
  void add(double seconds) {
    const auto ns = static_cast<std::uint64_t>(std::max(seconds, 0.0) * 1e9);
    ++counts_[class_of(ns)];
    ++total_;
    max_ns_ = std::max(max_ns_, ns);
  }

  [[nodiscard]] TimeSpread spread() const {
    return {percentile(0.5), percentile(0.99), percentile(0.999),
            static_cast<double>(max_ns_) * 1e-3};
  }

 private:
  static constexpr std::uint32_t kFine = 5;  ///< 2^5 classes for each power of two
  static constexpr std::uint64_t kClasses = std::uint64_t{65 - kFine} << kFine;

  static std::size_t class_of(std::uint64_t ns) {
    if (ns < (std::uint64_t{2} << kFine)) {
      return static_cast<std::size_t>(ns);
    }
    const auto shift = static_cast<std::uint32_t>(std::bit_width(ns)) - kFine - 1U;
    return static_cast<std::size_t>((std::uint64_t{shift} << kFine) + (ns >> shift));
  }
  /// The largest time of a class, in microseconds.
  static double upper_us(std::size_t index) {
    if (index < (std::size_t{2} << kFine)) {
      return static_cast<double>(index) * 1e-3;
    }
    const std::uint64_t shift = (index >> kFine) - 1U;
    const std::uint64_t rest = index - (shift << kFine);
    return static_cast<double>(((rest + 1U) << shift) - 1U) * 1e-3;
  }
  [[nodiscard]] double percentile(double share) const {
    const auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(total_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (seen > wanted) {
        return std::min(upper_us(i), static_cast<double>(max_ns_) * 1e-3);
      }
    }
    return static_cast<double>(max_ns_) * 1e-3;
  }

  std::array<std::uint64_t, kClasses> counts_{};
  std::uint64_t total_ = 0;
  std::uint64_t max_ns_ = 0;
};

}  // namespace rheobase
