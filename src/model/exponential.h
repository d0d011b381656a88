// SPDX-License-Identifier: Apache-2.0
/// \file
/// exp(-x) from additions and multiplications alone: libm's results differ between platforms.
#pragma once

namespace rheobase::model {

/// exp(-x) for x >= 0, relative error below 1e-13 for x <= 700. Taylor series of exp(-x / 2^n) with
/// x / 2^n < 1/4, squared n times.
inline double exp_negative(double x) {
  int halvings = 0;
  while (x >= 0.25) {
    x *= 0.5;
    ++halvings;
  }
  double sum = 1.0;
  for (int term = 16; term >= 1; --term) {
    sum = 1.0 - x / term * sum;
  }
  for (; halvings > 0; --halvings) {
    sum *= sum;
  }
  return sum;
}

}  // namespace rheobase::model
