// SPDX-License-Identifier: Apache-2.0
#include "server/xyzp.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "rheobase/error.h"
#include "rheobase/text.h"
#include "server/container.h"

namespace rheobase::server {
namespace {

constexpr std::size_t kTypeAndVersion = 2;  // offsets count them
constexpr std::size_t kEntry = 16;
constexpr std::size_t kVoxel = 16;

[[noreturn]] void refuse(const std::string& reason) {
  throw Error(ErrorCode::invalid_argument, "not a frame of voxels (" + reason + ").");
}

bool is_number(float value) {
  return value >= -std::numeric_limits<float>::max() && value <= std::numeric_limits<float>::max();
}

}  // namespace

std::vector<AreaVoxels> read_xyzp(std::string_view body) {
  if (body.size() < 2) {
    refuse("it has no number of areas");
  }
  const std::size_t count = u16_at(body, 0);
  const std::size_t begin = 2 + kEntry * count;
  if (body.size() < begin) {
    refuse("it ends within the list of its " + number_text(count) + " areas");
  }
  std::vector<AreaVoxels> areas(count);
  std::size_t used = begin;  // areas may not share bytes, so a frame holds no more than it is long
  for (std::size_t i = 0; i < count; ++i) {
    AreaVoxels& area = areas[i];
    const std::size_t entry = 2 + kEntry * i;
    std::copy_n(body.begin() + static_cast<std::ptrdiff_t>(entry), area.area.size(),
                area.area.begin());
    const std::size_t offset = u32_at(body, entry + 8);
    const std::size_t bytes = u32_at(body, entry + 12);
    const std::string where = "area " + number_text(i + 1);
    if (bytes % kVoxel != 0) {
      refuse(where + " has " + number_text(bytes) + " bytes, which is no multiple of 16");
    }
    if (offset < begin + kTypeAndVersion || offset - kTypeAndVersion > body.size() ||
        bytes > body.size() - (offset - kTypeAndVersion)) {
      refuse(where + " lies outside of it");
    }
    used += bytes;
    if (used > body.size()) {
      refuse("its areas share bytes");
    }
    const std::size_t n = bytes / kVoxel;
    const std::string_view data = body.substr(offset - kTypeAndVersion, bytes);
    const auto column = [&](std::size_t which) {
      std::vector<std::uint32_t> values(n);
      for (std::size_t v = 0; v < n; ++v) {
        values[v] = u32_at(data, 4 * (which * n + v));
      }
      return values;
    };
    area.x = column(0);
    area.y = column(1);
    area.z = column(2);
    area.p.resize(n);
    for (std::size_t v = 0; v < n; ++v) {
      area.p[v] = std::bit_cast<float>(u32_at(data, 4 * (3 * n + v)));
      if (!is_number(area.p[v])) {
        refuse("a potential of " + where + " is not a number");
      }
    }
  }
  return areas;
}

std::string xyzp_of(const std::vector<AreaVoxels>& areas) {
  std::string body;
  std::size_t offset = kTypeAndVersion + 2 + kEntry * areas.size();
  put_u16(body, static_cast<std::uint16_t>(areas.size()));
  for (const AreaVoxels& area : areas) {
    const std::size_t bytes = kVoxel * area.p.size();
    body.append(area.area.data(), area.area.size());
    put_u32(body, static_cast<std::uint32_t>(offset));
    put_u32(body, static_cast<std::uint32_t>(bytes));
    offset += bytes;
  }
  body.reserve(offset);
  for (const AreaVoxels& area : areas) {
    for (const std::vector<std::uint32_t>* column : {&area.x, &area.y, &area.z}) {
      for (const std::uint32_t value : *column) {
        put_u32(body, value);
      }
    }
    for (const float value : area.p) {
      put_u32(body, std::bit_cast<std::uint32_t>(value));
    }
  }
  return body;
}

}  // namespace rheobase::server
