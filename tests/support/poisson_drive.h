// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/drive.h"

namespace rheobase::test {

/// A Poisson drive of `count` neurons with a mean of so many events a burst, ready for running.
inline model::CompiledDrive poisson_drive(double mean, std::uint32_t count = 1U << 30U) {
  model::CompiledDrive d;
  d.kind = model::CompiledDrive::Kind::poisson;
  d.count = count;
  d.draws = mean <= 500.0 ? 1U : (mean <= 1000.0 ? 2U : 4U);
  d.unit_shift = model::unit_shift_of(mean);
  d.cumulative = model::poisson_table(mean * (1U << d.unit_shift) / d.draws);
  return d;
}

}  // namespace rheobase::test
