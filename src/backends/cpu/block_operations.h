// SPDX-License-Identifier: Apache-2.0
/// \file
/// The operations of loops, of which block_loops.cpp makes loops, and their codes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "backends/cpu/block_loops.h"
#include "model/functions.h"
#include "model/run_step.h"

namespace rheobase::blocks {

using model::Op;

/// div_rn with the processor's quotients, which may be tiny, infinite, or no number where a and b
/// are 0. In integers: of masks on floats GCC makes a second division.
[[gnu::always_inline]] inline float quotient(float a, float b) {
  using namespace model;
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
  using namespace model;
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

template <LoopOp kOp>
[[gnu::always_inline]] inline float result_of(float a, float b, float c = 0.0F) {
  return result_of<kOp.op, kOp.flushes>(a, b, c);
}

// Operations of a, b, c and e, and for which single ones among them there are loops.

constexpr bool is_single(Singles singles, std::uint32_t operand) {
  return ((singles >> operand) & 1U) != 0U;
}
/// A flush before an operation that has been found to do without any: of no use to anybody.
constexpr bool flushes_for_nothing(LoopOp first, LoopOp then) {
  const bool sum = first.op == Op::add || first.op == Op::subtract || first.op == Op::multiply;
  return sum && first.flushes && !then.flushes;
}
/// Whether there is a loop for these two operands of `op`: not of two single numbers, and a single
/// one is the second where they may be swapped.
constexpr bool fits(Op op, bool a_single, bool b_single) {
  return !(a_single && (b_single || commutes(op)));
}

template <LoopOp kOp>
struct Alone {
  static constexpr std::uint32_t kOperands = operands_of(kOp.op);
  static constexpr bool exists(Singles singles) {
    const bool all = singles + 1U == 1U << kOperands;
    return singles >> kOperands == 0U && !all &&
           (kOperands != 2 || fits(kOp.op, is_single(singles, 0), is_single(singles, 1)));
  }
  [[gnu::always_inline]] static float of(float a, float b, float c, float) {
    return result_of<kOp>(a, b, c);
  }
};

struct Copy {
  static constexpr std::uint32_t kOperands = 1;
  static constexpr bool exists(Singles singles) { return singles < 2U; }
  [[gnu::always_inline]] static float of(float a, float, float, float) { return a; }
};

/// select(compare(a, b), c, e).
template <Op kCompare>
struct Choice {
  static constexpr std::uint32_t kOperands = 4;
  static constexpr bool exists(Singles singles) {
    return fits(kCompare, is_single(singles, 0), is_single(singles, 1));
  }
  [[gnu::always_inline]] static float of(float a, float b, float c, float e) {
    return result_of<Op::select>(result_of<kCompare>(a, b, 0.0F), c, e);
  }
};

/// select(a, first(b, c), e); or select(a, e, first(b, c)) where `kElse`.
template <LoopOp kFirst, bool kElse>
struct Chosen {
  static constexpr std::uint32_t kOperands = 4;
  static constexpr bool exists(Singles singles) {
    return !is_single(singles, 0) && fits(kFirst.op, is_single(singles, 1), is_single(singles, 2));
  }
  [[gnu::always_inline]] static float of(float a, float b, float c, float e) {
    const float first = result_of<kFirst>(b, c);
    return result_of<Op::select>(a, kElse ? e : first, kElse ? first : e);
  }
};

/// then(a b, c e).
template <bool kProductsFlush, LoopOp kThen>
struct Products {
  static constexpr std::uint32_t kOperands = 4;
  static constexpr bool exists(Singles singles) {
    return fits(Op::multiply, is_single(singles, 0), is_single(singles, 1)) &&
           fits(Op::multiply, is_single(singles, 2), is_single(singles, 3)) &&
           !(kProductsFlush && !kThen.flushes);
  }
  [[gnu::always_inline]] static float of(float a, float b, float c, float e) {
    constexpr LoopOp kProduct{Op::multiply, kProductsFlush};
    return result_of<kThen>(result_of<kProduct>(a, b), result_of<kProduct>(c, e));
  }
};

/// then(first(a, b), c); or then(c, first(a, b)) where `kSecond`.
template <LoopOp kFirst, LoopOp kThen, bool kSecond>
struct Pair {
  static constexpr std::uint32_t kOperands = 3;
  static constexpr bool exists(Singles singles) {
    return singles < 8U && fits(kFirst.op, is_single(singles, 0), is_single(singles, 1)) &&
           !(flushes_for_nothing(kFirst, kThen)) && !(kSecond && commutes(kThen.op));
  }
  [[gnu::always_inline]] static float of(float a, float b, float c, float) {
    const float first = result_of<kFirst>(a, b);
    return result_of<kThen>(kSecond ? c : first, kSecond ? first : c);
  }
};

// Codes: the operations of numbers and truths; those without a flush; a copy; the others.
inline constexpr auto kFirstOp = static_cast<std::size_t>(Op::add);
inline constexpr std::size_t kOps = static_cast<std::size_t>(Op::select) + 1 - kFirstOp;
inline constexpr std::array kCompares{Op::less, Op::less_equal, Op::equal};
/// What may go into another operation: first those that may do without a flush, then the same
/// without it.
inline constexpr std::array<LoopOp, 8> kInner{{{Op::add, true},
                                               {Op::subtract, true},
                                               {Op::multiply, true},
                                               {Op::add, false},
                                               {Op::subtract, false},
                                               {Op::multiply, false},
                                               {Op::minimum, true},
                                               {Op::maximum, true}}};
inline constexpr std::size_t kSums = 3;
inline constexpr std::size_t kArithmetic = 2 * kSums;

inline constexpr std::size_t kCopy = kOps + kSums;
inline constexpr std::size_t kChoices = kCopy + 1;
inline constexpr std::size_t kChosen = kChoices + kCompares.size();
inline constexpr std::size_t kProducts = kChosen + kArithmetic * 2;
inline constexpr std::size_t kPairs = kProducts + kArithmetic * 2;
inline constexpr std::size_t kCodes = kPairs + kInner.size() * kInner.size() * 2;

/// The operation of a code.
template <std::size_t kCode>
constexpr auto operation() {
  if constexpr (kCode < kOps) {
    return Alone<LoopOp{static_cast<Op>(kFirstOp + kCode), true}>{};
  } else if constexpr (kCode < kCopy) {
    return Alone<kInner[kCode - kOps + kSums]>{};
  } else if constexpr (kCode == kCopy) {
    return Copy{};
  } else if constexpr (kCode < kChosen) {
    return Choice<kCompares[kCode - kChoices]>{};
  } else if constexpr (kCode < kProducts) {
    return Chosen<kInner[(kCode - kChosen) / 2], (kCode - kChosen) % 2 == 1>{};
  } else if constexpr (kCode < kPairs) {
    return Products<(kCode - kProducts) % 2 == 1, kInner[(kCode - kProducts) / 2]>{};
  } else {
    constexpr std::size_t kAt = (kCode - kPairs) / 2;
    return Pair<kInner[kAt / kInner.size()], kInner[kAt % kInner.size()],
                (kCode - kPairs) % 2 == 1>{};
  }
}

}  // namespace rheobase::blocks
