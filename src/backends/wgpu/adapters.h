// SPDX-License-Identifier: Apache-2.0
/// \file
/// The GPUs that the drivers of this machine offer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "backends/wgpu/api.h"

namespace rheobase::wgpu {

/// What is known of an adapter before it is opened.
struct AdapterFacts {
  std::string name;       ///< as its driver says
  std::string driver;     ///< "Vulkan, NVIDIA 550.54"
  bool software = false;  ///< runs on the processor
  WGPULimits limits{};
  bool has_int64_atomics = false;
  bool has_timestamps = false;
  bool has_immediates = false;
};

/// Every adapter that Vulkan, Metal or Direct3D 12 offers; looked up once. Empty if the library
/// cannot be used.
[[nodiscard]] const std::vector<AdapterFacts>& adapters();
/// Why the adapters cannot be used here although they are known; empty if they can.
[[nodiscard]] std::string fork_trouble();

/// Which adapter a name asks for: "" the first that is hardware, "software" the first that is not,
/// a number the one at that place. \return its place in `adapters()`, or the reason why none fits.
struct AdapterChoice {
  std::size_t index = 0;
  std::string trouble;
};
[[nodiscard]] AdapterChoice choose_adapter(std::string_view name);

/// The place of the adapter of that name. \throws Error unavailable with the reason if none fits.
[[nodiscard]] std::size_t require_adapter(std::string_view name);

/// The library's object for the adapter at that place.
[[nodiscard]] WGPUAdapter adapter_handle(std::size_t index);

/// A text of the library's, copied.
[[nodiscard]] std::string text_of(WGPUStringView text);

}  // namespace rheobase::wgpu
