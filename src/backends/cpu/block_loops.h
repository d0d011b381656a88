// SPDX-License-Identifier: Apache-2.0
/// \file
/// The loops of which the step of a user's model is made on the CPU: one operation of a step
/// program, or some that belong together, on the numbers of up to 512 neurons.
#pragma once

#include <cstdint>
#include <vector>

#include "model/step_program.h"

namespace rheobase {

/// Instruction sets for which the loops are compiled; `baseline` is what the build asks for.
enum class InstructionSet : std::uint8_t { baseline, avx2, avx512 };

/// Those that this processor has, the fastest last.
[[nodiscard]] std::vector<InstructionSet> instruction_sets();
[[nodiscard]] InstructionSet best_instruction_set();

inline constexpr std::uint32_t kBlock = 512;
/// Loops work on whole groups of so many neurons, so that they have no ends to care for.
inline constexpr std::uint32_t kLanes = 16;

/// Puts an operation of a[i], b[i], c[i] and e[i] into d[i], for i < count, a multiple of kLanes.
/// Of an operand that is a single number only [0] is read. `d` may be an operand.
using Loop = void (*)(float* d, const float* a, const float* b, const float* c, const float* e,
                      std::uint32_t count);

/// What draws are keyed by.
struct DrawKey {
  std::uint64_t seed = 0;
  std::uint64_t burst = 0;
  std::uint32_t site = 0;
  std::uint32_t first_id = 0;
};
/// The draw of a site for `count` neurons; `mean` is that of a Poisson number.
using DrawLoop = void (*)(float* d, const float* mean, const DrawKey& key, std::uint32_t count);

/// fired[i] = 1 where the truth at [i] holds, else 0.
using FiredLoop = void (*)(std::uint8_t* fired, const float* truth, std::uint32_t count);

/// Which of the operands a, b, c, e (bits 0 to 3) are single numbers.
using Singles = std::uint32_t;

/// An operation of a step program. A sum, a difference or a product may do without its flush where
/// nobody can notice.
struct LoopOp {
  model::Op op = model::Op::add;
  bool flushes = true;
  friend bool operator==(const LoopOp&, const LoopOp&) = default;
};

/// What a loop does, made of such operations.
using LoopCode = std::uint16_t;

/// That operation.
[[nodiscard]] LoopCode code_of(LoopOp op);
/// d = a.
[[nodiscard]] LoopCode copy_code();
/// Whether it is a sum, a difference or a product.
[[nodiscard]] bool is_sum(model::Op op);
/// Whether results of `first` may go into `then` within a loop.
[[nodiscard]] bool pairs(model::Op first, model::Op then);
/// then(first(a, b), c); or then(c, first(a, b)) where `second`.
[[nodiscard]] LoopCode pair_code(LoopOp first, LoopOp then, bool second);
/// select(compare(a, b), c, e).
[[nodiscard]] LoopCode choice_code(model::Op compare);
/// select(a, first(b, c), e), where `first` is a sum, a difference or a product; or
/// select(a, e, first(b, c)) where `otherwise`.
[[nodiscard]] LoopCode chosen_code(LoopOp first, bool otherwise);
/// then(a b, c e), where `then` is a sum, a difference or a product.
[[nodiscard]] LoopCode products_code(bool products_flush, LoopOp then);

/// Null where there is none: all operands are single, or those of an operation whose operands may
/// be swapped (add, multiply, minimum, maximum, equal, both, either) have the single one first.
[[nodiscard]] Loop loop_of(InstructionSet set, LoopCode code, Singles singles);
[[nodiscard]] DrawLoop draw_loop_of(InstructionSet set, model::Op draw, bool single_mean);
[[nodiscard]] FiredLoop fired_loop_of(InstructionSet set, bool single);

/// Whether a and b may be swapped.
[[nodiscard]] constexpr bool commutes(model::Op op) {
  using model::Op;
  return op == Op::add || op == Op::multiply || op == Op::minimum || op == Op::maximum ||
         op == Op::equal || op == Op::both || op == Op::either;
}

}  // namespace rheobase
