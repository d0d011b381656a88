// SPDX-License-Identifier: Apache-2.0
#include "backends/cpu/block_loops.h"

#include <array>
#include <bit>
#include <cstddef>
#include <tuple>
#include <utility>

#include "backends/cpu/block_draws.h"
#include "backends/cpu/processor.h"
#include "model/functions.h"
#include "model/random.h"
#include "model/run_step.h"

namespace rheobase {
namespace {

using namespace model;

/// div_rn with the processor's quotients, which may be tiny, infinite, or no number where a and b
/// are 0. In integers: of masks on floats GCC makes a second division.
[[gnu::always_inline]] inline float quotient(float a, float b) {
  const std::uint32_t q = bits_of(a / b);
  const std::uint32_t size = q & 0x7FFFFFFFU;
  const std::uint32_t most = bits_of(kLargestPotential);
  const std::uint32_t within = (size < most ? size : most) | (q & 0x80000000U);
  const bool is_number = size - 0x00800001U < 0x7F000000U;  // and not tiny
  return float_of(model::select(0U, within, is_number));
}

/// The operation, as in run_step.
template <Op kOp, bool kFlushes = true>
[[gnu::always_inline]] inline float result_of(float a, float b, float c) {
  const auto truth_of = [](bool holds) { return float_of(truth(holds)); };
  if constexpr (kOp == Op::add && !kFlushes) return plus(a, b);
  if constexpr (kOp == Op::subtract && !kFlushes) return plus(a, -b);
  if constexpr (kOp == Op::multiply && !kFlushes) return times(a, b);
  if constexpr (kOp == Op::add) return add_rn(a, b);
  if constexpr (kOp == Op::subtract) return add_rn(a, -b);
  if constexpr (kOp == Op::multiply) return mul_rn(a, b);
  if constexpr (kOp == Op::divide) return quotient(a, b);
  if constexpr (kOp == Op::power) return pow_rn(a, b);
  if constexpr (kOp == Op::minimum) return b < a ? b : a;
  if constexpr (kOp == Op::maximum) return b > a ? b : a;
  if constexpr (kOp == Op::absolute) return float_of(bits_of(a) & 0x7FFFFFFFU);
  if constexpr (kOp == Op::square_root) return sqrt_rn(a);
  if constexpr (kOp == Op::exponential) return exp_rn(a);
  if constexpr (kOp == Op::logarithm) return log_rn(a);
  if constexpr (kOp == Op::hyperbolic_tangent) return tanh_rn(a);
  if constexpr (kOp == Op::sine) return sin_rn(a);
  if constexpr (kOp == Op::cosine) return cos_rn(a);
  if constexpr (kOp == Op::round_down) return floor_rn(a);
  if constexpr (kOp == Op::less) return truth_of(a < b);
  if constexpr (kOp == Op::less_equal) return truth_of(a <= b);
  if constexpr (kOp == Op::equal) return truth_of(a == b);
  if constexpr (kOp == Op::both) return float_of(bits_of(a) & bits_of(b));
  if constexpr (kOp == Op::either) return float_of(bits_of(a) | bits_of(b));
  if constexpr (kOp == Op::opposite) return float_of(~bits_of(a));
  if constexpr (kOp == Op::select) {  // truths are all ones or none
    return float_of((bits_of(b) & bits_of(a)) | (bits_of(c) & ~bits_of(a)));
  }
}

// The operations of loops.
template <LoopOp kOp>
struct Alone {
  static constexpr std::uint32_t kOperands = operands_of(kOp.op);
  static constexpr bool kCommutes = commutes(kOp.op);
  [[gnu::always_inline]] static float of(float a, float b, float c, float) {
    return result_of<kOp.op, kOp.flushes>(a, b, c);
  }
};
struct Copy {
  static constexpr std::uint32_t kOperands = 1;
  static constexpr bool kCommutes = false;
  [[gnu::always_inline]] static float of(float a, float, float, float) { return a; }
};
template <LoopOp kFirst, LoopOp kThen, bool kSecond>
struct Pair {
  static constexpr std::uint32_t kOperands = 3;
  static constexpr bool kCommutes = commutes(kFirst.op);
  [[gnu::always_inline]] static float of(float a, float b, float c, float) {
    const float first = result_of<kFirst.op, kFirst.flushes>(a, b, 0.0F);
    return result_of<kThen.op, kThen.flushes>(kSecond ? c : first, kSecond ? first : c, 0.0F);
  }
};
template <Op kCompare>
struct Choice {
  static constexpr std::uint32_t kOperands = 4;
  static constexpr bool kCommutes = commutes(kCompare);
  [[gnu::always_inline]] static float of(float a, float b, float c, float e) {
    return result_of<Op::select>(result_of<kCompare>(a, b, 0.0F), c, e);
  }
};

template <class F, Singles kSingles>
[[gnu::always_inline]] inline void loop(float* d, const float* a, const float* b, const float* c,
                                        const float* e, std::uint32_t count) {
  const std::uint32_t whole = count & ~(kLanes - 1);  // said again, so that no loop has an end
  constexpr auto kIs = [](std::uint32_t operand) {
    return F::kOperands > operand && ((kSingles >> operand) & 1U) != 0U;
  };
  const float a0 = kIs(0) ? *a : 0.0F;
  const float b0 = kIs(1) ? *b : 0.0F;
  const float c0 = kIs(2) ? *c : 0.0F;
  const float e0 = kIs(3) ? *e : 0.0F;
  RHEOBASE_INDEPENDENT_ITERATIONS
  for (std::uint32_t i = 0; i < whole; ++i) {
    const float ai = kIs(0) ? a0 : a[i];
    const float bi = F::kOperands < 2 || kIs(1) ? b0 : b[i];
    const float ci = F::kOperands < 3 || kIs(2) ? c0 : c[i];
    const float ei = F::kOperands < 4 || kIs(3) ? e0 : e[i];
    d[i] = F::of(ai, bi, ci, ei);
  }
}

template <Op kDraw, bool kSingle>
[[gnu::always_inline]] inline void draw(float* d, const float* mean, const blocks::Words& words,
                                        std::uint32_t count) {
  const std::uint32_t whole = count & ~(kLanes - 1);
  if constexpr (kDraw == Op::poisson && kSingle) {
    blocks::poisson_of_one_mean(d, *mean, words, whole);
  } else if constexpr (kDraw == Op::poisson) {
    for (std::uint32_t first = 0; first < whole; first += kLanes) {
      blocks::poisson_of_means(d, mean, words, first);
    }
  } else {
    RHEOBASE_INDEPENDENT_ITERATIONS
    for (std::uint32_t i = 0; i < whole; ++i) {
      d[i] = kDraw == Op::uniform ? uniform_of(words.first[i])
                                  : normal_of(words.first[i], words.second[i]);
    }
  }
}

template <bool kSingle>
[[gnu::always_inline]] inline void fire(std::uint8_t* fired, const float* truth,
                                        std::uint32_t count) {
  const std::uint32_t whole = count & ~(kLanes - 1);
  const float truth0 = *truth;
  RHEOBASE_INDEPENDENT_ITERATIONS
  for (std::uint32_t i = 0; i < whole; ++i) {
    fired[i] = static_cast<std::uint8_t>(bits_of(kSingle ? truth0 : truth[i]) & 1U);
  }
}

// The same for each instruction set. `flatten`: all that a loop calls becomes part of it.
#define RHEOBASE_LOOPS(NAME, TARGET, WORDS)                                                        \
  struct NAME {                                                                                    \
    template <class F, Singles kSingles>                                                           \
    TARGET [[gnu::flatten]] static void run(float* d, const float* a, const float* b,              \
                                            const float* c, const float* e, std::uint32_t count) { \
      loop<F, kSingles>(d, a, b, c, e, count);                                                     \
    }                                                                                              \
    template <Op kDraw, bool kSingle>                                                              \
    TARGET [[gnu::flatten]] static void drawn(float* d, const float* mean, const DrawKey& key,     \
                                              std::uint32_t count) {                               \
      blocks::Words words;                                                                         \
      WORDS(key, count, words);                                                                    \
      draw<kDraw, kSingle>(d, mean, words, count);                                                 \
    }                                                                                              \
    template <bool kSingle>                                                                        \
    TARGET [[gnu::flatten]] static void fired(std::uint8_t* f, const float* truth,                 \
                                              std::uint32_t count) {                               \
      fire<kSingle>(f, truth, count);                                                              \
    }                                                                                              \
  };
RHEOBASE_LOOPS(Baseline, , blocks::words_anywhere)
#if defined(__x86_64__)
RHEOBASE_LOOPS(Avx2, RHEOBASE_AVX2, blocks::words_avx2)
RHEOBASE_LOOPS(Avx512, RHEOBASE_WIDE_AVX512, blocks::words_avx512)
#endif
#undef RHEOBASE_LOOPS

// Codes: the operations from `add` on; those without a flush; a copy, choices, pairs.
constexpr auto kFirstOp = static_cast<std::size_t>(Op::add);
constexpr std::size_t kOps = kOpCount - kFirstOp;
constexpr std::array kBare{Op::add, Op::subtract, Op::multiply};
constexpr std::array kCompares{Op::less, Op::less_equal, Op::equal};
constexpr std::array<LoopOp, 8> kPaired{{{Op::add, true},
                                         {Op::subtract, true},
                                         {Op::multiply, true},
                                         {Op::minimum, true},
                                         {Op::maximum, true},
                                         {Op::add, false},
                                         {Op::subtract, false},
                                         {Op::multiply, false}}};
constexpr std::size_t kCopy = kOps + kBare.size();
constexpr std::size_t kChoices = kCopy + 1;
constexpr std::size_t kPairs = kChoices + kCompares.size();
constexpr std::size_t kCodes = kPairs + kPaired.size() * kPaired.size() * 2;

constexpr LoopOp first_of_pair(std::size_t code) {
  return kPaired[(code - kPairs) / 2 / kPaired.size()];
}
constexpr LoopOp then_of_pair(std::size_t code) {
  return kPaired[(code - kPairs) / 2 % kPaired.size()];
}
constexpr bool second_of_pair(std::size_t code) { return (code - kPairs) % 2 == 1; }

template <std::size_t kCode>
constexpr auto operation() {
  if constexpr (kCode < kOps) {
    return Alone<LoopOp{static_cast<Op>(kFirstOp + kCode), true}>{};
  } else if constexpr (kCode < kCopy) {
    return Alone<LoopOp{kBare[kCode - kOps], false}>{};
  } else if constexpr (kCode == kCopy) {
    return Copy{};
  } else if constexpr (kCode < kPairs) {
    return Choice<kCompares[kCode - kChoices]>{};
  } else {
    return Pair<first_of_pair(kCode), then_of_pair(kCode), second_of_pair(kCode)>{};
  }
}

constexpr bool is_bare(Op op) { return op == Op::add || op == Op::subtract || op == Op::multiply; }
/// Whether the first of a pair flushes for nothing, or its operands are swapped instead.
constexpr bool is_idle_pair(std::size_t code) {
  const LoopOp first = first_of_pair(code);
  const LoopOp then = then_of_pair(code);
  return (is_bare(first.op) && first.flushes && !then.flushes) ||
         (second_of_pair(code) && then.op != Op::subtract);
}

/// Whether there is a loop for these: see loop_of.
template <std::size_t kCode>
constexpr bool exists(Singles singles) {
  using F = decltype(operation<kCode>());
  if (F::kOperands < 4 && (singles >> F::kOperands) != 0U) {
    return false;
  }
  if (kCode == kCopy) {
    return true;
  }
  if (kCode > kCopy && (singles & 3U) == 3U) {
    return false;  // the first operation would be one of single numbers
  }
  if constexpr (kCode >= kPairs) {
    if (is_idle_pair(kCode)) {
      return false;
    }
  }
  const bool all = singles + 1U == 1U << F::kOperands;
  return !all && !(F::kCommutes && (singles & 3U) == 1U);
}

using LoopTable = std::array<std::array<Loop, 16>, kCodes>;

template <class Set>
constexpr LoopTable table() {
  LoopTable t{};
  const auto one = [&]<std::size_t kCode, std::size_t kSingles>() {
    if constexpr (exists<kCode>(kSingles)) {
      t[kCode][kSingles] = Set::template run<decltype(operation<kCode>()), kSingles>;
    }
  };
  const auto row = [&]<std::size_t kCode, std::size_t... kSingles>(
      std::index_sequence<kSingles...>) {
    (one.template operator()<kCode, kSingles>(), ...);
  };
  [&]<std::size_t... kCode>(std::index_sequence<kCode...>) {
    (row.template operator()<kCode>(std::make_index_sequence<16>{}), ...);
  }
  (std::make_index_sequence<kCodes>{});
  return t;
}

template <class Set>
DrawLoop draw_loop(Op draw, bool single) {
  switch (draw) {
    case Op::uniform: return Set::template drawn<Op::uniform, false>;
    case Op::normal: return Set::template drawn<Op::normal, false>;
    default:
      return single ? Set::template drawn<Op::poisson, true>
                    : Set::template drawn<Op::poisson, false>;
  }
}

constexpr std::size_t paired_index(LoopOp op) {
  std::size_t at = 0;
  while (at < kPaired.size() && (kPaired[at].op != op.op || kPaired[at].flushes != op.flushes)) {
    ++at;
  }
  return at;
}

}  // namespace

std::vector<InstructionSet> instruction_sets() {
  std::vector<InstructionSet> sets{InstructionSet::baseline};
#if defined(__x86_64__)
  if (has_avx2()) {
    sets.push_back(InstructionSet::avx2);
  }
  if (has_avx512()) {
    sets.push_back(InstructionSet::avx512);
  }
#endif
  return sets;
}

LoopCode code_of(LoopOp op) {
  for (std::size_t bare = 0; bare < kBare.size() && !op.flushes; ++bare) {
    if (kBare[bare] == op.op) {
      return static_cast<LoopCode>(kOps + bare);
    }
  }
  return static_cast<LoopCode>(static_cast<std::size_t>(op.op) - kFirstOp);
}
LoopCode copy_code() { return kCopy; }
LoopCode choice_code(Op compare) {
  std::size_t at = 0;
  while (kCompares[at] != compare) {
    ++at;
  }
  return static_cast<LoopCode>(kChoices + at);
}
bool pairs(Op first, Op then) {
  return paired_index({first, true}) < kPaired.size() &&
         paired_index({then, true}) < kPaired.size();
}
LoopCode pair_code(LoopOp first, LoopOp then, bool second) {
  const bool swapped = second && !commutes(then.op);
  const auto code = [&] {
    const std::size_t at = paired_index(first) * kPaired.size() + paired_index(then);
    return kPairs + at * 2 + (swapped ? 1U : 0U);
  };
  if (is_idle_pair(code())) {
    then.flushes = true;  // one flush more than must be
  }
  return static_cast<LoopCode>(code());
}

Loop loop_of(InstructionSet set, LoopCode code, Singles singles) {
#if defined(__x86_64__)
  static constexpr LoopTable kAvx2 = table<Avx2>();
  static constexpr LoopTable kAvx512 = table<Avx512>();
  if (set == InstructionSet::avx2) {
    return kAvx2[code][singles];
  }
  if (set == InstructionSet::avx512) {
    return kAvx512[code][singles];
  }
#endif
  static_cast<void>(set);
  static constexpr LoopTable kBaseline = table<Baseline>();
  return kBaseline[code][singles];
}

DrawLoop draw_loop_of(InstructionSet set, Op op, bool single_mean) {
#if defined(__x86_64__)
  if (set == InstructionSet::avx2) {
    return draw_loop<Avx2>(op, single_mean);
  }
  if (set == InstructionSet::avx512) {
    return draw_loop<Avx512>(op, single_mean);
  }
#endif
  static_cast<void>(set);
  return draw_loop<Baseline>(op, single_mean);
}

FiredLoop fired_loop_of(InstructionSet set, bool single) {
#if defined(__x86_64__)
  if (set == InstructionSet::avx2) {
    return single ? Avx2::fired<true> : Avx2::fired<false>;
  }
  if (set == InstructionSet::avx512) {
    return single ? Avx512::fired<true> : Avx512::fired<false>;
  }
#endif
  static_cast<void>(set);
  return single ? Baseline::fired<true> : Baseline::fired<false>;
}

}  // namespace rheobase
