// SPDX-License-Identifier: Apache-2.0
/// \file
/// How long a burst should take, for `auto` to choose by. The coefficients are fitted to what
/// `rheobase bench gpu` prints on an H100 and `rheobase bench cpu` on 2 cores of a Xeon
/// (bench/README.md, bench/RESULTS.md); a factor of two does not matter, since the two sides differ
/// by more nearly everywhere.
#pragma once

#include <algorithm>
#include <cstdint>

namespace rheobase {

/// Firing that is assumed, since nobody knows it before the run: 1 % of the neurons in a burst.
inline constexpr double kAssumedFiring = 0.01;

/// Of the root-like gain that threads bring: n threads are worth n^0.68 in the step and n^0.58 in
/// the delivery. Computed by repeated halving, as no libm function belongs here.
[[nodiscard]] inline double gain_of(std::uint32_t threads, double per_doubling) {
  double gain = 1.0;
  for (; threads > 1; threads /= 2) {
    gain *= per_doubling;
  }
  return gain;
}

/// Microseconds of one burst on the cpu backend.
[[nodiscard]] inline double cpu_burst_us(std::uint64_t neurons, std::uint64_t synapses,
                                         std::uint32_t threads) {
  constexpr double kStepUs = 0.0013;
  // accumulators in the cache next to the core, in the shared one, in memory
  const double event_us = neurons <= 20'000 ? 0.001 : neurons <= 200'000 ? 0.0018 : 0.0038;
  return static_cast<double>(neurons) * kStepUs / gain_of(threads, 1.6) +
         static_cast<double>(synapses) * kAssumedFiring * event_us / gain_of(threads, 1.5);
}

/// Microseconds of one burst on a discrete GPU; never less than kLeastGpuUs.
inline constexpr double kLeastGpuUs = 6.0;
[[nodiscard]] inline double gpu_burst_us(std::uint64_t neurons, std::uint64_t synapses) {
  return kLeastGpuUs + static_cast<double>(neurons) * 13.5e-6 +
         static_cast<double>(synapses) * kAssumedFiring / 70'000.0;
}

}  // namespace rheobase
