// SPDX-License-Identifier: Apache-2.0
/// \file
/// Whether a GPU's floats round as everyone else's.
#pragma once

#include <array>

#include "backends/wgpu/gpu.h"

namespace rheobase::wgpu {

/// Two words that a probe gets.
using Operands = std::array<std::uint32_t, 2>;

/// Runs a probe's pipeline. \return `words` answers to each pair of operands.
[[nodiscard]] std::vector<std::uint32_t> answers_of(Gpu& gpu, const Pipeline& pipeline,
                                                    const std::vector<Operands>& operands,
                                                    std::size_t words);

/// Runs add_rn, mul_rn, a product and sum that a compiler would like to fuse, and fixed_to_f32 on a
/// million hard operands. \return how many results differ from the host's; 0 is needed.
[[nodiscard]] std::uint32_t arithmetic_differences(Gpu& gpu, bool integer_arithmetic);

/// Whether the integer-only arithmetic must be used. Asked once per open GPU.
/// \throws Error unavailable if even that one differs.
[[nodiscard]] bool needs_integer_arithmetic(Gpu& gpu);

}  // namespace rheobase::wgpu
