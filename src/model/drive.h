// SPDX-License-Identifier: Apache-2.0
/// \file
/// How many events a drive gives one neuron in one burst: a pure function of (drive, id, burst).
///
/// Poisson numbers are drawn for units of 2^unit_shift neurons, which are counted from the drive's
/// origin: a unit gets a Poisson number of events, of the mean of all its neurons together, and
/// each event goes to one of them, each as likely as the others. That gives each neuron a Poisson
/// number of its own, independent of the others' (the sum of independent Poisson numbers, taken
/// apart again), and where events are rare most units are done with after one look.
///
/// A number is found by a word of 32 bits in a table of cumulative probabilities; those are rounded
/// to 2^-32. The word's upper half is one of eight of a call of Threefry, and decides nearly always
/// alone; its lower half comes from another call, which who computes it may leave out where it does
/// not matter. docs/design/0010-draws.md says why.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "model/exponential.h"
#include "model/float_ops.h"
#include "model/random.h"

namespace rheobase::model {

/// Largest mean of a Poisson drive per burst: four draws of at most 500 each.
inline constexpr double kLargestPoissonMean = 2000.0;

/// Means up to here are drawn for units, as large as keeps a unit's mean at most kLargestUnitMean.
inline constexpr double kRareMean = 1.0 / 256.0;
inline constexpr double kLargestUnitMean = 0.25;
inline constexpr std::uint32_t kMostUnitShift = 12;

/// A drive made ready for running.
struct CompiledDrive {
  enum class Kind : std::uint32_t { constant, regular, poisson };
  Kind kind = Kind::constant;
  std::uint32_t first = 0, count = 0;
  float amplitude = 1.0F;
  std::uint32_t port = 0;
  std::uint64_t seed = 1;
  std::uint32_t stream = 0;
  std::uint32_t origin = 0;               ///< the draws count ids from here
  std::uint64_t step = 0;                 ///< regular: events per burst in units of 2^-32
  std::uint32_t draws = 1;                ///< poisson: sums of so many draws (1..4)
  std::uint32_t unit_shift = 0;           ///< poisson: log2 of the neurons drawn for together
  std::vector<std::uint32_t> cumulative;  ///< poisson: a draw h counts the entries <= h
};

/// log2 of the neurons that a Poisson number is drawn for, by the mean of one.
constexpr std::uint32_t unit_shift_of(double mean) {
  std::uint32_t shift = 0;
  if (mean <= kRareMean) {
    for (double next = 2.0 * mean; next <= kLargestUnitMean && shift < kMostUnitShift;
         next *= 2.0) {
      ++shift;
    }
  }
  return shift;
}

/// Cumulative probabilities of a Poisson number of that mean (<= 500) in units of 2^-32.
inline std::vector<std::uint32_t> poisson_table(double mean) {
  std::vector<std::uint32_t> table;
  double probability = exp_negative(mean);
  double sum = probability;
  for (std::uint32_t k = 1;; ++k) {
    const double scaled = sum * 4294967296.0;
    if (scaled >= 4294967295.0) {
      break;
    }
    table.push_back(static_cast<std::uint32_t>(scaled));
    probability *= mean / k;
    sum += probability;
    if (static_cast<double>(k) > mean && probability * 4294967296.0 < 0.25) {
      break;
    }
  }
  return table;
}

/// Events of a regular drive up to and including burst t, modulo 2^32.
constexpr std::uint32_t regular_events(std::uint64_t step, std::uint64_t t) {
  return static_cast<std::uint32_t>((step * t) >> 32U);
}

inline std::uint32_t table_count(const std::vector<std::uint32_t>& cumulative, std::uint32_t h) {
  std::size_t low = 0;
  std::size_t high = cumulative.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (cumulative[middle] <= h) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return static_cast<std::uint32_t>(low);
}

/// What is drawn for a unit: the upper or the lower halves of the words for one of its numbers, or
/// the places of four events.
enum class DrivePart : std::uint32_t { upper = 0, lower = 1, places = 8 };
constexpr DrivePart upper_part(std::uint32_t number) { return DrivePart{2U * number}; }
constexpr DrivePart lower_part(std::uint32_t number) { return DrivePart{2U * number + 1U}; }
constexpr DrivePart places_part(std::uint32_t event) { return DrivePart{8U + event / 4U}; }

/// Counter and key of Threefry for a drive. `index`: a call, or a unit where places are drawn.
struct DriveDraw {
  std::array<std::uint32_t, 4> counter, key;
};
constexpr DriveDraw drive_draw(const CompiledDrive& d, DrivePart part, std::uint32_t index,
                               std::uint64_t t) {
  return {{index, static_cast<std::uint32_t>(t), static_cast<std::uint32_t>(t >> 32U),
           static_cast<std::uint32_t>(Purpose::drive) | (static_cast<std::uint32_t>(part) << 8U) |
               (d.unit_shift << 16U)},
          {static_cast<std::uint32_t>(d.seed), static_cast<std::uint32_t>(d.seed >> 32U), d.stream,
           0U}};
}
constexpr std::array<std::uint32_t, 4> drive_words(const CompiledDrive& d, DrivePart part,
                                                   std::uint32_t index, std::uint64_t t) {
  const DriveDraw draw = drive_draw(d, part, index, t);
  return threefry(draw.counter, draw.key);
}

/// Sixteen calls serve 128 units. Word w of call c serves units 32 w + 2 c (by its lower half) and
/// 32 w + 2 c + 1: a vector of calls gives a vector of neighbours without any shuffling.
inline constexpr std::uint32_t kUnitsOfCalls = 128;
inline constexpr std::uint32_t kCallsOfUnits = 16;
constexpr std::uint32_t half_for(const CompiledDrive& d, DrivePart part, std::uint32_t unit,
                                 std::uint64_t t) {
  const std::uint32_t call = unit / kUnitsOfCalls * kCallsOfUnits + unit / 2U % kCallsOfUnits;
  const std::uint32_t word = drive_words(d, part, call, t)[unit / 32U % 4U];
  return unit % 2U == 0U ? word & 0xFFFFU : word >> 16U;
}

/// Events of a Poisson drive for all neurons of a unit.
inline std::uint32_t unit_events(const CompiledDrive& d, std::uint32_t unit, std::uint64_t t) {
  std::uint32_t events = 0;
  for (std::uint32_t number = 0; number < d.draws; ++number) {
    const std::uint32_t upper = half_for(d, upper_part(number), unit, t);
    const std::uint32_t lower = half_for(d, lower_part(number), unit, t);
    events += table_count(d.cumulative, upper << 16U | lower);
  }
  return events;
}

/// Which of a unit's neurons gets its event number `event`; only for units of more than one.
constexpr std::uint32_t place_of(const CompiledDrive& d, std::uint32_t unit, std::uint32_t event,
                                 std::uint64_t t) {
  return drive_words(d, places_part(event), unit, t)[event % 4U] >> (32U - d.unit_shift);
}

/// Events that neuron `id` gets from the drive in burst t.
inline std::uint32_t drive_events(const CompiledDrive& d, std::uint32_t id, std::uint64_t t) {
  if (d.kind == CompiledDrive::Kind::constant) {
    return 1;
  }
  if (d.kind == CompiledDrive::Kind::regular) {
    return regular_events(d.step, t) - regular_events(d.step, t - 1U);
  }
  const std::uint32_t index = id - d.origin;
  const std::uint32_t unit = index >> d.unit_shift;
  const std::uint32_t all = unit_events(d, unit, t);
  if (d.unit_shift == 0) {
    return all;
  }
  std::uint32_t events = 0;
  for (std::uint32_t event = 0; event < all; ++event) {
    events += place_of(d, unit, event, t) == index - (unit << d.unit_shift) ? 1U : 0U;
  }
  return events;
}

/// What `events` events inject; clamped like any injection, so that sums of drives stay finite.
inline float drive_potential(const CompiledDrive& d, std::uint32_t events) {
  return canonical(mul_rn(static_cast<float>(events), d.amplitude));
}

}  // namespace rheobase::model
