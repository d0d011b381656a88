// SPDX-License-Identifier: Apache-2.0
/// \file
/// What neurons have in common: the rules of a network's step and the parameters of a class.
#pragma once

#include <cstdint>

#include "model/fixed_point.h"

namespace rheobase::model {

// What stands between these marks is the device's too: cmake/print_wgsl.py prints it as WGSL.
// wgsl begin

/// Rules of the step, as bits (rheobase::Rules says what they mean).
enum StepRule : std::uint32_t {
  kLeakEveryBurst = 1U << 0U,
  kCountdownEveryBurst = 1U << 1U,
  kTestEveryBurst = 1U << 2U,
  kForgetFormerCandidate = 1U << 3U,
  kFloorNegative = 1U << 4U,
  kLeakInRefractory = 1U << 5U,
  kSaturatingCount = 1U << 6U,
  kSeparateSnooze = 1U << 7U,
};

/// Properties of a neuron's class, as bits.
enum ClassFlag : std::uint32_t {
  kAccumulates = 1U << 0U,
  kAlwaysFires = 1U << 1U,      ///< no draw
  kDead = 1U << 2U,             ///< deleted: nothing changes it
  kPotentialDriven = 1U << 3U,  ///< its spikes carry the potential at firing
  kDividedPsp = 1U << 4U,       ///< its PSP is shared among its synapses
};

/// Parameters shared by all neurons of a class; potentials are relative to rest.
struct NeuronClass {
  float threshold;
  float threshold_limit;
  float keep;  ///< 1 - leak
  float reset;
  float rest;                ///< absolute; turns u into a potential
  std::uint32_t draw_below;  ///< fires if hash < draw_below
  std::uint16_t refractory_period;
  std::uint16_t fire_limit;  ///< 0: none
  std::uint16_t snooze_period;
  std::uint16_t flags;  ///< ClassFlag
};

// wgsl end

/// T(e): the least h with f32(h) * 2^-32 >= e, so that FEAGI's test u < e is h < T(e).
/// f32(h) rounds to nearest even. e in (0, 0.999).
inline std::uint32_t draw_threshold(float excitability) {
  std::uint32_t low = 0;
  std::uint32_t high = 0xFFFFFFFFU;
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2U;
    if (fixed_to_f32(static_cast<std::int64_t>(middle), 32U) >= excitability) {
      high = middle;
    } else {
      low = middle + 1U;
    }
  }
  return low;
}

}  // namespace rheobase::model
