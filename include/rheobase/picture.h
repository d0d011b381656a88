// SPDX-License-Identifier: Apache-2.0
/// \file
/// Pictures onto areas, from whatever memory a camera gives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "rheobase/export.h"
#include "rheobase/network.h"

namespace rheobase {

/// A picture in the caller's memory, which is only read. Row, column and channel of a pixel are the
/// y, x and z of an area. Strides are in bytes, from one to the next, and may be negative; pixels
/// need not be aligned.
struct Picture {
  enum class Type : std::uint8_t { u8, i8, u16, i16, u32, i32, u64, i64, f32, f64 };
  const void* pixels = nullptr;
  Type type = Type::u8;
  std::size_t height = 0, width = 0, channels = 1;
  std::ptrdiff_t row_stride = 0, column_stride = 0, channel_stride = 0;
  float scale = 1.0F;  ///< potential of a pixel of 1
};

/// What Engine::inject takes.
struct PictureInput {
  std::vector<NeuronId> ids;
  std::vector<float> potentials;
};

/// Pixels that are not 0 as potentials of the area's neurons (of several in a voxel the last one),
/// ascending. `input` is filled anew; its memory is kept from picture to picture.
/// \throws Error invalid_argument if height, width and channels are not the y, x and z of the area,
/// if a pixel is no number, or too large for a 32-bit float.
RHEOBASE_API void picture_input(const Area& area, const Picture& picture, PictureInput& input);

}  // namespace rheobase
