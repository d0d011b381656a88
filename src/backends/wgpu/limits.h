// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a GPU can do at best.
#pragma once

#include "backends/wgpu/gpu.h"
#include "rheobase/engine.h"

namespace rheobase::wgpu {

[[nodiscard]] DeviceLimits measure(Gpu& gpu, std::uint64_t accumulators);

}  // namespace rheobase::wgpu
