// SPDX-License-Identifier: Apache-2.0
/// \file
/// Functions in double precision from + - * / alone: libm's results differ between platforms.
/// Relative errors are below 1e-13 where results are within 2^+-60; beyond that infinities and NaN
/// come out as usual, for the caller to refuse.
#pragma once

namespace rheobase::language {

[[nodiscard]] double exp_of(double x);
[[nodiscard]] double log_of(double x);
[[nodiscard]] double sqrt_of(double x);
[[nodiscard]] double tanh_of(double x);
/// NaN beyond +-2^30.
[[nodiscard]] double sin_of(double x);
[[nodiscard]] double cos_of(double x);
[[nodiscard]] double pow_of(double a, double b);
[[nodiscard]] double floor_of(double x);
/// (e^x - 1) / x, 1 for x = 0.
[[nodiscard]] double exprel_of(double x);

}  // namespace rheobase::language
