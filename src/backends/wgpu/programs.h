// SPDX-License-Identifier: Apache-2.0
/// \file
/// The compute pipelines, joined from the WGSL files.
#pragma once

#include "backends/wgpu/gpu.h"
#include "backends/wgpu/variant.h"

namespace rheobase::wgpu {

struct Programs {
  const Pipeline* deliver = nullptr;
  /// Only where the variant has tiles.
  const Pipeline* deliver_tile = nullptr;
  const Pipeline* update = nullptr;
  /// Only where the variant delivers at once.
  const Pipeline* update_and_deliver = nullptr;
  const Pipeline* inject = nullptr;
  const Pipeline* sample = nullptr;
};

/// Made once for each variant of a GPU.
[[nodiscard]] Programs make_programs(Gpu& gpu, const Variant& variant);

/// What happens to synapses that learn when an end fires: `text` as device_learning.cpp prints it.
[[nodiscard]] const Pipeline& make_learning(Gpu& gpu, const Variant& variant,
                                            const std::string& text);

/// For the arithmetic probe. \see Probe
[[nodiscard]] const Pipeline& make_probe(Gpu& gpu, bool integer_arithmetic);
[[nodiscard]] const Pipeline& make_function_probe(Gpu& gpu, bool integer_arithmetic);

/// For measuring the device. `entry`: "scatter", "tiny" or "copy".
[[nodiscard]] const Pipeline& make_limit(Gpu& gpu, bool wide, std::uint32_t rounds,
                                         const char* entry);

/// For the test that runs the step of the device on states of its own: a text in the place of
/// the printed step, and one with the entry point step_test.
[[nodiscard]] const Pipeline& make_step_test(Gpu& gpu, bool integer_arithmetic,
                                             std::string_view neuron_step, std::string_view entry);

}  // namespace rheobase::wgpu
