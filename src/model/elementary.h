// SPDX-License-Identifier: Apache-2.0
/// \file
/// Functions of numbers with one result on every machine, made of sums, products and integers.
/// Arguments and results are canonical: finite, normal or +0, within +-2^100. Nothing on the way is
/// infinite or NaN, and nothing that shows hangs on denormal numbers. Errors are in units of the
/// result's last place; tests/unit/functions_test.cpp measures them.
#pragma once

#include <cstdint>

#include "model/float_ops.h"
#include "model/ratio.h"

namespace rheobase::model {

// What stands between these marks is the device's too: cmake/print_wgsl.py prints it as WGSL.
// wgsl begin

/// y 2^n within the canonical numbers: 2^100 from there on, 0 up to 2^-126. y is from 1/2 to 2^9.
inline float scaled(float y, std::int32_t n) {
  const std::uint32_t shift = static_cast<std::uint32_t>(clamp(n, -140, 118)) << 23U;
  const std::int32_t bits = static_cast<std::int32_t>(bits_of(y) + shift);
  const std::uint32_t at_most =
      select(static_cast<std::uint32_t>(bits), 0x71800000U, bits > 0x71800000);
  return float_of(select(at_most, 0U, bits <= 0x00800000));
}

/// x is digits_of(x) 2^power_of(x) for x > 0.
inline std::int32_t power_of(float x) {
  return static_cast<std::int32_t>((bits_of(x) >> 23U) & 255U) - 127;
}

inline std::uint32_t sign_of(float x) { return bits_of(x) & 0x80000000U; }
inline float size_of(float x) { return float_of(bits_of(x) & 0x7FFFFFFFU); }
inline float with_sign(float x, std::uint32_t sign) { return float_of(bits_of(x) ^ sign); }

/// The upper 12 bits of the digits: products of two such numbers are exact.
inline float half_digits(float x) { return float_of(bits_of(x) & 0xFFFFF000U); }

/// a / b, rounded to nearest even; x / 0 is +-2^100 with the sign of x, 0 / 0 is 0. Only digits are
/// divided, so that no quotient is infinite or denormal.
inline float div_rn(float a, float b, std::uint32_t guard = 0) {
  const float digits = ratio_rn(digits_of(a), digits_of(b), guard);
  const float finite = scaled(digits, power_of(a) - power_of(b));
  const float some = select(finite, kLargestPotential, b == 0.0F);
  const float size = select(some, 0.0F, a == 0.0F);
  const std::uint32_t sign = sign_of(a) ^ sign_of(b);
  return select(with_sign(size, sign), 0.0F, size == 0.0F);
}

/// The square root, rounded to nearest even; 0 for x <= 0.
inline float sqrt_rn(float x, std::uint32_t guard = 0) {
  // x is y 4^n with y from 1 to below 4
  const std::uint32_t odd = ((bits_of(x) >> 23U) & 1U) ^ 1U;
  const float y = float_of((bits_of(x) & 0x007FFFFFU) | (0x3F800000U + (odd << 23U)));
  const std::uint32_t n = ((bits_of(x) >> 23U) & 255U) - odd + 127U;
  const std::uint32_t root = (bits_of(root_rn(y, guard)) & 0x007FFFFFU) | ((n >> 1U) << 23U);
  return select(0.0F, float_of(root), x > 0.0F);
}

/// The largest whole number that is not above x.
inline float floor_rn(float x, std::uint32_t guard = 0) {
  // from 2^23 on all are whole
  const bool broken = size_of(x) < 8388608.0F;
  const float safe = select(0.0F, x, broken);
  const float nearer_zero = static_cast<float>(static_cast<std::int32_t>(safe));
  const float below = plus(nearer_zero, -select(0.0F, 1.0F, nearer_zero > safe), guard);
  return select(x, below, broken);
}

/// 3 2^22 more than the whole number next to x: its low bits are that number. |x| < 2^22.
inline constexpr float kRounder = 12582912.0F;
inline constexpr std::uint32_t kRounderBits = 0x4B400000U;
inline std::int32_t whole_in(float rounded) {
  return static_cast<std::int32_t>(bits_of(rounded) - kRounderBits);
}

/// ln 2 is the difference of these; the first has few bits, so that its products are exact.
inline constexpr float kLn2High = 0.693359375F;
inline constexpr float kLn2Less = 0.00021219444F;
inline constexpr float kPerLn2 = 1.44269502F;

/// e^r - 1 for |r| <= 0.35. Where a term is tiny, so is it beside what it is added to, and all is
/// added to 1 at last.
inline float exp_rest(float r, std::uint32_t guard = 0) {
  float p = 0.000198756912F;
  p = plus(times(p, r, guard), 0.00139819994F, guard);
  p = plus(times(p, r, guard), 0.0083334519F, guard);
  p = plus(times(p, r, guard), 0.0416657962F, guard);
  p = plus(times(p, r, guard), 0.166666657F, guard);
  p = plus(times(p, r, guard), 0.5F, guard);
  return plus(times(p, times(r, r, guard), guard), r, guard);
}

/// v - n ln 2, n being the whole number in `rounded`.
inline float exp_reduced(float v, float rounded, std::uint32_t guard = 0) {
  const float n = plus(rounded, -kRounder, guard);
  return plus(plus(v, -times(n, kLn2High, guard), guard), times(n, kLn2Less, guard), guard);
}

/// e^x, within 1 unit; 0 below -87, at most 2^100.
inline float exp_rn(float x, std::uint32_t guard = 0) {
  const float at_least = select(x, -87.0F, x < -87.0F);
  const float v = select(at_least, 69.3147125F, at_least > 69.3147125F);
  const float rounded = plus(times(v, kPerLn2, guard), kRounder, guard);
  const float y = plus(exp_rest(exp_reduced(v, rounded, guard), guard), 1.0F, guard);
  const std::uint32_t power = static_cast<std::uint32_t>(whole_in(rounded)) << 23U;
  const float within = select(float_of(bits_of(y) + power), 0.0F, x < -87.0F);
  return select(within, kLargestPotential, x > 69.3147125F);
}

/// x > 0 as (1 + f) 2^n with 1 + f between the roots of 1/2 and 2.
struct Split {
  float f = 0.0F;
  float n = 0.0F;
};
inline Split split_of(float x, std::uint32_t guard = 0) {
  const std::uint32_t from_root = bits_of(x) - 0x3F3504F3U;
  Split s;
  s.n = static_cast<float>(static_cast<std::int32_t>(from_root) >> 23U);
  s.f = plus(float_of((from_root & 0x007FFFFFU) + 0x3F3504F3U), -1.0F, guard);
  return s;
}

/// log(1 + f) - f + f^2 / 2. f is 0 or at least 2^-24, so nothing is tiny.
inline float log_rest(float f, std::uint32_t guard = 0) {
  float p = 0.0703768358F;
  p = plus(times(p, f, guard), -0.115146101F, guard);
  p = plus(times(p, f, guard), 0.116769984F, guard);
  p = plus(times(p, f, guard), -0.12420141F, guard);
  p = plus(times(p, f, guard), 0.142493233F, guard);
  p = plus(times(p, f, guard), -0.166680574F, guard);
  p = plus(times(p, f, guard), 0.200007141F, guard);
  p = plus(times(p, f, guard), -0.24999994F, guard);
  p = plus(times(p, f, guard), 0.333333313F, guard);
  return times(times(f, f, guard), times(f, p, guard), guard);
}

/// The natural logarithm, within 1 unit; that of 2^-126 for x <= 0.
inline float log_rn(float x, std::uint32_t guard = 0) {
  const Split s = split_of(select(x, kLeastNormal, x < kLeastNormal), guard);
  const float square = times(times(s.f, s.f, guard), -0.5F, guard);
  const float small = plus(log_rest(s.f, guard), -times(s.n, kLn2Less, guard), guard);
  const float rest = plus(s.f, plus(small, square, guard), guard);
  return add_rn(rest, times(s.n, kLn2High, guard), guard);
}

/// The hyperbolic tangent, within 1.5 units.
inline float tanh_rn(float x, std::uint32_t guard = 0) {
  const float size = size_of(x);
  // x + x^3 p(x^2); what is tiny is added to x, which is not
  const float near = select(size, 0.0F, size >= 0.625F);
  const float z = times(near, near, guard);
  float p = -0.00570498873F;
  p = plus(times(p, z, guard), 0.0206390880F, guard);
  p = plus(times(p, z, guard), -0.0537397154F, guard);
  p = plus(times(p, z, guard), 0.133314416F, guard);
  p = plus(times(p, z, guard), -0.333332807F, guard);
  const float bent = plus(times(times(p, z, guard), near, guard), near, guard);
  // 1 - 2 / (e^2x + 1), with e^2x + 1 = 2^n (e^r - 1) + (2^n + 1) rounded once
  const float v = times(select(size, 10.0F, size > 10.0F), 2.0F, guard);
  const float rounded = plus(times(v, kPerLn2, guard), kRounder, guard);
  const float power =
      float_of(0x3F800000U + (static_cast<std::uint32_t>(whole_in(rounded)) << 23U));
  const float grown = times(exp_rest(exp_reduced(v, rounded, guard), guard), power, guard);
  const float sum = plus(grown, plus(power, 1.0F, guard), guard);
  const float inverse = ratio_rn(1.0F, digits_of(sum), guard);
  const std::uint32_t down = static_cast<std::uint32_t>(power_of(sum) - 1) << 23U;
  const float flat = plus(1.0F, -float_of(bits_of(inverse) - down), guard);
  return flushed(with_sign(select(bent, flat, size >= 0.625F), sign_of(x)));
}

/// An angle: `quarters` quarter turns and high + low, which is within +-pi/4.
struct Angle {
  std::uint32_t quarters = 0;
  float high = 0.0F;
  float low = 0.0F;
};

/// Of (high, low), 64 bits, in units of 2^-62 quarter turns. Numbers of 24 bits become floats
/// exactly; products of half_digits with 1.5703125 too.
inline Angle angle_in(std::uint32_t high, std::uint32_t low, std::uint32_t guard = 0) {
  Angle angle;
  angle.quarters = (high + 0x20000000U) >> 30U;
  const std::uint32_t over = high - (angle.quarters << 30U);
  const std::uint32_t negative = 0U - (over >> 31U);
  const std::uint32_t h = over ^ negative;
  const std::uint32_t l = low ^ negative;
  const std::uint32_t middle = ((h & 63U) << 18U) | (l >> 14U);
  const float a = times(static_cast<float>(static_cast<std::int32_t>(h >> 6U)), 0x1p-24F, guard);
  const float b = times(static_cast<float>(static_cast<std::int32_t>(middle)), 0x1p-48F, guard);
  const float c =
      times(static_cast<float>(static_cast<std::int32_t>(l & 0x3FFFU)), 0x1p-62F, guard);
  const float f = plus(a, b, guard);
  const float f_high = half_digits(f);
  const float f_low = plus(plus(plus(a, -f_high, guard), b, guard), c, guard);
  const float less = plus(times(f_low, 1.5703125F, guard), times(f, 0.000483826792F, guard), guard);
  angle.high = with_sign(times(f_high, 1.5703125F, guard), negative & 0x80000000U);
  angle.low = with_sign(less, negative & 0x80000000U);
  return angle;
}

/// Of x >= 0: x 2 / pi in integers, of which 62 bits after the point count. Those of 2 / pi that
/// meet the digits of x are cut out of 93.
inline Angle angle_of(float x, std::uint32_t guard = 0) {
  const std::uint32_t shift = static_cast<std::uint32_t>(clamp(30 - power_of(x), 0, 31));
  const std::uint32_t w0 = 0x145F306DU >> shift;
  const std::uint32_t w1 = (0xC9C882A5U >> shift) | (0x28BE60DAU << (31U - shift));
  const std::uint32_t w2 = (0x3F84EAFAU >> shift) | (0x9391054AU << (31U - shift));
  const std::uint32_t m = ((bits_of(x) & 0x007FFFFFU) | 0x00800000U) << 8U;
  const std::uint32_t carried = product_high(m, w2);
  const std::uint32_t low = m * w1 + carried;
  const std::uint32_t high = m * w0 + product_high(m, w1) + select(0U, 1U, low < carried);
  const Angle reduced = angle_in(high, low, guard);
  const bool near = x < 0.5F;
  Angle angle;
  angle.quarters = select(reduced.quarters, 0U, near);
  angle.high = select(reduced.high, x, near);
  angle.low = select(reduced.low, 0.0F, near);
  return angle;
}

/// The sine of an angle. Terms that are tiny are added to `high`, which is not, or to 1.
inline float sine_of(const Angle& angle, std::uint32_t guard = 0) {
  const float r = plus(angle.high, angle.low, guard);
  const float z = times(r, r, guard);
  float s = -0.000195152956F;
  s = plus(times(s, z, guard), 0.00833216123F, guard);
  s = plus(times(s, z, guard), -0.166666552F, guard);
  const float bend = times(times(s, z, guard), r, guard);
  const float odd = plus(angle.high, plus(bend, angle.low, guard), guard);
  float c = 2.44331568e-05F;
  c = plus(times(c, z, guard), -0.00138873165F, guard);
  c = plus(times(c, z, guard), 0.0416666456F, guard);
  const float flat = times(times(z, z, guard), c, guard);
  const float even = plus(1.0F, plus(times(z, -0.5F, guard), flat, guard), guard);
  const float sine = select(odd, even, (angle.quarters & 1U) != 0U);
  return with_sign(sine, (angle.quarters & 2U) << 30U);
}

/// Within 1.5 units for |x| < 2^31. Larger numbers lie more than 40 turns apart; their results are
/// those of a smaller number.
inline float sin_rn(float x, std::uint32_t guard = 0) {
  return flushed(with_sign(sine_of(angle_of(size_of(x), guard), guard), sign_of(x)));
}
inline float cos_rn(float x, std::uint32_t guard = 0) {
  Angle angle = angle_of(size_of(x), guard);
  angle.quarters += 1U;
  return sine_of(angle, guard);
}

// wgsl end

}  // namespace rheobase::model
