// SPDX-License-Identifier: Apache-2.0
/// \file
/// Sine and cosine of -90 to +90 degrees from + - * / alone: libm's results differ between
/// platforms.
#pragma once

namespace rheobase {

struct Turn {
  double sine = 0.0, cosine = 1.0;
};

/// `degrees` in [-90, 90]; error below 1e-15. Taylor series of an eighth, doubled three times.
inline Turn turn_of(double degrees) {
  constexpr double kPi = 3.14159265358979323846;
  const double x = degrees * kPi / 180.0 / 8.0;
  const double square = x * x;
  double sine = 0.0;
  double versine = 0.0;  // 1 - cos, which keeps its digits when doubled
  for (int term = 9; term >= 1; --term) {
    sine = 1.0 - square / ((2.0 * term) * (2.0 * term + 1.0)) * (term == 9 ? 1.0 : sine);
    versine =
        1.0 - square / ((2.0 * term + 1.0) * (2.0 * term + 2.0)) * (term == 9 ? 1.0 : versine);
  }
  sine *= x;
  versine *= square / 2.0;
  for (int doubling = 0; doubling < 3; ++doubling) {
    const double cosine = 1.0 - versine;
    versine = 2.0 * sine * sine;
    sine = 2.0 * sine * cosine;
  }
  return {sine, 1.0 - versine};
}

/// Rounded half away from zero.
inline long long round_half_away(double x) {
  return x < 0.0 ? -static_cast<long long>(0.5 - x) : static_cast<long long>(x + 0.5);
}

}  // namespace rheobase
