// SPDX-License-Identifier: Apache-2.0
/// \file
/// Which shaders a network gets on a GPU, and in which sizes.
#pragma once

#include <string>

#include "backends/wgpu/adapters.h"
#include "backends/wgpu/device_synapses.h"
#include "backends/wgpu/tuning.h"
#include "network/view.h"

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
  bool joined = false;      ///< the network has members
  std::uint32_t deliver_workgroup = 64;
  std::uint32_t deliver_groups = 1;  ///< of the fixed grid that strides over the work
  std::uint32_t update_workgroup = 256;
  std::uint32_t neurons_per_thread = 1;
  /// The step delivers what fires for the next burst at once: one dispatch for a burst.
  bool deliver_now = false;
  std::uint32_t team = 32;       ///< threads that then share a row
  std::uint32_t ahead = 4;       ///< loads of a thread under way at once: 1 or 4
  bool tiled = false;            ///< the delivery may go tile by tile
  std::uint32_t tile_team = 16;  ///< threads that then share a row
  std::uint32_t rules = 0;       ///< model::StepRule bits
  bool count_branches = false;
  std::string models;  ///< the steps of models, printed; empty if no neuron has one
};

/// What suits the network and the GPU, unless `tuning` says otherwise.
/// \throws Error unavailable if it asks for what the GPU has not.
[[nodiscard]] Variant choose_variant(const AdapterFacts& gpu, const NetworkData& network,
                                     const DeviceSynapses& synapses, const Tuning& tuning,
                                     bool integer_arithmetic);

}  // namespace rheobase::wgpu
