// SPDX-License-Identifier: Apache-2.0
/// \file
/// The time that a step reads.
#pragma once

#include <cstdint>

namespace rheobase::model {

/// Half steps after the beginning of a burst at which a step may ask for the time: there, in the
/// middle, at the end.
inline constexpr std::uint32_t kTimesOfStep = 3;
/// No time is later, in ms: 35 years.
inline constexpr float kLatestTime = 0x1p40F;

/// Burst 1 begins at 0. In double precision and rounded to a float at the end, so that a multiple
/// of dt is the float that the same number in a text is. Hosts alone compute it.
inline float time_of(std::uint64_t burst, double dt_ms, std::uint32_t half_steps) {
  const double ms = (static_cast<double>(burst) - 1.0 + 0.5 * half_steps) * dt_ms;
  const double latest = kLatestTime;
  return static_cast<float>(ms > 0.0 ? (ms < latest ? ms : latest) : 0.0);
}

}  // namespace rheobase::model
