// SPDX-License-Identifier: Apache-2.0
/// \file
/// Whether a GPU computes the functions of users' models as everyone else.
#pragma once

#include <array>

#include "backends/wgpu/gpu.h"

namespace rheobase::wgpu {

inline constexpr std::array<const char*, 12> kProbedFunctions{
    "div", "sqrt", "exp",   "log",     "tanh",   "sin",
    "cos", "pow",  "floor", "uniform", "normal", "poisson"};

/// Runs each function on hard operands. \return how many results of each differ from the host's.
[[nodiscard]] std::array<std::uint32_t, kProbedFunctions.size()> function_differences(
    Gpu& gpu, bool integer_arithmetic, std::uint32_t operands);

/// Whether networks with users' models must use the integer-only arithmetic. Asked once per open
/// GPU, and of such networks only, since it takes longer than needs_integer_arithmetic.
/// \throws Error unavailable if even that one differs.
[[nodiscard]] bool needs_integer_functions(Gpu& gpu);

}  // namespace rheobase::wgpu
