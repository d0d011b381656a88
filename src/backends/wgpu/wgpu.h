// SPDX-License-Identifier: Apache-2.0
/// \file
/// The backend that runs on any GPU, through WebGPU and WGSL.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/backend.h"
#include "rheobase/engine.h"

namespace rheobase {

/// `selection` is what follows "wgpu" in the backend's name. \see wgpu::parse_selection
/// \throws Error unavailable with the reason, out_of_memory if the network is larger than the GPU.
[[nodiscard]] std::unique_ptr<Backend> make_wgpu_backend(std::string_view selection,
                                                         const BackendSetup& setup);

/// Names under which GPUs can be used here: "wgpu" if there is hardware, "wgpu:software" if there
/// is a software adapter. Opens nothing.
[[nodiscard]] std::vector<std::string> usable_gpus();

/// The first adapter that is hardware. Opens nothing.
[[nodiscard]] DeviceFound find_gpu();

/// Every adapter, opened and probed; or one line that says why there is none.
[[nodiscard]] std::vector<DeviceInfo> gpu_devices();

/// \see diagnose_gpu
[[nodiscard]] std::vector<Finding> gpu_findings();

/// \see measure_limits. `selection` as for make_wgpu_backend.
[[nodiscard]] DeviceLimits gpu_limits(std::string_view selection, std::uint64_t accumulators);

}  // namespace rheobase
