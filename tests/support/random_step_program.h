// SPDX-License-Identifier: Apache-2.0
/// \file
/// Random step programs for comparing backends: every operation, and numbers at their limits.
#pragma once

#include <cstdint>
#include <vector>

#include "model/step_program.h"
#include "support/random_network.h"

namespace rheobase::test {

/// Which numbers a program and what goes into it have: of all sizes, or mostly so small that
/// flushes matter.
enum class Sizes : std::uint8_t { all, tiny };

/// The program of that seed; what it computes stays finite for all canonical numbers that go in.
[[nodiscard]] model::StepProgram random_step_program(std::uint64_t seed, Sizes sizes = Sizes::all);

/// A canonical number: often whole, equal to another or at a limit.
[[nodiscard]] float random_number(Chooser& choose, Sizes sizes = Sizes::all);

}  // namespace rheobase::test
