// SPDX-License-Identifier: Apache-2.0
#include "backends/wgpu/variant.h"

#include <algorithm>

#include "backends/wgpu/device_models.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::wgpu {

Variant choose_variant(const AdapterFacts& gpu, const NetworkData& network,
                       const DeviceSynapses& synapses, const Tuning& tuning,
                       bool integer_arithmetic) {
  if (tuning.sum == Tuning::Sum::i64 && !gpu.has_int64_atomics) {
    throw Error(ErrorCode::unavailable, "sum=i64 is not possible on the GPU " +
                                            quoted_name(gpu.name) +
                                            " (it has no 64-bit atomics). Use sum=pair.");
  }
  Variant v;
  v.wide_sums = network.charge.accumulator_bits != 32U;
  v.int64_atomics = tuning.sum != Tuning::Sum::pair && gpu.has_int64_atomics;
  v.integer_arithmetic = integer_arithmetic;
  v.index = tuning.index;
  v.shard_shift = synapses.shard_shift();
  v.one_shard = synapses.shards().size() == 1;
  v.driven_rows = network.potential_driven;
  v.joined = !network.members.empty();
  v.rules = network.step_rules;
  v.models = model_text(network);

  // found by `rheobase bench gpu` (bench/README.md)
  const auto or_else = [](std::uint32_t wanted, std::uint32_t chosen) {
    return wanted != 0 ? wanted : chosen;
  };
  constexpr std::uint32_t kManyNeurons = 1'000'000;
  const std::uint32_t n = network.neuron_count;
  v.deliver_workgroup = or_else(tuning.deliver_workgroup, gpu.software ? 32U : 128U);
  v.update_workgroup = or_else(tuning.update_workgroup, 256U);
  const std::uint32_t groups = gpu.software ? 16U : std::clamp(n / 256U, 1024U, 8192U);
  // no more than there can be work for
  const std::uint32_t useful = std::max(synapses.piece_count(), n / 32U + 1U);
  v.deliver_groups = or_else(tuning.deliver_groups, std::min(useful, groups));
  // cut up rows and sources apart from their neurons are for the delivery of its own
  v.deliver_now = tuning.delivery == Tuning::Delivery::automatic &&
                  v.index == Tuning::Index::dense && v.one_shard && network.max_delay() == 1 &&
                  synapses.long_count() == 0 && network.synapse_count != 0 &&
                  network.projections.empty();
  v.neurons_per_thread = or_else(tuning.neurons_per_thread, n < kManyNeurons ? 1U
                                                            : v.deliver_now  ? 2U
                                                                             : 4U);
  v.team = or_else(tuning.team, 32U);
  if (v.update_workgroup % v.team != 0) {
    v.team = 32U;  // all divide by it
  }
  // a team that is shorter than most rows
  v.ahead = or_else(tuning.ahead, v.team < 128U ? 4U : 1U);
  v.tiled = synapses.tiles().count() > 1;
  // of a row little lies in one tile
  v.tile_team = or_else(tuning.team, synapses.tiles().are_small() ? 16U : 8U);
  if (v.deliver_workgroup % v.tile_team != 0) {
    v.tile_team = v.deliver_workgroup;
  }
  return v;
}

}  // namespace rheobase::wgpu
