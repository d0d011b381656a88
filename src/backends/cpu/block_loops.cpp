// SPDX-License-Identifier: Apache-2.0
#include "backends/cpu/block_loops.h"

#include <array>
#include <cstddef>
#include <utility>

#include "backends/cpu/block_draws.h"
#include "backends/cpu/block_operations.h"
#include "backends/cpu/processor.h"
#include "model/functions.h"

namespace rheobase {
namespace {

using namespace blocks;
using namespace model;

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

using LoopTable = std::array<std::array<Loop, 16>, kCodes>;

template <class Set>
constexpr LoopTable table() {
  LoopTable t{};
  const auto one = [&]<std::size_t kCode, std::size_t kSingles>() {
    using F = decltype(operation<kCode>());
    if constexpr (F::exists(kSingles)) {
      t[kCode][kSingles] = Set::template run<F, kSingles>;
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

InstructionSet best_instruction_set() {
  static const InstructionSet best = instruction_sets().back();
  return best;
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
