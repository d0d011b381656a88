// SPDX-License-Identifier: Apache-2.0
/// \file
/// From values of sensors to spikes and activity. Results have the same bits on every machine:
/// sums, products and integers, draws by (seed, id, burst).
///
/// Spikes are rows of bursts: entry `burst * values + value` is how many the value has in that
/// burst. The burst of the first row is number 0 where a code has a beginning (latency), else the
/// bursts go on from call to call (`first_burst`). Shares are numbers from 0 to 1; `scaled` makes
/// them. \throws Error invalid_argument, everywhere, for a value that is no number or out of its
/// range; out_of_memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "rheobase/export.h"

namespace rheobase::encode {

/// For whom something is drawn: the draw of a value follows from the seed, its id and the burst, so
/// parts of a sensor can be encoded apart, burst by burst or many at once, with the same spikes.
struct Draws {
  std::uint64_t seed = 1;
  std::uint32_t first_id = 0;     ///< of the first value; those of the others follow
  std::uint64_t first_burst = 1;  ///< of the first row
};

/// (value - low) / (high - low), at least 0 and at most 1. low < high.
[[nodiscard]] RHEOBASE_API std::vector<float> scaled(std::span<const float> values, float low,
                                                     float high);

/// Evenly spaced spikes: of a share v, the bursts 1 to n have v n spikes, rounded.
[[nodiscard]] RHEOBASE_API std::vector<std::uint8_t> rate(std::span<const float> shares,
                                                          std::size_t bursts,
                                                          std::uint64_t first_burst = 1);
/// A spike in a burst with the probability that the share is.
[[nodiscard]] RHEOBASE_API std::vector<std::uint8_t> bernoulli(std::span<const float> shares,
                                                               std::size_t bursts,
                                                               const Draws& draws = {});
/// A Poisson number of events in a burst, of that mean: 0 to 2000 events a burst.
[[nodiscard]] RHEOBASE_API std::vector<std::uint16_t> poisson(std::span<const float> means,
                                                              std::size_t bursts,
                                                              const Draws& draws = {});

/// One spike for each value, the sooner the larger the share: in row (1 - v) (bursts - 1), rounded.
/// bursts >= 1.
[[nodiscard]] RHEOBASE_API std::vector<std::uint8_t> latency(std::span<const float> shares,
                                                             std::size_t bursts);
/// One spike for each value when a leaky neuron that it drives reaches its threshold: after
/// tau ln(v / (v - threshold)) bursts, in the row in which that time ends; none for values up to
/// the threshold, or if it is too late. tau > 0 bursts, threshold > 0.
[[nodiscard]] RHEOBASE_API std::vector<std::uint8_t> first_spike(std::span<const float> values,
                                                                 std::size_t bursts, double tau,
                                                                 float threshold);

/// How much neurons with bell-shaped tuning prefer each value: exp(-(v - centre)^2 / (2 width^2)),
/// for each value, width and centre, the centres innermost. Widths > 0.
[[nodiscard]] RHEOBASE_API std::vector<float> population(std::span<const float> values,
                                                         std::span<const float> centres,
                                                         std::span<const float> widths);
/// (value, 0) for a positive value, (0, -value) for a negative one.
[[nodiscard]] RHEOBASE_API std::vector<float> signed_pair(std::span<const float> values);

/// A picture's contrast: how much each pixel is brighter (on), or darker (off), than the mean of
/// the square of 2 radius + 1 pixels around it, of which those within the picture count. Entry (row
/// * width + column) * 2 is on, the next off. radius >= 1.
[[nodiscard]] RHEOBASE_API std::vector<float> on_off(std::span<const float> picture,
                                                     std::size_t height, std::size_t width,
                                                     std::size_t radius);
/// How much each pixel became brighter (on) or darker (off) from one picture to the next, as
/// `on_off`; 0 for changes below `threshold` >= 0 in size. Sizes must agree.
[[nodiscard]] RHEOBASE_API std::vector<float> frame_difference(std::span<const float> picture,
                                                               std::span<const float> former,
                                                               float threshold);

/// Events of an event camera (address events) as counts: microseconds, column, row and polarity of
/// each, in any order. Row i of the result has the events from begin + i * burst_us on, before the
/// next row's; entry ((i * height + y) * width + x) * 2 those of polarity on, the next those off.
/// Counts stop at 65535; events of other times are left out. burst_us > 0. \throws Error as the
/// others, also if columns differ in length or a pixel is outside the picture.
struct Events {
  std::span<const std::int64_t> microseconds;
  std::span<const std::uint16_t> x, y;
  std::span<const std::uint8_t> on;  ///< 0: darker; else brighter
};
[[nodiscard]] RHEOBASE_API std::vector<std::uint16_t> events(const Events& events,
                                                             std::size_t height, std::size_t width,
                                                             std::int64_t begin, double burst_us,
                                                             std::size_t bursts);

/// Where the neurons of a percentage are along the depth of an area (FEAGI:
/// percentage_neuron_positioning).
enum class Positioning : std::uint8_t {
  linear,      ///< one neuron: z = floor((1 - v) depth), so z = 0 is the most
  fractional,  ///< neuron z stands for 2^-(z + 1): those of the binary digits of v
};
/// FEAGI's code of a Percentage, value by value the neurons z of a column of that depth: 1 or 0.
/// 0 fires the last neuron, as in FEAGI. depth >= 1; fractional: at most 24.
[[nodiscard]] RHEOBASE_API std::vector<std::uint8_t> percentage(std::span<const float> shares,
                                                                std::size_t depth,
                                                                Positioning positioning);
/// FEAGI's code of a SignedPercentage, -1 to 1: for each value a column for positive numbers, then
/// one for negative ones. 0 fires the last neuron of both.
[[nodiscard]] RHEOBASE_API std::vector<std::uint8_t> signed_percentage(
    std::span<const float> values, std::size_t depth, Positioning positioning);

}  // namespace rheobase::encode
