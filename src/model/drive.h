// SPDX-License-Identifier: Apache-2.0
/// \file
/// How many events a drive gives one neuron in one burst: a pure function of (drive, id, burst).
#pragma once

#include <cstdint>
#include <vector>

#include "model/exponential.h"
#include "model/float_ops.h"
#include "model/random.h"

namespace rheobase::model {

/// Largest mean of a Poisson drive per burst: four draws of at most 500 each.
inline constexpr double kLargestPoissonMean = 2000.0;

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
  std::vector<std::uint32_t> cumulative;  ///< poisson: a draw h counts the entries <= h
};

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

/// Events that neuron `id` gets from the drive in burst t.
inline std::uint32_t drive_events(const CompiledDrive& d, std::uint32_t id, std::uint64_t t) {
  if (d.kind == CompiledDrive::Kind::constant) {
    return 1;
  }
  if (d.kind == CompiledDrive::Kind::regular) {
    return regular_events(d.step, t) - regular_events(d.step, t - 1U);
  }
  const auto words = draw4(d.seed, Purpose::drive, d.stream, id - d.origin, t);
  std::uint32_t events = 0;
  for (std::uint32_t i = 0; i < d.draws; ++i) {
    events += table_count(d.cumulative, words[i]);
  }
  return events;
}

/// What `events` events inject; clamped like any injection, so that sums of drives stay finite.
inline float drive_potential(const CompiledDrive& d, std::uint32_t events) {
  return canonical(mul_rn(static_cast<float>(events), d.amplitude));
}

}  // namespace rheobase::model
