// SPDX-License-Identifier: Apache-2.0
#include "backends/cpu/step.h"

#include <array>

#include "backends/cpu/processor.h"
#include "model/neuron_step.h"

namespace rheobase {
namespace {

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

/// The loop itself, inlined into a function for each instruction set.
template <std::uint32_t kRules, ClassForm kForm, class Word, bool kBranches>
[[gnu::always_inline]] inline void step_block(const StepBlock<Word>& b) {
  const std::uint32_t rules = kRules == kAnyRules ? b.rules : kRules;
  // where the rules are not known, what only some of them use is read and written all the same: a
  // condition here would leave the loop without vector code
  constexpr bool kSnoozes = (kRules & kSeparateSnooze) != 0U;
  constexpr bool kForgets = (kRules & kForgetFormerCandidate) != 0U;
  NeuronClass p = *b.neuron_class;
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

  RHEOBASE_INDEPENDENT_ITERATIONS
  for (std::uint32_t i = 0; i < count; ++i) {
    const Word word = words[i];
    words[i] = 0;
    NeuronState s;
    s.u = u[i];
    s.refractory_countdown = refractory_countdown[i];
    s.fire_count = fire_count[i];
    s.snooze_countdown = kSnoozes ? snooze_countdown[i] : 0U;
    s.forget = kForgets ? forget[i] : 0U;
    StepInput in;
    in.candidate = (word & candidate_mask) != 0;
    in.injected = injected[i];
    in.synaptic = fixed_to_f32(static_cast<Word>(word >> event_bits), quantum_bits);
    in.id = first + i;
    in.burst_low = burst_low;
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

template <std::uint32_t kRules, ClassForm kForm, class Word, bool kBranches>
void step_anywhere(const StepBlock<Word>& b) {
  step_block<kRules, kForm, Word, kBranches>(b);
}

#if defined(__x86_64__)
template <std::uint32_t kRules, ClassForm kForm, class Word, bool kBranches>
RHEOBASE_AVX2 void step_avx2(const StepBlock<Word>& b) {
  step_block<kRules, kForm, Word, kBranches>(b);
}
template <std::uint32_t kRules, ClassForm kForm, class Word, bool kBranches>
RHEOBASE_AVX512 void step_avx512(const StepBlock<Word>& b) {
  step_block<kRules, kForm, Word, kBranches>(b);
}
#endif

template <std::uint32_t kRules, ClassForm kForm, class Word, bool kBranches>
StepFunction<Word> for_this_processor() {
#if defined(__x86_64__)
  static const StepFunction<Word> chosen =
      has_avx512() ? step_avx512<kRules, kForm, Word, kBranches>
      : has_avx2() ? step_avx2<kRules, kForm, Word, kBranches>
                   : step_anywhere<kRules, kForm, Word, kBranches>;
  return chosen;
#else
  return step_anywhere<kRules, kForm, Word, kBranches>;
#endif
}

template <ClassForm kForm, class Word, bool kBranches>
StepFunction<Word> choose(std::uint32_t rules) {
  switch (rules) {
    case kProfiles[0]: return for_this_processor<kProfiles[0], kForm, Word, kBranches>();
    case kProfiles[1]: return for_this_processor<kProfiles[1], kForm, Word, kBranches>();
    case kProfiles[2]: return for_this_processor<kProfiles[2], kForm, Word, kBranches>();
    case kProfiles[3]: return for_this_processor<kProfiles[3], kForm, Word, kBranches>();
    case kProfiles[4]: return for_this_processor<kProfiles[4], kForm, Word, kBranches>();
    default: return for_this_processor<kAnyRules, kForm, Word, kBranches>();
  }
}

}  // namespace

ClassForm form_of(const NeuronClass& c, bool potential_driven) {
  const std::uint32_t flags = c.flags & ~std::uint32_t{kDividedPsp};  // not the step's concern
  if (potential_driven || c.fire_limit != 0 || c.snooze_period != 0 ||
      (flags & ~std::uint32_t{kAlwaysFires}) != kAccumulates) {
    return ClassForm::any;
  }
  return (flags & kAlwaysFires) != 0U ? ClassForm::plain : ClassForm::drawing;
}

template <class Word>
StepFunction<Word> step_function(std::uint32_t rules, ClassForm form, bool branches) {
  if (branches) {
    return choose<ClassForm::any, Word, true>(rules);
  }
  switch (form) {
    case ClassForm::plain: return choose<ClassForm::plain, Word, false>(rules);
    case ClassForm::drawing: return choose<ClassForm::drawing, Word, false>(rules);
    default: return choose<ClassForm::any, Word, false>(rules);
  }
}

template StepFunction<std::int32_t> step_function(std::uint32_t, ClassForm, bool);
template StepFunction<std::int64_t> step_function(std::uint32_t, ClassForm, bool);

}  // namespace rheobase
