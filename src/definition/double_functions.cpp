// SPDX-License-Identifier: Apache-2.0
#include "definition/double_functions.h"

#include <bit>
#include <cstdint>
#include <limits>

namespace rheobase::language {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();
// ln 2 and pi / 2 in parts: the first ones have few bits, so that their multiples are exact
constexpr double kLog2High = 0x1.62e42feep-1, kLog2Low = 0x1.a39ef35793c76p-33;
constexpr double kRight1 = 0x1.921fb544p+0, kRight2 = 0x1.0b4611a6p-34,
                 kRight3 = 0x1.3198a2e037073p-69;

double power_of_two(int n) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(n + 1023) << 52U);
}

/// The sine (first = x, at 1) or cosine (first = 1, at 0) of |x| < 0.8 by its series.
double series(double x, double first, int at) {
  double sum = 0.0;
  double term = first;
  for (int n = at; n < 24; n += 2) {
    sum += term;
    term *= -x * x / ((n + 1) * (n + 2));
  }
  return sum;
}

/// The sine of x + quarters * pi / 2.
double sine_from(double x, std::int64_t quarters) {
  if (!(x > -0x1p30 && x < 0x1p30)) {
    return kNoNumber;
  }
  const double n = floor_of(x / (kRight1 + kRight2) + 0.5);
  const double rest = ((x - n * kRight1) - n * kRight2) - n * kRight3;
  const std::int64_t turn = (static_cast<std::int64_t>(n) + quarters) & 3;
  const double value = (turn & 1) == 0 ? series(rest, rest, 1) : series(rest, 1.0, 0);
  return (turn & 2) == 0 ? value : -value;
}

}  // namespace

double floor_of(double x) {
  if (!(x > -0x1p52 && x < 0x1p52)) {
    return x;
  }
  const auto whole = static_cast<double>(static_cast<std::int64_t>(x));
  return whole > x ? whole - 1.0 : whole;
}

double exp_of(double x) {
  if (!(x < 709.0)) {
    return x >= 709.0 ? kInfinity : kNoNumber;
  }
  if (x < -708.0) {
    return 0.0;
  }
  const double n = floor_of(x / (kLog2High + kLog2Low) + 0.5);
  const double rest = (x - n * kLog2High) - n * kLog2Low;
  double sum = 1.0;
  for (int term = 16; term >= 1; --term) {
    sum = 1.0 + rest / term * sum;
  }
  return sum * power_of_two(static_cast<int>(n));
}

double log_of(double x) {
  if (!(x > 0.0)) {
    return x == 0.0 ? -kInfinity : kNoNumber;
  }
  if (x == kInfinity) {
    return x;
  }
  int exponent = 0;
  while (x < 0x1p-900) {  // also denormals
    x *= 0x1p100;
    exponent -= 100;
  }
  const auto bits = std::bit_cast<std::uint64_t>(x);
  exponent += static_cast<int>(bits >> 52U) - 1023;
  double m = std::bit_cast<double>((bits & 0xFFFFFFFFFFFFFULL) | 0x3FF0000000000000ULL);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    ++exponent;
  }
  const double s = (m - 1.0) / (m + 1.0);
  double sum = 0.0;
  for (int n = 25; n >= 3; n -= 2) {
    sum = (sum + 1.0 / n) * s * s;
  }
  return exponent * kLog2High + (2.0 * s * (1.0 + sum) + exponent * kLog2Low);
}

double sqrt_of(double x) {
  if (!(x > 0.0) || x == kInfinity) {
    return x >= 0.0 ? x : kNoNumber;
  }
  if (x < 0x1p-900) {
    return sqrt_of(x * 0x1p200) * 0x1p-100;
  }
  double root =
      std::bit_cast<double>((std::bit_cast<std::uint64_t>(x) >> 1U) + 0x1FF8000000000000ULL);
  for (int round = 0; round < 5; ++round) {
    root = 0.5 * (root + x / root);
  }
  return root;
}

double exprel_of(double x) {
  if (!(x > -0.5 && x < 0.5)) {
    return x == -kInfinity ? 0.0 : (exp_of(x) - 1.0) / x;
  }
  double sum = 1.0;
  for (int term = 16; term >= 2; --term) {
    sum = 1.0 + x / term * sum;
  }
  return sum;
}

double tanh_of(double x) {
  if (!(x > -20.0 && x < 20.0)) {
    return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : kNoNumber;
  }
  const double growth = 2.0 * x * exprel_of(2.0 * x);  // e^2x - 1
  return growth / (growth + 2.0);
}

double sin_of(double x) { return sine_from(x, 0); }
double cos_of(double x) { return sine_from(x, 1); }

double pow_of(double a, double b) {
  if (b >= -64.0 && b <= 64.0 && floor_of(b) == b) {
    double product = 1.0;
    for (int n = static_cast<int>(b < 0.0 ? -b : b); n > 0; --n) {
      product *= a;
    }
    return b < 0.0 ? 1.0 / product : product;
  }
  if (a == 0.0) {
    return b > 0.0 ? 0.0 : b < 0.0 ? kInfinity : kNoNumber;
  }
  if (a < 0.0 && floor_of(b) == b) {
    const bool odd = floor_of(b * 0.5) * 2.0 != b;
    return odd ? -exp_of(b * log_of(-a)) : exp_of(b * log_of(-a));
  }
  return exp_of(b * log_of(a));
}

}  // namespace rheobase::language
