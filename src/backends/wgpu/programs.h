// SPDX-License-Identifier: Apache-2.0
/// \file
/// The compute pipelines, joined from the WGSL files.
#pragma once

#include "backends/wgpu/gpu.h"
#include "backends/wgpu/tuning.h"

namespace rheobase::wgpu {

/// What decides which variants of the shaders run.
struct Variant {
  bool wide_sums = false;           ///< accumulators of 64 bits
  bool int64_atomics = false;       ///< as one word each
  bool integer_arithmetic = false;  ///< no float operation at all
  Tuning::Index index = Tuning::Index::dense;
  std::uint32_t shard_shift = 28;
  bool one_shard = true;
  bool driven_rows = true;  ///< some PSP is driven by the potential
  bool drives = true;       ///< there are drives
  std::uint32_t deliver_workgroup = 64;
  std::uint32_t update_workgroup = 256;
  std::uint32_t neurons_per_thread = 1;
  std::uint32_t rules = 0;  ///< model::StepRule bits
  bool count_branches = false;
};

struct Programs {
  const Pipeline* deliver = nullptr;
  const Pipeline* update = nullptr;
  const Pipeline* inject = nullptr;
  const Pipeline* sample = nullptr;
};

/// Made once for each variant of a GPU.
[[nodiscard]] Programs make_programs(Gpu& gpu, const Variant& variant);

/// For the arithmetic probe. \see Probe
[[nodiscard]] const Pipeline& make_probe(Gpu& gpu, bool integer_arithmetic);

/// For measuring the device. `entry`: "scatter", "tiny" or "copy".
[[nodiscard]] const Pipeline& make_limit(Gpu& gpu, bool wide, std::uint32_t rounds,
                                         const char* entry);

/// For the test that runs the step of the device on states of its own: a text in the place of
/// neuron_step.wgsl, and one with the entry point step_test. `key` tells texts apart.
[[nodiscard]] const Pipeline& make_step_test(Gpu& gpu, const std::string& key,
                                             bool integer_arithmetic, std::string_view neuron_step,
                                             std::string_view entry);

}  // namespace rheobase::wgpu
