// SPDX-License-Identifier: Apache-2.0
/// \file
/// Drives and the members of joined networks as the shaders read them.
#pragma once

#include <cstdint>
#include <vector>

#include "model/drive.h"

namespace rheobase::wgpu {

/// What lies at Params::members_at: a vec4 for each member (first id, neurons), then, at
/// Params::drives_at, one for each kDriveNeurons neurons (the first of their drives and the one
/// behind the last, in vec4s from drives_at), the drives of all these in turn, tables.
///
/// A drive has three: first, count, kind | draws << 8 | port << 16, amplitude; stream and log2 of
/// its units, or step; its table in vec4s from drives_at, entries of that; seed. Tables ascend and
/// are filled up to whole vec4s. `firsts`: the first id of each member.
[[nodiscard]] std::vector<std::uint32_t> drive_words(
    const std::vector<model::CompiledDrive>& drives, const std::vector<std::uint32_t>& firsts,
    std::uint32_t neuron_count);

}  // namespace rheobase::wgpu
