// SPDX-License-Identifier: Apache-2.0
/// \file
/// From spikes to values for actuators. Results have the same bits on every machine.
///
/// Spikes are rows of bursts, as in encode.h. Counts and activities are numbers of at least 0 and
/// at most 2^100, as are temperatures and the like where nothing else is said. \throws Error
/// invalid_argument, everywhere, for sizes that do not fit and for what is no number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "rheobase/encode.h"
#include "rheobase/export.h"

namespace rheobase::decode {

/// Spikes of each value in all rows. `values` >= 1 divides the number of entries.
[[nodiscard]] RHEOBASE_API std::vector<std::uint32_t> counts(std::span<const std::uint8_t> spikes,
                                                             std::size_t values);
[[nodiscard]] RHEOBASE_API std::vector<std::uint32_t> counts(std::span<const std::uint16_t> spikes,
                                                             std::size_t values);

/// low + share (high - low).
[[nodiscard]] RHEOBASE_API std::vector<float> scaled(std::span<const float> shares, float low,
                                                     float high);

/// What `encode::latency` encoded, from the first spike of each value; `silent` where there is
/// none. Of several rows: error at most 1 / (2 (rows - 1)).
[[nodiscard]] RHEOBASE_API std::vector<float> latency(std::span<const std::uint8_t> spikes,
                                                      std::size_t values, float silent = 0.0F);
/// What `encode::first_spike` encoded, by the end of the row of the first spike: the least value
/// that fires by then.
[[nodiscard]] RHEOBASE_API std::vector<float> first_spike(std::span<const std::uint8_t> spikes,
                                                          std::size_t values, double tau,
                                                          float threshold, float silent = 0.0F);

/// The mean of the neurons' preferences, weighted by activity. `preferred`: for each neuron
/// `axes` numbers, a place or a direction; `activity`: of each set of neurons, one after the other.
/// For each set `axes` numbers; `silent` where nothing is active.
[[nodiscard]] RHEOBASE_API std::vector<float> population_vector(std::span<const float> activity,
                                                                std::span<const float> preferred,
                                                                std::size_t axes,
                                                                float silent = 0.0F);
/// positive - negative of each pair.
[[nodiscard]] RHEOBASE_API std::vector<float> signed_pair(std::span<const float> pairs);

/// The most active one of each `choices` entries, the first of equal ones; -1 where all are 0.
[[nodiscard]] RHEOBASE_API std::vector<std::int32_t> winner(std::span<const float> activity,
                                                            std::size_t choices);
/// Probabilities exp(a / temperature), divided by their sum, for each `choices` entries.
/// temperature > 0.
[[nodiscard]] RHEOBASE_API std::vector<float> softmax(std::span<const float> activity,
                                                      std::size_t choices, double temperature);
/// One of each `choices` entries, drawn with the probabilities of `softmax`: the draw of set i
/// follows from the seed, id first_id + i and first_burst.
[[nodiscard]] RHEOBASE_API std::vector<std::int32_t> softmax_choice(
    std::span<const float> activity, std::size_t choices, double temperature,
    const encode::Draws& draws = {});

/// FEAGI's decoder of a Percentage: `active` as encode::percentage makes it, any number for an
/// active neuron. Linear: the mean over active neurons of 1 - z / depth; fractional: the sum of
/// 2^-(z + 1), at most 1. FEAGI sums 2^-z, twice what its encoder means. `silent` where none is
/// active.
[[nodiscard]] RHEOBASE_API std::vector<float> percentage(std::span<const float> active,
                                                         std::size_t depth,
                                                         encode::Positioning positioning,
                                                         float silent = 0.0F);
/// FEAGI's decoder of a SignedPercentage: that of the first column less that of the second; a
/// silent column counts 0.
[[nodiscard]] RHEOBASE_API std::vector<float> signed_percentage(std::span<const float> active,
                                                                std::size_t depth,
                                                                encode::Positioning positioning);

/// Activity that fades: y = y k + x (1 - k) with k = exp(-dt / tau), from 0 on. A constant x is
/// reached, a lone spike leaves (1 - k) k^n after n bursts.
class RHEOBASE_API LowPass {
 public:
  /// tau and dt in ms, > 0.
  LowPass(std::size_t values, double tau, double dt);
  /// One burst. \return the values after it, until the next call.
  std::span<const float> step(std::span<const float> activity);
  [[nodiscard]] std::span<const float> values() const { return values_; }
  /// Back to 0.
  void reset();

 private:
  std::vector<float> values_;
  float keep_ = 0.0F, take_ = 1.0F;
};

/// Limits of an actuator.
struct ActuatorLimits {
  float low = -1.0F, high = 1.0F;  ///< of its value, low <= high
  double most_speed = 0.0;         ///< units a second, > 0; 0: no limit
  double tau = 0.0;                ///< ms by which it lags, > 0; 0: none
  float rest = 0.0F;               ///< where it begins, low <= rest <= high
};

/// Values that follow targets smoothly: the target is cut off at the limits, the value moves toward
/// it by the share 1 - exp(-dt / tau), and never faster than most_speed.
class RHEOBASE_API Actuator {
 public:
  /// dt in ms, > 0.
  Actuator(std::size_t values, const ActuatorLimits& limits, double dt);
  /// One burst. \return the values after it, until the next call.
  std::span<const float> step(std::span<const float> targets);
  [[nodiscard]] std::span<const float> values() const { return values_; }
  /// Back to rest.
  void reset();

 private:
  std::vector<float> values_;
  ActuatorLimits limits_;
  float share_ = 1.0F, most_change_ = 0.0F;
};

}  // namespace rheobase::decode
