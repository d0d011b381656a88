// SPDX-License-Identifier: Apache-2.0
/// \file
/// The step of a model as WGSL.
#pragma once

#include <string>
#include <vector>

#include "model/step_program.h"

namespace rheobase::wgpu {

/// A function `step_NUMBER(at: ModelPlace) -> bool` that does what model::run_step does: one
/// statement for each operation that anything hangs on. `single`: for each parameter, whether it is
/// one number for the whole area. What it calls is in models.wgsl.
[[nodiscard]] std::string print_step(const model::StepProgram& step,
                                     const std::vector<bool>& single, std::size_t number);

/// `step_model(at: ModelPlace) -> bool`, which calls the function of the place's program.
[[nodiscard]] std::string print_choice(std::size_t programs);

}  // namespace rheobase::wgpu
