// SPDX-License-Identifier: Apache-2.0
/// \file
/// The rules by which neurons of a network advance, and the named profiles of FEAGI.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rheobase/export.h"

namespace rheobase {

/// Rules of the step; a property of the whole network. The default is the plain leaky
/// integrate-and-fire neuron that NEST calls iaf_psc_delta.
/// A *candidate* is a neuron that received at least one event (synaptic or injected) in the burst,
/// also when the charges cancel to zero.
struct Rules {
  enum class Leak : std::uint8_t {
    every_burst,  ///< u = u * keep + input, every burst
    after_miss,   ///< u = u * keep, only for candidates whose test did not fire
  };
  enum class When : std::uint8_t { every_burst, as_candidate };
  enum class Forget : std::uint8_t {
    every_burst,       ///< a non-accumulating neuron starts every burst at rest
    former_candidate,  ///< only if it was a candidate in the burst before and did not fire
  };

  Leak leak = Leak::every_burst;
  /// When refractory period and snooze count down.
  When countdown = When::every_burst;
  /// When threshold, excitability draw and reset of the run of fires happen.
  When test = When::every_burst;
  /// What a neuron with `accumulates = false` forgets.
  Forget forget = Forget::every_burst;
  /// A net negative input of an accumulating neuron counts as 0.
  bool floor_negative = false;
  /// With Leak::every_burst: the potential leaks during the refractory period too (FEAGI 0.0.53);
  /// otherwise it is held (NEST, Brian2).
  bool leak_in_refractory = false;
  /// A neuron without fire limit is blocked once when its count of fires reaches 65,535 (FEAGI).
  bool saturating_count = false;
  /// Snooze is a countdown of its own that follows the refractory one; the fire limit leaks
  /// (FEAGI of October 2025).
  bool separate_snooze = false;
  /// Potential-driven PSP is rounded half away from zero and clamped to 0..255 (FEAGI before
  /// 0.0.49); otherwise it is the potential itself, clamped to 0..65536.
  bool rounded_psp = false;

  friend bool operator==(const Rules&, const Rules&) = default;
};

/// How networks from a FEAGI genome behave; newest first. `plain` is the default of networks built
/// in code.
enum class Semantics : std::uint8_t {
  plain,
  feagi_0_0_53,
  feagi_0_0_49,
  feagi_2026_02,
  feagi_2025_10
};

/// The rules of a profile.
[[nodiscard]] RHEOBASE_API Rules rules_of(Semantics semantics);

/// "plain", "feagi-0.0.53", "feagi-0.0.49", "feagi-2026-02", "feagi-2025-10".
[[nodiscard]] RHEOBASE_API std::string_view name_of(Semantics semantics);

/// The profile of that name. \throws Error invalid_argument that lists the names.
[[nodiscard]] RHEOBASE_API Semantics semantics_from_name(std::string_view name);

}  // namespace rheobase
