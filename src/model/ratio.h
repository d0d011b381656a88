// SPDX-License-Identifier: Apache-2.0
/// \file
/// Division and square root of numbers near 1, rounded to nearest even. Hosts have instructions for
/// them; devices give guesses, from which the exact result follows by a remainder in integers.
#pragma once

#include <cstdint>

#include "model/float_ops.h"

namespace rheobase::model {

// What stands between these marks is the device's too: cmake/print_wgsl.py prints it as WGSL.
// wgsl begin

/// The digits of a normal number: from 1 to below 2.
inline float digits_of(float x) { return float_of((bits_of(x) & 0x007FFFFFU) | 0x3F800000U); }

/// a / b for a and b from 1 to below 2, made of a guess that is at most 7 units of its last place
/// off. The remainder is right although it is computed modulo 2^32, since it is small. No quotient
/// of two 24-bit numbers lies halfway between two others.
inline float ratio_from(float a, float b, float guess) {
  const std::uint32_t ma = bits_of(a) - 0x3F000000U;  // 24 bits: digits and the leading one
  const std::uint32_t mb = bits_of(b) - 0x3F000000U;
  const std::uint32_t below_one = select(0U, 1U, ma < mb);
  // where the guess is out of the binade of the result, the nearest number within
  const std::uint32_t least = 0x3F800000U - (below_one << 23U);
  const std::uint32_t g = bits_of(guess);
  const std::uint32_t at_least = select(g, least, g < least);
  const std::uint32_t most = least + 0x007FFFFFU;
  std::uint32_t m = select(at_least, most, at_least > most) - least + 0x00800000U;
  const std::uint32_t rest = (ma << (23U + below_one)) - m * mb;
  // 8 mb more, so that it is not negative
  const std::uint32_t steps = (rest + (mb << 3U)) / mb;
  m += steps - 8U;
  const std::uint32_t remainder = rest + (mb << 3U) - steps * mb;
  m += select(0U, 1U, (remainder << 1U) > mb);
  return float_of(least + (m - 0x00800000U));
}

/// The same without a guess: three digits of 8 bits, and the next bit.
inline float ratio_integer(float a, float b) {
  const std::uint32_t ma = bits_of(a) - 0x3F000000U;
  const std::uint32_t mb = bits_of(b) - 0x3F000000U;
  const std::uint32_t below_one = select(0U, 1U, ma < mb);
  const std::uint32_t first = (ma << (7U + below_one)) / mb;
  const std::uint32_t first_rest = (ma << (7U + below_one)) - first * mb;
  const std::uint32_t second = (first_rest << 8U) / mb;
  const std::uint32_t second_rest = (first_rest << 8U) - second * mb;
  const std::uint32_t third = (second_rest << 8U) / mb;
  const std::uint32_t third_rest = (second_rest << 8U) - third * mb;
  const std::uint32_t m = (first << 16U) + (second << 8U) + third;
  const std::uint32_t up = select(0U, 1U, (third_rest << 1U) > mb);
  return float_of(0x3F000000U - (below_one << 23U) + m + up);
}

/// The square root of x from 1 to below 4, made of such a guess. No root lies halfway either.
inline float root_from(float x, float guess) {
  const std::uint32_t digits = (bits_of(x) & 0x007FFFFFU) | 0x00800000U;
  const std::uint32_t above_two = (bits_of(x) - 0x3F800000U) >> 23U;
  const std::uint32_t g = bits_of(guess);
  const std::uint32_t at_least = select(g, 0x3F800000U, g < 0x3F800000U);
  std::uint32_t m = select(at_least, 0x3FFFFFFFU, at_least > 0x3FFFFFFFU) - 0x3F000000U;
  const std::uint32_t rest = (digits << (23U + above_two)) - m * m;
  // steps of about 2 m each, 8 more, so that it is not negative
  const std::uint32_t steps = (rest + (m << 4U)) / (m << 1U) - 8U;
  std::uint32_t remainder = rest - ((m << 1U) + steps) * steps;
  m += steps;
  const std::uint32_t too_many = remainder >> 31U;
  m -= too_many;
  remainder += select(0U, (m << 1U) + 1U, too_many != 0U);
  m += select(0U, 1U, remainder > m);
  return float_of(0x3F000000U + m);
}

/// The same without a guess, bit by bit.
inline float root_integer(float x) {
  const std::uint32_t above_two = (bits_of(x) - 0x3F800000U) >> 23U;
  std::uint32_t digits = ((bits_of(x) & 0x007FFFFFU) | 0x00800000U) << (7U + above_two);
  std::uint32_t rest = 0U;
  std::uint32_t m = 0U;
  for (std::uint32_t i = 0U; i < 24U; i += 1U) {
    rest = (rest << 2U) | (digits >> 30U);
    digits = digits << 2U;
    const std::uint32_t trial = (m << 2U) | 1U;
    const bool fits = rest >= trial;
    rest -= select(0U, trial, fits);
    m = (m << 1U) | select(0U, 1U, fits);
  }
  m += select(0U, 1U, rest > m);
  return float_of(0x3F000000U + m);
}

// wgsl end

/// What the device's ratio_rn and root_rn are here: the instructions. Where the compiler may take
/// something less exact for them, it is a guess as the device's own is.
inline float ratio_rn(float a, float b, std::uint32_t guard = 0) {
  const float ratio = guarded(a / b, guard);
#if defined(__FAST_MATH__)
  return ratio_from(a, b, ratio);
#else
  return ratio;
#endif
}
inline float root_rn(float x, std::uint32_t guard = 0) {
  const float root = guarded(__builtin_sqrtf(x), guard);
#if defined(__FAST_MATH__)
  return root_from(x, root);
#else
  return root;
#endif
}

/// As WGSL names it.
inline std::int32_t clamp(std::int32_t x, std::int32_t low, std::int32_t high) {
  const std::int32_t above = x < low ? low : x;
  return above > high ? high : above;
}

/// The upper half of a product.
inline std::uint32_t product_high(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::uint32_t>((std::uint64_t{a} * b) >> 32U);
}

}  // namespace rheobase::model
