// SPDX-License-Identifier: Apache-2.0
#include "rheobase/picture.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <span>
#include <string>

#include "rheobase/error.h"

namespace rheobase {
namespace {

/// Neurons are numbered along columns of the picture, pixels lie along rows. So many columns are
/// turned at a time: their pixels of one row share cache lines, and what is turned stays in cache.
constexpr std::size_t kColumns = 16;

template <class T>
T pixel_at(const std::byte* at) {
  T pixel;
  std::memcpy(&pixel, at, sizeof pixel);
  return pixel;
}

/// Columns first .. first + count - 1 as potentials: for each column, row and channel.
template <class T, bool kPacked>
void turn(const Picture& picture, std::size_t first, std::size_t count, float* to) {
  const auto* rows = static_cast<const std::byte*>(picture.pixels) +
                     static_cast<std::ptrdiff_t>(first) * picture.column_stride;
  const std::size_t length = picture.height * picture.channels;
  const std::ptrdiff_t stride =
      kPacked ? static_cast<std::ptrdiff_t>(sizeof(T)) : picture.column_stride;
  for (std::size_t c = 0; c < picture.channels; ++c) {
    for (std::size_t y = 0; y < picture.height; ++y) {
      const std::byte* row = rows + static_cast<std::ptrdiff_t>(y) * picture.row_stride +
                             static_cast<std::ptrdiff_t>(c) * picture.channel_stride;
      float* column = to + y * picture.channels + c;
      for (std::size_t x = 0; x < count; ++x) {
        const auto pixel = pixel_at<T>(row + static_cast<std::ptrdiff_t>(x) * stride);
        column[x * length] = static_cast<float>(pixel) * picture.scale;
      }
    }
  }
}

using Turn = void (*)(const Picture&, std::size_t, std::size_t, float*);

template <class T>
Turn turn_of(const Picture& picture) {
  const bool packed = picture.column_stride == static_cast<std::ptrdiff_t>(sizeof(T));
  return packed ? turn<T, true> : turn<T, false>;
}

Turn turn_for(const Picture& picture) {
  switch (picture.type) {
    case Picture::Type::u8: return turn_of<std::uint8_t>(picture);
    case Picture::Type::i8: return turn_of<std::int8_t>(picture);
    case Picture::Type::u16: return turn_of<std::uint16_t>(picture);
    case Picture::Type::i16: return turn_of<std::int16_t>(picture);
    case Picture::Type::u32: return turn_of<std::uint32_t>(picture);
    case Picture::Type::i32: return turn_of<std::int32_t>(picture);
    case Picture::Type::u64: return turn_of<std::uint64_t>(picture);
    case Picture::Type::i64: return turn_of<std::int64_t>(picture);
    case Picture::Type::f32: return turn_of<float>(picture);
    case Picture::Type::f64: return turn_of<double>(picture);
  }
  return turn_of<std::uint8_t>(picture);
}

void require_fit(const AreaSpec& area, const Picture& picture) {
  if (picture.width != area.size.x || picture.height != area.size.y ||
      picture.channels != area.size.z) {
    throw Error(ErrorCode::invalid_argument,
                "a picture of " + number_text(picture.height) + " rows, " +
                    number_text(picture.width) + " columns and " + number_text(picture.channels) +
                    " channels does not fit " + quoted_name(area.name) +
                    " (y, x, z = " + number_text(area.size.y) + ", " + number_text(area.size.x) +
                    ", " + number_text(area.size.z) + ").");
  }
}

[[noreturn]] void refuse(const Picture& picture, std::size_t x, std::span<const float> column) {
  const auto strange = std::find_if(column.begin(), column.end(),
                                    [](float value) { return !(value - value == 0.0F); });
  const auto place = static_cast<std::size_t>(strange - column.begin());
  throw Error(ErrorCode::invalid_argument,
              "the pixel in row " + number_text(place / picture.channels) + ", column " +
                  number_text(x) + ", channel " + number_text(place % picture.channels) + " is " +
                  (*strange != *strange ? "no number (NaN)." : "too large (3.4e38 at most)."));
}

/// What there is in a column, found without a branch for each pixel.
struct Look {
  bool strange = false;  ///< NaN or infinity
  bool dark = false;     ///< 0
};
Look look_at(std::span<const float> column) {
  std::uint32_t strange = 0;
  std::uint32_t dark = 0;
  for (const float value : column) {
    const std::uint32_t size = std::bit_cast<std::uint32_t>(value) & 0x7FFFFFFFU;
    strange |= size >= 0x7F800000U ? 1U : 0U;
    dark |= size == 0U ? 1U : 0U;
  }
  return {strange != 0, dark != 0};
}

/// Adds the pixels that are not 0, whose neurons lie `apart` from each other, behind `found`
/// others.
void put(std::span<const float> column, bool dark, NeuronId first, std::uint32_t apart,
         PictureInput& input, std::size_t& found) {
  NeuronId* id = input.ids.data() + found;
  float* potential = input.potentials.data() + found;
  if (!dark) {
    for (std::size_t i = 0; i < column.size(); ++i) {
      id[i] = first + static_cast<NeuronId>(i) * apart;
      potential[i] = column[i];
    }
    found += column.size();
    return;
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < column.size(); ++i) {
    // a 0 is written over by the next
    id[kept] = first + static_cast<NeuronId>(i) * apart;
    potential[kept] = column[i];
    kept += column[i] != 0.0F ? 1U : 0U;
  }
  found += kept;
}

}  // namespace

void picture_input(const Area& area, const Picture& picture, PictureInput& input) {
  require_fit(area.spec, picture);
  const float scale = picture.scale;
  if (!(scale - scale == 0.0F)) {
    throw Error(ErrorCode::invalid_argument,
                "the scale of a picture is not finite. Give a number.");
  }
  const std::size_t length = picture.height * picture.channels;
  const std::uint32_t per_voxel = area.spec.neurons_per_voxel;
  input.ids.resize(length * picture.width);
  input.potentials.resize(length * picture.width);
  std::vector<float> columns(kColumns * length);
  const Turn turn_columns = turn_for(picture);
  std::size_t found = 0;
  NeuronId id = area.first + per_voxel - 1;
  for (std::size_t first = 0; first < picture.width; first += kColumns) {
    const std::size_t count = std::min(kColumns, picture.width - first);
    turn_columns(picture, first, count, columns.data());
    for (std::size_t x = 0; x < count; ++x) {
      const std::span column(columns.data() + x * length, length);
      const Look look = look_at(column);
      if (look.strange) {
        refuse(picture, first + x, column);
      }
      put(column, look.dark, id, per_voxel, input, found);
      id += static_cast<NeuronId>(length) * per_voxel;
    }
  }
  input.ids.resize(found);
  input.potentials.resize(found);
}

}  // namespace rheobase
