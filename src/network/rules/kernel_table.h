// SPDX-License-Identifier: Apache-2.0
/// \file
/// A kernel of distance with its bounds: what most pairs ask for is looked up.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "rheobase/distance.h"

namespace rheobase {

/// p * kernel as a function of the squared distance. Bins of squared distances, 32 in each octave
/// down to 2^-16 of the farthest, give bounds.
class KernelTable {
 public:
  /// From there on all draws of a bin are candidates; below, they are found by gaps.
  static constexpr float kManyOf = 0.9F;

  struct Bin {
    float upper = 0.0F, lower = 0.0F;   ///< bounds of the probability
    double rate = 0.0, per_rate = 0.0;  ///< rate_of(upper) and 1 / that, where upper < kManyOf
  };

  KernelTable(const DistanceKernel& kernel, double p, double max_distance);

  [[nodiscard]] const Bin& bin_of(float squared) const {
    const auto at = static_cast<std::int64_t>(std::bit_cast<std::uint32_t>(squared) >> kShift) -
                    static_cast<std::int64_t>(first_);
    return bins_[at < 0 ? 0U : (at < kBins ? static_cast<std::size_t>(at) : kBins)];
  }
  /// The probability itself.
  [[nodiscard]] double at(float squared) const;

 private:
  static constexpr unsigned kShift = 18;  ///< leaves 5 bits of the digits
  static constexpr std::int64_t kBins = 16 * 32 + 2;

  DistanceKernel kernel_;
  double p_;
  double limit_ = 0.0;  ///< squared distance from which on there is nothing
  std::uint32_t first_ = 0;
  std::array<Bin, kBins + 1> bins_{};  ///< the first down to 0, the last beyond the limit
};

}  // namespace rheobase
