// SPDX-License-Identifier: Apache-2.0
/// \file
/// The loop of a step, for one set of rules, form and instruction set each; compiled once for
/// neurons of one class and once for neurons of several.
#pragma once

#include <array>

#include "backends/cpu/class_columns.h"
#include "backends/cpu/processor.h"
#include "backends/cpu/step.h"
#include "model/neuron_step.h"

namespace rheobase::step_loop {

using namespace model;

/// Rules that are not known at compile time.
constexpr std::uint32_t kAnyRules = ~0U;

/// Rules of the named profiles, so that each has a loop of its own. A profile
/// that is missing here is only slower.
constexpr std::array<std::uint32_t, 5> kProfiles{
    kLeakEveryBurst | kCountdownEveryBurst | kTestEveryBurst,
    kLeakEveryBurst | kCountdownEveryBurst | kForgetFormerCandidate | kFloorNegative |
        kLeakInRefractory | kSaturatingCount,
    kCountdownEveryBurst | kForgetFormerCandidate | kFloorNegative | kSaturatingCount,
    kSaturatingCount, kSeparateSnooze};

/// What arrived, by sums of 64 bits.
struct Arrived {
  std::array<float, kStepBlock> synaptic;
  std::array<std::uint8_t, kStepBlock> candidate;
};

/// The loop itself, inlined into a function for each instruction set. `kApart`: sums of 64 bits
/// become numbers in a loop of their own, since before AVX-512 there are no vectors for that and
/// the rest would be without them too.
template <std::uint32_t kRules, ClassForm kForm, class Word, bool kBranches, bool kVaried,
          bool kApart>
[[gnu::always_inline]] inline void step_block(const StepBlock<Word>& b) {
  const std::uint32_t rules = kRules == kAnyRules ? b.rules : kRules;
  // where the rules are not known, what only some of them use is read and written all the same: a
  // condition here would leave the loop without vector code
  constexpr bool kSnoozes = (kRules & kSeparateSnooze) != 0U;
  constexpr bool kForgets = (kRules & kForgetFormerCandidate) != 0U;
  NeuronClass p = kVaried ? NeuronClass{} : *b.neuron_class;
  const ClassColumns columns = kVaried ? *b.columns : ClassColumns{};
  if constexpr (kForm != ClassForm::any) {
    // said again, so that the compiler leaves out what follows from other values
    p.flags = kAccumulates | (kForm == ClassForm::plain ? kAlwaysFires : 0U);
    p.fire_limit = 0;
    p.snooze_period = 0;
  }
  // locals, so that the loop becomes vector code
  const std::uint32_t first = b.first;
  const std::uint32_t count = b.count;
  const std::uint32_t burst_low = b.burst_low;
  const std::uint32_t quantum_bits = b.quantum_bits;
  const std::uint32_t event_bits = b.event_bits;
  const Word candidate_mask = b.counts_candidates ? Word{-1} : Word{0};
  Word* const words = b.words;
  const float* const injected = b.injected;
  float* const u = b.u;
  std::uint16_t* const refractory_countdown = b.refractory_countdown;
  std::uint16_t* const fire_count = b.fire_count;
  std::uint16_t* const snooze_countdown = b.snooze_countdown;
  std::uint8_t* const forget = b.forget;
  std::uint8_t* const fired = b.fired;
  float* const potential_at_firing = b.potential_at_firing;
  std::uint32_t* const branches = b.branches;
  Arrived arrived;
  for (std::uint32_t i = 0; kApart && i < count; ++i) {
    const Word word = words[i];
    words[i] = 0;
    arrived.candidate[i] = (word & candidate_mask) != 0 ? 1 : 0;
    arrived.synaptic[i] = fixed_to_f32(static_cast<Word>(word >> event_bits), quantum_bits);
  }

  RHEOBASE_INDEPENDENT_ITERATIONS
  for (std::uint32_t i = 0; i < count; ++i) {
    NeuronState s;
    s.u = u[i];
    s.refractory_countdown = refractory_countdown[i];
    s.fire_count = fire_count[i];
    s.snooze_countdown = kSnoozes ? snooze_countdown[i] : 0U;
    s.forget = kForgets ? forget[i] : 0U;
    StepInput in;
    if constexpr (kApart) {
      in.candidate = arrived.candidate[i] != 0;
      in.synaptic = arrived.synaptic[i];
    } else {
      const Word word = words[i];
      words[i] = 0;
      in.candidate = (word & candidate_mask) != 0;
      in.synaptic = fixed_to_f32(static_cast<Word>(word >> event_bits), quantum_bits);
    }
    in.injected = injected[i];
    in.id = first + i;
    in.burst_low = burst_low;
    if constexpr (kVaried) {
      p.threshold = columns.threshold[i];
      p.threshold_limit = columns.threshold_limit[i];
      p.keep = columns.keep[i];
      p.reset = columns.reset[i];
      p.rest = columns.rest[i];
      p.draw_below = columns.draw_below[i];
      p.refractory_period = columns.refractory_period[i];
    }
    if constexpr (kVaried && kForm == ClassForm::any) {
      p.fire_limit = columns.fire_limit[i];
      p.snooze_period = columns.snooze_period[i];
      p.flags = columns.flags[i];
    }
    const StepResult out = neuron_step(rules, p, s, in);
    u[i] = out.state.u;
    refractory_countdown[i] = static_cast<std::uint16_t>(out.state.refractory_countdown);
    fire_count[i] = static_cast<std::uint16_t>(out.state.fire_count);
    if constexpr (kSnoozes) {
      snooze_countdown[i] = static_cast<std::uint16_t>(out.state.snooze_countdown);
    }
    if constexpr (kForgets) {
      forget[i] = static_cast<std::uint8_t>(out.state.forget);
    }
    fired[i] = out.fired ? 1 : 0;
    if constexpr (kForm == ClassForm::any) {
      potential_at_firing[i] = out.potential_at_firing;
    }
    if constexpr (kBranches) {
      branches[i] = out.branches;
    }
  }
}

template <std::uint32_t kRules, ClassForm kForm, class Word, bool kBranches, bool kVaried>
void step_anywhere(const StepBlock<Word>& b) {
  step_block<kRules, kForm, Word, kBranches, kVaried, sizeof(Word) == 8>(b);
}

#if defined(__x86_64__)
template <std::uint32_t kRules, ClassForm kForm, class Word, bool kBranches, bool kVaried>
RHEOBASE_AVX2 void step_avx2(const StepBlock<Word>& b) {
  step_block<kRules, kForm, Word, kBranches, kVaried, sizeof(Word) == 8>(b);
}
template <std::uint32_t kRules, ClassForm kForm, class Word, bool kBranches, bool kVaried>
RHEOBASE_AVX512 void step_avx512(const StepBlock<Word>& b) {
  step_block<kRules, kForm, Word, kBranches, kVaried, false>(b);
}
#endif

template <std::uint32_t kRules, ClassForm kForm, class Word, bool kBranches, bool kVaried>
StepFunction<Word> for_this_processor() {
#if defined(__x86_64__)
  static const StepFunction<Word> chosen =
      has_avx512() ? step_avx512<kRules, kForm, Word, kBranches, kVaried>
      : has_avx2() ? step_avx2<kRules, kForm, Word, kBranches, kVaried>
                   : step_anywhere<kRules, kForm, Word, kBranches, kVaried>;
  return chosen;
#else
  return step_anywhere<kRules, kForm, Word, kBranches, kVaried>;
#endif
}

template <ClassForm kForm, class Word, bool kBranches, bool kVaried>
StepFunction<Word> choose(std::uint32_t rules) {
  switch (rules) {
    case kProfiles[0]: return for_this_processor<kProfiles[0], kForm, Word, kBranches, kVaried>();
    case kProfiles[1]: return for_this_processor<kProfiles[1], kForm, Word, kBranches, kVaried>();
    case kProfiles[2]: return for_this_processor<kProfiles[2], kForm, Word, kBranches, kVaried>();
    case kProfiles[3]: return for_this_processor<kProfiles[3], kForm, Word, kBranches, kVaried>();
    case kProfiles[4]: return for_this_processor<kProfiles[4], kForm, Word, kBranches, kVaried>();
    default: return for_this_processor<kAnyRules, kForm, Word, kBranches, kVaried>();
  }
}

/// The loop for neurons of one class, or of several.
template <class Word, bool kVaried>
StepFunction<Word> function_for(std::uint32_t rules, ClassForm form, bool branches) {
  if (branches) {
    return choose<ClassForm::any, Word, true, kVaried>(rules);
  }
  switch (form) {
    case ClassForm::plain: return choose<ClassForm::plain, Word, false, kVaried>(rules);
    case ClassForm::drawing: return choose<ClassForm::drawing, Word, false, kVaried>(rules);
    default: return choose<ClassForm::any, Word, false, kVaried>(rules);
  }
}

}  // namespace rheobase::step_loop
