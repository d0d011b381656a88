// SPDX-License-Identifier: Apache-2.0
// Pictures of every type and stride against a loop over pixels.
#include "rheobase/picture.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "rheobase/engine.h"
#include "rheobase/error.h"

namespace rheobase::test::pictures {
namespace {

Area area_of(std::uint32_t x, std::uint32_t y, std::uint32_t z, std::uint32_t per_voxel = 1) {
  Area area;
  area.spec.name = "eye";
  area.spec.size = {x, y, z};
  area.spec.neurons_per_voxel = per_voxel;
  area.first = 100;
  area.count = x * y * z * per_voxel;
  return area;
}

template <class Pixel>
std::vector<Pixel> pixels_of(std::size_t count, bool dark) {
  std::vector<Pixel> pixels(count);
  for (std::size_t i = 0; i < count; ++i) {
    pixels[i] = dark && i % 3 == 0 ? Pixel{} : static_cast<Pixel>(i % 120 + 1);
  }
  return pixels;
}

/// As the definition has it: x outermost, then y, then z, the last neuron of the voxel.
template <class Pixel>
void expect_input(const Area& area, const Picture& picture, const Pixel* first) {
  PictureInput input;
  picture_input(area, picture, input);
  std::size_t found = 0;
  NeuronId id = area.first + area.spec.neurons_per_voxel - 1;
  for (std::size_t x = 0; x < picture.width; ++x) {
    for (std::size_t y = 0; y < picture.height; ++y) {
      for (std::size_t z = 0; z < picture.channels; ++z, id += area.spec.neurons_per_voxel) {
        const auto* at = reinterpret_cast<const std::byte*>(first) +
                         static_cast<std::ptrdiff_t>(y) * picture.row_stride +
                         static_cast<std::ptrdiff_t>(x) * picture.column_stride +
                         static_cast<std::ptrdiff_t>(z) * picture.channel_stride;
        Pixel pixel;
        std::memcpy(&pixel, at, sizeof pixel);
        if (pixel != Pixel{}) {
          ASSERT_LT(found, input.ids.size());
          EXPECT_EQ(input.ids[found], id);
          EXPECT_EQ(input.potentials[found], static_cast<float>(pixel) * picture.scale);
          ++found;
        }
      }
    }
  }
  EXPECT_EQ(found, input.ids.size());
  EXPECT_EQ(found, input.potentials.size());
}

template <class Pixel>
void expect_all_strides(Picture::Type type) {
  constexpr std::ptrdiff_t kSize = sizeof(Pixel);
  for (const bool dark : {false, true}) {
    // packed, wider than one turn of columns
    const auto packed = pixels_of<Pixel>(37 * 5, dark);
    Picture picture{packed.data(), type, 5, 37};
    picture.row_stride = 37 * kSize;
    picture.column_stride = kSize;
    expect_input(area_of(37, 5, 1), picture, packed.data());
    picture.scale = 0.25F;
    expect_input(area_of(37, 5, 1, 3), picture, packed.data());
    // three channels, every second row and column, upside down
    const auto wide = pixels_of<Pixel>(8 * 10 * 3, dark);
    Picture part{wide.data() + 6 * 30, type, 4, 5, 3};
    part.row_stride = -2 * 30 * kSize;
    part.column_stride = 2 * 3 * kSize;
    part.channel_stride = kSize;
    expect_input(area_of(5, 4, 3), part, wide.data() + 6 * 30);
  }
}

TEST(Picture, EveryTypeAndStrideGoesWhereItBelongs) {
  expect_all_strides<std::uint8_t>(Picture::Type::u8);
  expect_all_strides<std::int8_t>(Picture::Type::i8);
  expect_all_strides<std::uint16_t>(Picture::Type::u16);
  expect_all_strides<std::int16_t>(Picture::Type::i16);
  expect_all_strides<std::uint32_t>(Picture::Type::u32);
  expect_all_strides<std::int32_t>(Picture::Type::i32);
  expect_all_strides<std::uint64_t>(Picture::Type::u64);
  expect_all_strides<std::int64_t>(Picture::Type::i64);
  expect_all_strides<float>(Picture::Type::f32);
  expect_all_strides<double>(Picture::Type::f64);
}

std::string refusal(const Area& area, const Picture& picture) {
  PictureInput input;
  try {
    picture_input(area, picture, input);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(Picture, WhatIsNoPictureOfTheAreaIsRefused) {
  std::vector<double> pixels(6, 1.0);
  Picture picture{pixels.data(), Picture::Type::f64, 2, 3};
  picture.row_stride = 24;
  picture.column_stride = 8;
  EXPECT_EQ(refusal(area_of(3, 2, 1), picture), "");
  EXPECT_EQ(
      refusal(area_of(2, 3, 1), picture),
      "a picture of 2 rows, 3 columns and 1 channels does not fit 'eye' (y, x, z = 3, 2, 1).");
  pixels[5] = 1e300;
  EXPECT_EQ(refusal(area_of(3, 2, 1), picture),
            "the pixel in row 1, column 2, channel 0 is too large (3.4e38 at most).");
  pixels[4] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(refusal(area_of(3, 2, 1), picture),
            "the pixel in row 1, column 1, channel 0 is no number (NaN).");
}

/// Input as it is, in any order, twice, and beyond what is canonical, gives the spikes that it
/// gives one by one.
TEST(Picture, ManyAtOnceAreAsEachAlone) {
  NetworkBuilder builder;
  NeuronParams params;
  params.threshold = 1.0F;
  params.leak = 1.0F;
  builder.population("eye", 400, params);
  const Network network = builder.build();
  std::vector<NeuronId> ids;
  std::vector<float> values;
  for (NeuronId i = 0; i < 400; ++i) {
    ids.push_back(i * 7 % 400);
    values.push_back(static_cast<float>(i % 5) * 0.5F);
  }
  ids.push_back(3);
  values.push_back(1e-42F);  // a denormal counts as 0
  ids.push_back(3);
  values.push_back(2e38F);  // beyond 2^100
  for (const bool ascending : {false, true}) {
    if (ascending) {
      for (NeuronId i = 0; i < 400; ++i) {
        ids[i] = i;
      }
    }
    Engine many(network, {.backend = "reference", .drives = {}});
    Engine each(network, {.backend = "reference", .drives = {}});
    for (int burst = 0; burst < 3; ++burst) {
      many.inject(std::span(ids).first(400), std::span(values).first(400));
      many.inject(std::span(ids).last(2), std::span(values).last(2));
      for (std::size_t i = 0; i < ids.size(); ++i) {
        each.inject(ids[i], values[i]);
      }
      EXPECT_EQ(many.run(1).spikes, each.run(1).spikes);
    }
    EXPECT_EQ(many.signature(), each.signature());
    EXPECT_GT(many.state().fired.front().ids.size(), 100U);
    EXPECT_EQ(many.run(1).spikes, 0U);  // nothing is left over
  }
}

}  // namespace
}  // namespace rheobase::test::pictures
