// SPDX-License-Identifier: Apache-2.0
/// \file
/// FEAGI's voxel frames (structure type 11): for each area the voxels that fire, or are to, with a
/// potential each. Body: u16 areas; per area 8-byte id, u32 offset from the structure's type byte,
/// u32 bytes (16 per voxel); then per area x[n], y[n], z[n] u32, p[n] f32.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rheobase::server {

/// The eight bytes of a cortical id.
using AreaKey = std::array<char, 8>;

struct AreaVoxels {
  AreaKey area{};
  std::vector<std::uint32_t> x, y, z;  ///< of one length, that of p; it may be 0
  std::vector<float> p;
};

/// \throws Error invalid_argument with the reason: a length that does not fit, an area that lies
/// outside of the frame or over another, a potential that is not a number.
[[nodiscard]] std::vector<AreaVoxels> read_xyzp(std::string_view body);

/// The body of a frame; areas without voxels are kept. At most 65,535 areas.
[[nodiscard]] std::string xyzp_of(const std::vector<AreaVoxels>& areas);

}  // namespace rheobase::server
