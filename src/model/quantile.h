// SPDX-License-Identifier: Apache-2.0
/// \file
/// From random words to numbers of a distribution by inverse distribution functions, in double
/// precision from + - * / and square roots alone: libm's results differ between platforms.
#pragma once

#include <bit>
#include <cstdint>

namespace rheobase::model {

/// A number above 0 and below 1 from the upper 52 bits of a word; all are equally far apart.
inline double share_of(std::uint64_t word) {
  const auto from_one = std::bit_cast<double>((word >> 12U) | 0x3FF0000000000000ULL);
  return (from_one - 1.0) + 0x1p-53;
}

/// ln 2 is the sum of these; the first has few bits, so that its multiples are exact.
inline constexpr double kLogTwoHigh = 0x1.62e42feep-1, kLogTwoLow = 0x1.a39ef35793c76p-33;

/// The natural logarithm of a normal number x > 0; relative error below 1e-13.
inline double log_of_share(double x) {
  // x is m 2^n with m between the roots of 1/2 and 2
  const std::uint64_t from_root = std::bit_cast<std::uint64_t>(x) - 0x3FE6A09E667F3BCDULL;
  const auto n = static_cast<double>(static_cast<std::int64_t>(from_root) >> 52U);
  const auto m = std::bit_cast<double>((from_root & 0xFFFFFFFFFFFFFULL) + 0x3FE6A09E667F3BCDULL);
  // log m = 2 artanh s
  const double s = (m - 1.0) / (m + 1.0);
  const double z = s * s;
  double p = 1.0 / 15.0;
  p = p * z + 1.0 / 13.0;
  p = p * z + 1.0 / 11.0;
  p = p * z + 1.0 / 9.0;
  p = p * z + 1.0 / 7.0;
  p = p * z + 1.0 / 5.0;
  p = p * z + 1.0 / 3.0;
  const double rest = 2.0 * s * (z * p) + n * kLogTwoLow;
  return n * kLogTwoHigh + (2.0 * s + rest);
}

/// e^x; relative error below 1e-13. x beyond +-200 counts as that.
inline double exp_of_number(double x) {
  const double low = x > -200.0 ? x : -200.0;
  const double v = low < 200.0 ? low : 200.0;
  // adding 3 2^51 rounds to a whole number, which the low bits hold
  const double rounded = v * 1.4426950408889634 + 0x1.8p52;
  const double n = rounded - 0x1.8p52;
  const double r = (v - n * kLogTwoHigh) - n * kLogTwoLow;
  double p = 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = p * r + 1.0;
  p = p * r + 1.0;
  const std::uint64_t shift = std::bit_cast<std::uint64_t>(rounded) << 52U;
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(p) + shift);
}

// The standard normal distribution's quantiles. Source: M. J. Wichura, "Algorithm AS 241: The
// percentage points of the normal distribution", Applied Statistics 37 (1988), PPND16; relative
// error about 1e-16. Its middle takes 85 % of all draws.

/// For p = 1/2 + q with |q| <= 0.425.
inline double normal_middle(double q) {
  const double r = 0.180625 - q * q;
  double a = 2.5090809287301226727e3;
  a = a * r + 3.3430575583588128105e4;
  a = a * r + 6.7265770927008700853e4;
  a = a * r + 4.5921953931549871457e4;
  a = a * r + 1.3731693765509461125e4;
  a = a * r + 1.9715909503065514427e3;
  a = a * r + 1.3314166789178437745e2;
  a = a * r + 3.3871328727963666080e0;
  double b = 5.2264952788528545610e3;
  b = b * r + 2.8729085735721942674e4;
  b = b * r + 3.9307895800092710610e4;
  b = b * r + 2.1213794301586595867e4;
  b = b * r + 5.3941960214247511077e3;
  b = b * r + 6.8718700749205790830e2;
  b = b * r + 4.2313330701600911252e1;
  b = b * r + 1.0;
  return q * a / b;
}

/// -quantile of p, 2^-1000 < p < 0.075: positive.
inline double normal_tail(double p) {
  double r = __builtin_sqrt(-log_of_share(p));
  if (r <= 5.0) {
    r -= 1.6;
    double c = 7.74545014278341407640e-4;
    c = c * r + 2.27238449892691845833e-2;
    c = c * r + 2.41780725177450611770e-1;
    c = c * r + 1.27045825245236838258e0;
    c = c * r + 3.64784832476320460504e0;
    c = c * r + 5.76949722146069140550e0;
    c = c * r + 4.63033784615654529590e0;
    c = c * r + 1.42343711074968357734e0;
    double d = 1.05075007164441684324e-9;
    d = d * r + 5.47593808499534494600e-4;
    d = d * r + 1.51986665636164571966e-2;
    d = d * r + 1.48103976427480074590e-1;
    d = d * r + 6.89767334985100004550e-1;
    d = d * r + 1.67638483018380384940e0;
    d = d * r + 2.05319162663775882187e0;
    d = d * r + 1.0;
    return c / d;
  }
  r -= 5.0;
  double e = 2.01033439929228813265e-7;
  e = e * r + 2.71155556874348757815e-5;
  e = e * r + 1.24266094738807843860e-3;
  e = e * r + 2.65321895265761230930e-2;
  e = e * r + 2.96560571828504891230e-1;
  e = e * r + 1.78482653991729133580e0;
  e = e * r + 5.46378491116411436990e0;
  e = e * r + 6.65790464350110377720e0;
  double f = 2.04426310338993978564e-15;
  f = f * r + 1.42151175831644588870e-7;
  f = f * r + 1.84631831751005468180e-5;
  f = f * r + 7.86869131145613259100e-4;
  f = f * r + 1.48753612908506148525e-2;
  f = f * r + 1.36929880922735805310e-1;
  f = f * r + 5.99832206555887937690e-1;
  f = f * r + 1.0;
  return e / f;
}

inline bool is_in_tail(double q) { return q > 0.425 || q < -0.425; }

/// The number that a standard normal one is below with probability p, 0 < p < 1.
inline double normal_quantile(double p) {
  const double q = p - 0.5;
  if (!is_in_tail(q)) {
    return normal_middle(q);
  }
  return q < 0.0 ? -normal_tail(p) : normal_tail(1.0 - p);
}

}  // namespace rheobase::model
