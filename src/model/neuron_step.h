// SPDX-License-Identifier: Apache-2.0
/// \file
/// How one neuron advances by one burst: the only definition of the dynamics in C++.
/// Written without branches, so that compilers can run many neurons side by side.
#pragma once

#include <cstdint>

#include "model/float_ops.h"
#include "model/neuron_class.h"
#include "model/random.h"

namespace rheobase::model {

// What stands between these marks is the device's step too: cmake/print_wgsl.py prints it as WGSL.
// wgsl begin

inline constexpr std::uint32_t kMostFires = 65535;

struct NeuronState {
  float u = 0.0F;
  std::uint32_t refractory_countdown = 0;
  std::uint32_t fire_count = 0;
  std::uint32_t snooze_countdown = 0;
  std::uint32_t forget = 0;
};

struct StepInput {
  bool candidate = false;  ///< received at least one event
  float injected = 0.0F;
  float synaptic = 0.0F;
  std::uint32_t id = 0;
  std::uint32_t burst_low = 0;  ///< low 32 bits of the burst number
};

/// Bit i is set if the burst took rheobase::Branch i.
enum BranchBit : std::uint32_t {
  kCandidate = 1U << 0U,
  kCancelled = 1U << 1U,
  kRefractory = 1U << 2U,
  kSnoozed = 1U << 3U,
  kLimited = 1U << 4U,
  kAboveLimit = 1U << 5U,
  kVetoed = 1U << 6U,
  kFloored = 1U << 7U,
  kForgot = 1U << 8U,
  kClamped = 1U << 9U,
  kFired = 1U << 10U,
};

struct StepResult {
  NeuronState state;
  float potential_at_firing = 0.0F;  ///< absolute; only meaningful if it fired
  bool fired = false;
  std::uint32_t branches = 0;  ///< BranchBit
};

/// `guard` must be 0. \see guarded
/// Truth values are joined with & and |, which evaluate both sides, so that nothing branches.
[[gnu::always_inline]] inline StepResult neuron_step(std::uint32_t rules, const NeuronClass& p,
                                                     const NeuronState& s, const StepInput& in,
                                                     std::uint32_t guard = 0) {
  const bool leak_every_burst = (rules & kLeakEveryBurst) != 0U;
  const bool countdown_every_burst = (rules & kCountdownEveryBurst) != 0U;
  const bool test_every_burst = (rules & kTestEveryBurst) != 0U;
  const bool forget_former_candidate = (rules & kForgetFormerCandidate) != 0U;
  const bool floor_negative = (rules & kFloorNegative) != 0U;
  const bool leak_in_refractory = (rules & kLeakInRefractory) != 0U;
  const bool saturating_count = (rules & kSaturatingCount) != 0U;
  const bool separate_snooze = (rules & kSeparateSnooze) != 0U;

  const bool alive = (p.flags & kDead) == 0U;
  const bool accumulates = (p.flags & kAccumulates) != 0U;
  const bool always_fires = (p.flags & kAlwaysFires) != 0U;
  const bool limited = p.fire_limit != 0U;
  // a count never exceeds kMostFires: the limit beyond it is none
  const std::uint32_t limit =
      select(select(kMostFires + 1U, kMostFires, saturating_count), p.fire_limit, limited);
  const bool candidate = in.candidate & alive;

  // a non-accumulating neuron forgets
  const bool forgets = alive & !accumulates & (!forget_former_candidate | (s.forget != 0U));
  const float remembered = select(s.u, 0.0F, forgets);

  // countdowns: refractory first, then the separate snooze
  const bool turn = alive & (countdown_every_burst | candidate);
  const bool refractory = s.refractory_countdown != 0U;
  const bool snoozed = separate_snooze & !refractory & (s.snooze_countdown != 0U);
  const bool blocked = refractory | snoozed | !alive;
  std::uint32_t countdown = s.refractory_countdown - select(0U, 1U, refractory & turn);
  std::uint32_t snooze = s.snooze_countdown - select(0U, 1U, snoozed & turn);
  const bool run_ends =
      refractory & turn & (countdown == 0U) & limited & (s.fire_count >= limit) & !separate_snooze;
  std::uint32_t count = select(s.fire_count, 0U, run_ends);

  // leak before the input
  const bool leaks_now = alive & leak_every_burst & (!refractory | leak_in_refractory);
  const float leaked = select(remembered, mul_rn(remembered, p.keep, guard), leaks_now);

  // input
  const float input = add_rn(in.injected, in.synaptic, guard);
  const bool floored = floor_negative & accumulates & (input < 0.0F);
  const float taken = select(input, 0.0F, floored | blocked);
  const float v = add_rn(leaked, taken, guard);

  // test: window, limit of consecutive fires, draw
  const bool tested = (!blocked) & (test_every_burst | candidate);
  const bool above = v > p.threshold_limit;
  const bool in_window = tested & (v >= p.threshold) & !above;
  const bool at_limit = count >= limit;
  const bool stopped = in_window & at_limit;
  const bool draws = in_window & !at_limit;
  const bool passes = always_fires | (excitability_hash(in.id, in.burst_low) < p.draw_below);
  const bool fired = draws & passes;
  const bool missed = tested & !fired & !stopped;

  // the run of fires
  const bool counts = fired & (limited | !separate_snooze) & (count < kMostFires);
  count += select(0U, 1U, counts);
  count = select(count, 0U, stopped | (missed & limited));
  const bool reached = fired & limited & (count >= limit);

  // refractory period and snooze begin
  const std::uint32_t pause =
      p.refractory_period + select(0U, p.snooze_period, reached & !separate_snooze);
  countdown = select(countdown, select(pause, 65535U, pause > 65535U), fired);
  const bool falls_asleep = reached & separate_snooze & (p.snooze_period != 0U);
  snooze = select(snooze, p.snooze_period, falls_asleep);
  count = select(count, 0U, falls_asleep);

  // leak after a miss
  const bool leaks_late =
      (!leak_every_burst) & (missed | (separate_snooze & (stopped | (snoozed & candidate))));
  const float left = select(v, mul_rn(v, p.keep, guard), leaks_late);

  // the one exit
  const float raw = select(left, p.reset, fired);
  const float u = canonical(raw);

  const bool to_forget =
      forget_former_candidate & !accumulates & candidate & !fired & (countdown == 0U);
  StepResult out;
  out.state.u = u;
  out.state.refractory_countdown = countdown;
  out.state.fire_count = count;
  out.state.snooze_countdown = snooze;
  out.state.forget = select(0U, 1U, to_forget);
  out.potential_at_firing = add_rn(v, p.rest, guard);
  out.fired = fired;
  out.branches = select(0U, kCandidate, candidate) |
                 select(0U, kCancelled, candidate & (input == 0.0F)) |
                 select(0U, kRefractory, refractory & turn) | select(0U, kSnoozed, snoozed & turn) |
                 select(0U, kLimited, stopped) | select(0U, kAboveLimit, tested & above) |
                 select(0U, kVetoed, draws & !passes) | select(0U, kFloored, floored & !blocked) |
                 select(0U, kForgot, forgets & (bits_of(s.u) != 0U)) |
                 select(0U, kClamped, bits_of(u) != bits_of(raw)) | select(0U, kFired, fired);
  return out;
}

// wgsl end

}  // namespace rheobase::model
