// SPDX-License-Identifier: Apache-2.0
/// \file
/// Random step programs for comparing backends: every operation, and numbers at their limits.
#pragma once

#include <cstdint>
#include <vector>

#include "model/step_program.h"
#include "support/random_network.h"

namespace rheobase::test {

/// The program of that seed; what it computes stays finite for all canonical numbers that go in.
[[nodiscard]] model::StepProgram random_step_program(std::uint64_t seed);

/// A canonical number: often small, whole, equal to another or at a limit.
[[nodiscard]] float random_number(Chooser& choose);

}  // namespace rheobase::test
