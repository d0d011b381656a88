// SPDX-License-Identifier: Apache-2.0
/// \file
/// Random numbers as a value: from which distribution parameters, weights or delays are drawn.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>

#include "rheobase/export.h"

namespace rheobase {

/// A distribution of numbers. What is drawn from it follows from a seed and from what it is drawn
/// for, so it is the same on every machine, with any number of threads, in any order. Numbers are
/// 32-bit floats within +-2^100.
class RHEOBASE_API Distribution {
 public:
  enum class Kind : std::uint8_t { normal, lognormal, uniform, exponential };

  /// \throws Error invalid_argument as the makers below.
  Distribution(Kind kind, double first, double second);

  /// Cut off outside low .. high: as if a draw were repeated until it lies within (NEST:
  /// `redraw`), limits included. May be infinite on a side. A second call narrows the first.
  /// \throws Error invalid_argument if low > high, a limit is NaN, or a draw would lie within with
  /// a probability below 1e-9.
  [[nodiscard]] Distribution within(double low, double high) const;
  /// Rounded to the nearest multiple of `size` > 0, among those that lie within the limits: delays
  /// on the time grid, weights with few values.
  /// \throws Error invalid_argument if there is none, or if the size is out of range.
  [[nodiscard]] Distribution step(double size) const;

  /// The same of numbers that are `factor` > 0 times as large, limits and step with them.
  /// \throws Error invalid_argument if a number leaves its range.
  [[nodiscard]] Distribution times(double factor) const;

  [[nodiscard]] Kind kind() const { return kind_; }
  /// mean, mu, low, or the mean of the exponential distribution.
  [[nodiscard]] double first() const { return first_; }
  /// standard deviation, sigma, high; 0 for the exponential distribution.
  [[nodiscard]] double second() const { return second_; }
  /// Limits of `within`; infinite where there are none.
  [[nodiscard]] double lowest() const { return lowest_; }
  [[nodiscard]] double highest() const { return highest_; }
  /// Size of `step`; 0: none.
  [[nodiscard]] double step() const { return step_; }

  /// As it is written: "normal(-60, 5).within(-70, -50)".
  [[nodiscard]] std::string describe() const;
  /// Fills `numbers` with draws to look at; those of a network have seeds of their own.
  void sample(std::uint64_t seed, std::span<float> numbers) const;

  friend bool operator==(const Distribution&, const Distribution&) = default;

 private:
  Kind kind_ = Kind::normal;
  double first_ = 0.0, second_ = 0.0;
  double lowest_ = -std::numeric_limits<double>::infinity();
  double highest_ = std::numeric_limits<double>::infinity();
  double step_ = 0.0;
};

// Arguments are finite and within +-2^100; otherwise, and where it is said, Error invalid_argument.

/// Of that mean and standard deviation sd >= 0.
[[nodiscard]] RHEOBASE_API Distribution normal(double mean, double sd);
/// Its logarithm is normal with mean `mu` and standard deviation `sigma` >= 0 (as in NEST and
/// NumPy): the median is e^mu, the mean e^(mu + sigma^2 / 2). mu and sigma are at most 100 in size.
[[nodiscard]] RHEOBASE_API Distribution lognormal(double mu, double sigma);
/// Evenly from low to high, low <= high.
[[nodiscard]] RHEOBASE_API Distribution uniform(double low, double high);
/// Of that mean > 0 (NEST's beta, NumPy's scale), from 0 on.
[[nodiscard]] RHEOBASE_API Distribution exponential(double mean);

}  // namespace rheobase
