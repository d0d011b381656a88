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

/// Results of one function that differ from the host's.
struct FunctionDifferences {
  std::uint32_t count = 0;
  /// Of the last one, as bits: operands, the host's result, the device's.
  std::uint32_t a = 0, b = 0, wanted = 0, got = 0;
};

/// Runs each function on hard operands.
[[nodiscard]] std::array<FunctionDifferences, kProbedFunctions.size()> function_differences(
    Gpu& gpu, bool integer_arithmetic, std::uint32_t operands);

/// Whether networks with users' models must use the integer-only arithmetic. Asked once per open
/// GPU, and of such networks only, since it takes longer than needs_integer_arithmetic.
/// \throws Error unavailable if even that one differs.
[[nodiscard]] bool needs_integer_functions(Gpu& gpu);

}  // namespace rheobase::wgpu
