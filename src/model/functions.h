// SPDX-License-Identifier: Apache-2.0
/// \file
/// All functions of users' models: those of elementary.h, powers and draws.
#pragma once

#include <cstdint>

#include "model/elementary.h"

namespace rheobase::model {

// What stands between these marks is the device's too: cmake/print_wgsl.py prints it as WGSL.
// wgsl begin

/// x^n of digits for n from 0 to 8.
inline float small_power(float x, std::uint32_t n, std::uint32_t guard = 0) {
  const float x2 = times(x, x, guard);
  const float x4 = times(x2, x2, guard);
  const float one = select(1.0F, x, (n & 1U) != 0U);
  const float two = select(one, times(one, x2, guard), (n & 2U) != 0U);
  const float four = select(two, times(two, x4, guard), (n & 4U) != 0U);
  return select(four, times(x4, x4, guard), (n & 8U) != 0U);
}

/// e^(b log a) for a > 0, with the logarithm and its product in two floats each.
inline float power_by_log(float a, float b, std::uint32_t guard = 0) {
  const Split s = split_of(a, guard);
  // log(1 + f) = f - f^2 / 2 + ..., the square of the upper half of f being exact
  const float f_high = half_digits(s.f);
  const float f_low = plus(s.f, -f_high, guard);
  const float half_square = times(times(f_high, f_high, guard), 0.5F, guard);
  const float first = plus(s.f, -half_square, guard);
  const float lost = plus(plus(s.f, -first, guard), -half_square, guard);
  const float other_square = times(times(plus(s.f, f_high, guard), f_low, guard), 0.5F, guard);
  const float rest = plus(plus(lost, -other_square, guard), log_rest(s.f, guard), guard);
  const float whole = times(s.n, kLn2High, guard);
  const float sum = plus(whole, first, guard);
  const float lost_again = plus(first, -plus(sum, -whole, guard), guard);
  const float less = plus(plus(rest, lost_again, guard), -times(s.n, kLn2Less, guard), guard);
  const float high = plus(sum, less, guard);
  const float low = plus(less, -plus(high, -sum, guard), guard);
  // times b
  const float h1 = half_digits(high);
  const float h2 = plus(high, -h1, guard);
  const float b1 = half_digits(b);
  const float b2 = plus(b, -b1, guard);
  const float product = times(b, high, guard);
  const float p1 = plus(times(b1, h1, guard), -product, guard);
  const float p2 = plus(plus(p1, times(b1, h2, guard), guard), times(b2, h1, guard), guard);
  const float p3 = plus(p2, times(b2, h2, guard), guard);
  const float beside = plus(p3, times(b, low, guard), guard);
  const bool outside = size_of(product) > 90.0F;
  const float bound = with_sign(90.0F, sign_of(product));
  const float v = select(product, bound, outside);
  const float rounded = plus(times(v, kPerLn2, guard), kRounder, guard);
  const float r = plus(exp_reduced(v, rounded, guard), select(beside, 0.0F, outside), guard);
  return scaled(plus(exp_rest(r, guard), 1.0F, guard), whole_in(rounded));
}

/// a^b: by products for whole b from -8 to 8 (so a^2 is a times a; within 8 units), else e^(b log
/// a) (within 2 units where the result is between 2^-16 and 2^16, within 8 everywhere). 0 for a < 0
/// and a broken b; 0^b is 0, 1 or 2^100 for b above, at or below 0.
inline float pow_rn(float a, float b, std::uint32_t guard = 0) {
  const float size = size_of(a);
  const bool whole = floor_rn(b, guard) == b;
  // by products
  const float steps = select(size_of(b), 8.0F, size_of(b) > 8.0F);
  const std::uint32_t n = static_cast<std::uint32_t>(static_cast<std::int32_t>(steps));
  const float up = small_power(digits_of(size), n, guard);
  const float down = ratio_rn(1.0F, digits_of(up), guard);
  const std::uint32_t power = static_cast<std::uint32_t>(power_of(size)) * n;
  const std::uint32_t power_down = 0U - power - static_cast<std::uint32_t>(power_of(up));
  const bool falls = b < 0.0F;
  const float product =
      scaled(select(up, down, falls), static_cast<std::int32_t>(select(power, power_down, falls)));
  // by the logarithm
  const float some = power_by_log(select(size, kLeastNormal, size == 0.0F), b, guard);
  const float of_zero = select(0.0F, kLargestPotential, falls);
  const float general = select(some, of_zero, size == 0.0F);
  const float result = select(general, product, whole & (size_of(b) <= 8.0F));
  // the sign of a negative number: even from 2^24 on
  const float odd_at = select(b, 0.0F, size_of(b) >= 16777216.0F);
  const std::uint32_t odd = static_cast<std::uint32_t>(static_cast<std::int32_t>(odd_at)) & 1U;
  const float turned = with_sign(result, sign_of(a) & (odd << 31U));
  return select(turned, 0.0F, (result == 0.0F) | ((a < 0.0F) & !whole));
}

/// In [0, 1), from 24 bits of a random word.
inline float uniform_of(std::uint32_t word, std::uint32_t guard = 0) {
  return times(static_cast<float>(static_cast<std::int32_t>(word >> 8U)), 0x1p-24F, guard);
}

/// Of mean 0 and standard deviation 1, from two random words (Box and Muller): at most 6.8 in size.
inline float normal_of(std::uint32_t word, std::uint32_t other, std::uint32_t guard = 0) {
  // in (0, 1], of 33 bits before it is rounded
  const float upper =
      times(static_cast<float>(static_cast<std::int32_t>(word >> 16U)), 65536.0F, guard);
  const float lower =
      plus(static_cast<float>(static_cast<std::int32_t>(word & 0xFFFFU)), 0.5F, guard);
  const float u = times(plus(upper, lower, guard), 0x1p-32F, guard);
  const float radius = sqrt_rn(times(log_rn(u, guard), -2.0F, guard), guard);
  Angle angle = angle_in(other, 0U, guard);
  angle.quarters += 1U;
  return mul_rn(radius, sine_of(angle, guard), guard);
}

/// The probability of the whole number k next below a mean, which is at most 2000.
inline float poisson_mode(float mean, float k, std::uint32_t guard = 0) {
  // e^-mean mean^k / k! for k < 8
  float few = exp_rn(-mean, guard);
  for (std::uint32_t i = 1U; i < 8U; i += 1U) {
    const float j = static_cast<float>(static_cast<std::int32_t>(i));
    const float factor = div_rn(mean, j, guard);
    few = select(few, mul_rn(few, factor, guard), j <= k);
  }
  // by Stirling's series and that of log(mean / k) from there on
  const float safe = select(8.0F, k, k >= 8.0F);
  const float d = select(0.0F, plus(mean, -k, guard), k >= 8.0F);
  const float x = div_rn(d, safe, guard);
  float p = plus(times(x, -0.142857149F, guard), 0.166666672F, guard);
  p = plus(times(p, x, guard), -0.2F, guard);
  p = plus(times(p, x, guard), 0.25F, guard);
  p = plus(times(p, x, guard), -0.333333343F, guard);
  p = plus(times(p, x, guard), 0.5F, guard);
  const float bend = times(times(d, x, guard), p, guard);
  const float inverse = div_rn(1.0F, safe, guard);
  const float cubic = times(times(inverse, inverse, guard), -0.00277777785F, guard);
  const float series = times(plus(0.0833333358F, cubic, guard), inverse, guard);
  const float width = sqrt_rn(times(safe, 6.28318548F, guard), guard);
  const float many = div_rn(exp_rn(-plus(bend, series, guard), guard), width, guard);
  return select(few, many, k >= 8.0F);
}

/// A Poisson number of that mean; 0 for a mean <= 0, and means above 2000 count as 2000. A word is
/// a place among the probabilities laid end to end in units of 2^-32: first most of the mode's,
/// then those beside it, outwards; what is left at the end is the mode's too.
inline float poisson_of(float mean, std::uint32_t word, std::uint32_t guard = 0) {
  const float positive = select(0.0F, mean, mean > 0.0F);
  const float m = select(positive, 2000.0F, positive > 2000.0F);
  const float mode = floor_rn(m, guard);
  float up = poisson_mode(m, mode, guard);
  float down = up;
  float above = mode;
  float below = mode;
  const std::uint32_t most =
      static_cast<std::uint32_t>(times(times(up, 0.999984741F, guard), 4294967296.0F, guard));
  std::uint32_t left = word - most;
  bool found = word < most;
  float number = mode;
  // no more than 300 are probable enough on one side
  for (std::uint32_t i = 0U; (i < 400U) & !found; i += 1U) {
    above = plus(above, 1.0F, guard);
    up = mul_rn(up, div_rn(m, above, guard), guard);
    const std::uint32_t more = static_cast<std::uint32_t>(times(up, 4294967296.0F, guard));
    const bool rises = left < more;
    left -= more;
    down = mul_rn(down, div_rn(below, m, guard), guard);
    below = plus(below, -select(0.0F, 1.0F, below > 0.0F), guard);
    const std::uint32_t fewer = static_cast<std::uint32_t>(times(down, 4294967296.0F, guard));
    const bool falls = left < fewer;
    left -= fewer;
    number = select(number, select(below, above, rises), rises | falls);
    found = rises | falls | ((more | fewer) == 0U);
  }
  return number;
}

// wgsl end

}  // namespace rheobase::model
