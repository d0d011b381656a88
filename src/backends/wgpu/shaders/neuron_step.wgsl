// SPDX-License-Identifier: Apache-2.0
// The twin of src/model/neuron_step.h: same names, same order, same bits.

// Rules of the step, as bits.
const kLeakEveryBurst = 1u << 0u;
const kCountdownEveryBurst = 1u << 1u;
const kTestEveryBurst = 1u << 2u;
const kForgetFormerCandidate = 1u << 3u;
const kFloorNegative = 1u << 4u;
const kLeakInRefractory = 1u << 5u;
const kSaturatingCount = 1u << 6u;
const kSeparateSnooze = 1u << 7u;

// Properties of a neuron's class, as bits.
const kAccumulates = 1u << 0u;
const kAlwaysFires = 1u << 1u;
const kDead = 1u << 2u;

const kMostFires = 65535u;

// Parameters shared by all neurons of a class; potentials are relative to rest.
struct NeuronClass {
  threshold: f32,
  threshold_limit: f32,
  keep: f32,
  reset: f32,
  rest: f32,
  draw_below: u32,
  refractory_period: u32,
  fire_limit: u32,
  snooze_period: u32,
  flags: u32,
}

struct NeuronState {
  u: f32,
  refractory_countdown: u32,
  fire_count: u32,
  snooze_countdown: u32,
  forget: u32,
}

struct StepInput {
  candidate: bool,
  injected: f32,
  synaptic: f32,
  id: u32,
  burst_low: u32,
}

// Bit i is set if the burst took rheobase::Branch i.
const kCandidate = 1u << 0u;
const kCancelled = 1u << 1u;
const kRefractory = 1u << 2u;
const kSnoozed = 1u << 3u;
const kLimited = 1u << 4u;
const kAboveLimit = 1u << 5u;
const kVetoed = 1u << 6u;
const kFloored = 1u << 7u;
const kForgot = 1u << 8u;
const kClamped = 1u << 9u;
const kFired = 1u << 10u;

struct StepResult {
  state: NeuronState,
  potential_at_firing: f32,
  fired: bool,
  branches: u32,
}

fn neuron_step(rules: u32, p: NeuronClass, s: NeuronState, in: StepInput) -> StepResult {
  let leak_every_burst = (rules & kLeakEveryBurst) != 0u;
  let countdown_every_burst = (rules & kCountdownEveryBurst) != 0u;
  let test_every_burst = (rules & kTestEveryBurst) != 0u;
  let forget_former_candidate = (rules & kForgetFormerCandidate) != 0u;
  let floor_negative = (rules & kFloorNegative) != 0u;
  let leak_in_refractory = (rules & kLeakInRefractory) != 0u;
  let saturating_count = (rules & kSaturatingCount) != 0u;
  let separate_snooze = (rules & kSeparateSnooze) != 0u;

  let alive = (p.flags & kDead) == 0u;
  let accumulates = (p.flags & kAccumulates) != 0u;
  let always_fires = (p.flags & kAlwaysFires) != 0u;
  let limited = p.fire_limit != 0u;
  // a count never exceeds kMostFires: the limit beyond it is none
  let limit = select(select(kMostFires + 1u, kMostFires, saturating_count), p.fire_limit, limited);
  let candidate = in.candidate & alive;

  // a non-accumulating neuron forgets
  let forgets = alive & !accumulates & (!forget_former_candidate | (s.forget != 0u));
  let remembered = select(s.u, 0.0, forgets);

  // countdowns: refractory first, then the separate snooze
  let turn = alive & (countdown_every_burst | candidate);
  let refractory = s.refractory_countdown != 0u;
  let snoozed = separate_snooze & !refractory & (s.snooze_countdown != 0u);
  let blocked = refractory | snoozed | !alive;
  var countdown = s.refractory_countdown - select(0u, 1u, refractory & turn);
  var snooze = s.snooze_countdown - select(0u, 1u, snoozed & turn);
  let run_ends =
      refractory & turn & (countdown == 0u) & limited & (s.fire_count >= limit) & !separate_snooze;
  var count = select(s.fire_count, 0u, run_ends);

  // leak before the input
  let leaks_now = alive & leak_every_burst & (!refractory | leak_in_refractory);
  let leaked = select(remembered, mul_rn(remembered, p.keep), leaks_now);

  // input
  let input = add_rn(in.injected, in.synaptic);
  let floored = floor_negative & accumulates & (input < 0.0);
  let taken = select(input, 0.0, floored | blocked);
  let v = add_rn(leaked, taken);

  // test: window, limit of consecutive fires, draw
  let tested = (!blocked) & (test_every_burst | candidate);
  let above = v > p.threshold_limit;
  let in_window = tested & (v >= p.threshold) & !above;
  let at_limit = count >= limit;
  let stopped = in_window & at_limit;
  let draws = in_window & !at_limit;
  let passes = always_fires | (excitability_hash(in.id, in.burst_low) < p.draw_below);
  let fired = draws & passes;
  let missed = tested & !fired & !stopped;

  // the run of fires
  let counts = fired & (limited | !separate_snooze) & (count < kMostFires);
  count += select(0u, 1u, counts);
  count = select(count, 0u, stopped | (missed & limited));
  let reached = fired & limited & (count >= limit);

  // refractory period and snooze begin
  let pause = p.refractory_period + select(0u, p.snooze_period, reached & !separate_snooze);
  countdown = select(countdown, select(pause, 65535u, pause > 65535u), fired);
  let falls_asleep = reached & separate_snooze & (p.snooze_period != 0u);
  snooze = select(snooze, p.snooze_period, falls_asleep);
  count = select(count, 0u, falls_asleep);

  // leak after a miss
  let leaks_late =
      (!leak_every_burst) & (missed | (separate_snooze & (stopped | (snoozed & candidate))));
  let left = select(v, mul_rn(v, p.keep), leaks_late);

  // the one exit
  let raw = select(left, p.reset, fired);
  let u = canonical(raw);

  let to_forget =
      forget_former_candidate & !accumulates & candidate & !fired & (countdown == 0u);
  var out: StepResult;
  out.state.u = u;
  out.state.refractory_countdown = countdown;
  out.state.fire_count = count;
  out.state.snooze_countdown = snooze;
  out.state.forget = select(0u, 1u, to_forget);
  out.potential_at_firing = add_rn(v, p.rest);
  out.fired = fired;
  out.branches = select(0u, kCandidate, candidate) |
                 select(0u, kCancelled, candidate & (input == 0.0)) |
                 select(0u, kRefractory, refractory & turn) | select(0u, kSnoozed, snoozed & turn) |
                 select(0u, kLimited, stopped) | select(0u, kAboveLimit, tested & above) |
                 select(0u, kVetoed, draws & !passes) | select(0u, kFloored, floored & !blocked) |
                 select(0u, kForgot, forgets & (bits_of(s.u) != 0u)) |
                 select(0u, kClamped, bits_of(u) != bits_of(raw)) | select(0u, kFired, fired);
  return out;
}
