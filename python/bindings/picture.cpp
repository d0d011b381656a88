// SPDX-License-Identifier: Apache-2.0
// Pictures onto areas: arrays of any type and stride, read where they lie.
#include "rheobase/picture.h"

#include <nanobind/stl/string_view.h>

#include <array>
#include <optional>
#include <string>

#include "arrays.h"
#include "bindings.h"
#include "rheobase/error.h"

namespace rheobase::python {
namespace {

using namespace nb::literals;
using Pixels = nb::ndarray<nb::ro, nb::device::cpu>;

std::optional<Picture::Type> type_of(nb::dlpack::dtype type) {
  using Type = Picture::Type;
  constexpr std::array kUnsigned{Type::u8, Type::u16, Type::u32, Type::u64};
  constexpr std::array kSigned{Type::i8, Type::i16, Type::i32, Type::i64};
  const std::size_t place = type.bits == 8 ? 0 : type.bits == 16 ? 1 : type.bits == 32 ? 2 : 3;
  switch (static_cast<nb::dlpack::dtype_code>(type.code)) {
    case nb::dlpack::dtype_code::Bool: return Type::u8;
    case nb::dlpack::dtype_code::UInt: return kUnsigned[place];
    case nb::dlpack::dtype_code::Int: return kSigned[place];
    case nb::dlpack::dtype_code::Float:
      return type.bits == 32   ? std::optional(Type::f32)
             : type.bits == 64 ? std::optional(Type::f64)
                               : std::nullopt;
    default: return std::nullopt;
  }
}

/// (ids, potentials). `size`: x, y, z of the area. The Python side sees to types and axes.
Columns input_of_picture(std::string_view name, NeuronId first, std::array<std::uint32_t, 3> size,
                         std::uint32_t per_voxel, const Pixels& pixels, float scale) {
  const std::optional<Picture::Type> type = type_of(pixels.dtype());
  if (!type || pixels.ndim() < 2 || pixels.ndim() > 3) {
    throw Error(ErrorCode::invalid_argument, "an array of this type or shape is no picture.");
  }
  Area area;
  area.spec.name = std::string(name);
  area.spec.size = {size[0], size[1], size[2]};
  area.spec.neurons_per_voxel = per_voxel;
  area.first = first;
  const auto bytes = static_cast<std::int64_t>(pixels.itemsize());
  Picture picture{pixels.data(), *type, pixels.shape(0), pixels.shape(1)};
  picture.row_stride = pixels.stride(0) * bytes;
  picture.column_stride = pixels.stride(1) * bytes;
  if (pixels.ndim() == 3) {
    picture.channels = pixels.shape(2);
    picture.channel_stride = pixels.stride(2) * bytes;
  }
  picture.scale = scale;
  PictureInput input;
  {
    const nb::gil_scoped_release release;
    picture_input(area, picture, input);
  }
  return nb::make_tuple(array(std::move(input.ids)), array(std::move(input.potentials)));
}

}  // namespace

void bind_picture(nb::module_& m) {
  m.def(
      "picture_input",
      [](std::string_view name, NeuronId first, std::uint32_t x, std::uint32_t y, std::uint32_t z,
         std::uint32_t per_voxel, const nb::object& pixels, float scale) {
        return input_of_picture(name, first, {x, y, z}, per_voxel, nb::cast<Pixels>(pixels), scale);
      },
      "name"_a, "first"_a, "x"_a, "y"_a, "z"_a, "per_voxel"_a, "pixels"_a, "scale"_a);
}

}  // namespace rheobase::python
