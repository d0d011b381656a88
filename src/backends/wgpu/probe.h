// SPDX-License-Identifier: Apache-2.0
/// \file
/// Whether a GPU's floats round as everyone else's.
#pragma once

#include "backends/wgpu/gpu.h"

namespace rheobase::wgpu {

/// Runs add_rn, mul_rn, a product and sum that a compiler would like to fuse, and fixed_to_f32 on a
/// million hard operands. \return how many results differ from the host's; 0 is needed.
[[nodiscard]] std::uint32_t arithmetic_differences(Gpu& gpu, bool integer_arithmetic);

/// Whether the integer-only arithmetic must be used. Asked once per open GPU.
/// \throws Error unavailable if even that one differs.
[[nodiscard]] bool needs_integer_arithmetic(Gpu& gpu);

}  // namespace rheobase::wgpu
