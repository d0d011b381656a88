// SPDX-License-Identifier: Apache-2.0
/// \file
/// Draws from distributions: pure functions of a key and a counter.
#pragma once

#include <cstdint>
#include <span>

#include "model/random.h"
#include "rheobase/distribution.h"

namespace rheobase {

/// For what numbers are drawn. Keys that differ give independent numbers.
struct DrawKey {
  std::uint64_t seed = 0;
  model::Purpose purpose = model::Purpose::sample;
  std::uint32_t stream = 0;  ///< a connection, a parameter, …
  std::uint32_t row = 0;     ///< a part of it that is drawn by itself, such as a neuron's synapses

  /// The word of draw `counter`: each block of Philox has two.
  [[nodiscard]] std::uint64_t word(std::uint64_t counter) const;
  /// The words first, first + 1, …
  void words(std::uint64_t first, std::span<std::uint64_t> to) const;
};

/// A distribution, ready to be drawn from: what limits and steps ask for is made once.
class Sampler {
 public:
  explicit Sampler(const Distribution& distribution);

  /// Draw `counter` of a key: canonical, within the limits.
  [[nodiscard]] float draw(const DrawKey& key, std::uint64_t counter) const;
  /// The draws first, first + 1, … of a key; the same numbers.
  void draw_many(const DrawKey& key, std::uint64_t first, std::span<float> to) const;

 private:
  /// Of all shares, the one within the limits. `turn_` is exact; the sum could round to 1.
  [[nodiscard]] double part_of(double share) const {
    constexpr double kMostShare = 1.0 - 0x1p-53;
    const double part = share_low_ + share_range_ * (turn_ + turned_ * share);
    return part < kMostShare ? part : kMostShare;
  }
  void numbers_at(std::span<double> shares) const;
  [[nodiscard]] float finished(double number) const;

  Distribution::Kind kind_;
  double first_, second_;
  // shares of the distribution function (of what is above, for the exponential one) that lie within
  double share_low_ = 0.0, share_range_ = 1.0;
  double turn_ = 0.0, turned_ = 1.0;
  double step_, per_step_ = 0.0;
  float least_ = 0.0F, most_ = 0.0F;
};

/// Draw `counter` of a key.
[[nodiscard]] inline float draw(const Distribution& distribution, const DrawKey& key,
                                std::uint64_t counter) {
  return Sampler(distribution).draw(key, counter);
}

/// The least and the largest multiple of its step that lie within its limits; least > most: none.
struct Multiples {
  double least = 0.0, most = 0.0;
};
[[nodiscard]] Multiples multiples_within(const Distribution& distribution);

/// The probability that a draw without limits lies within those of the distribution.
[[nodiscard]] double probability_within(const Distribution& distribution);

}  // namespace rheobase
