// SPDX-License-Identifier: Apache-2.0
/// \file
/// Drives and the members of joined networks as the shaders read them.
#pragma once

#include <cstdint>
#include <vector>

#include "model/drive.h"

namespace rheobase::wgpu {

inline constexpr std::uint32_t kDriveWords = 12;

/// Three vec4 for each drive (first, count, kind | draws << 8 | port << 16, amplitude; stream or
/// step, first word of its table, length of the table; seed), one for each member (first id, its
/// drives from and to, neurons), then the tables. `firsts`: the first id of each member; drives are
/// in their order.
[[nodiscard]] inline std::vector<std::uint32_t> drive_words(
    const std::vector<model::CompiledDrive>& drives, const std::vector<std::uint32_t>& firsts,
    std::uint32_t neuron_count) {
  std::vector<std::uint32_t> words(kDriveWords * drives.size());
  std::uint32_t drive_at = 0;
  for (std::size_t m = 0; m < firsts.size(); ++m) {
    const std::uint32_t first = firsts[m];
    const std::uint32_t behind = m + 1U < firsts.size() ? firsts[m + 1U] : neuron_count;
    const std::uint32_t begin = drive_at;
    while (drive_at < drives.size() && drives[drive_at].origin == first) {
      ++drive_at;
    }
    words.insert(words.end(), {first, begin, drive_at, behind - first});
  }
  for (std::size_t d = 0; d < drives.size(); ++d) {
    const model::CompiledDrive& drive = drives[d];
    const bool regular = drive.kind == model::CompiledDrive::Kind::regular;
    std::uint32_t* to = words.data() + kDriveWords * d;
    to[0] = drive.first;
    to[1] = drive.count;
    to[2] = static_cast<std::uint32_t>(drive.kind) | (drive.draws << 8U) | (drive.port << 16U);
    to[3] = model::bits_of(drive.amplitude);
    to[4] = regular ? static_cast<std::uint32_t>(drive.step) : drive.stream;
    to[5] = regular ? static_cast<std::uint32_t>(drive.step >> 32U) : 0U;
    to[6] = static_cast<std::uint32_t>(words.size());
    to[7] = static_cast<std::uint32_t>(drive.cumulative.size());
    to[8] = static_cast<std::uint32_t>(drive.seed);
    to[9] = static_cast<std::uint32_t>(drive.seed >> 32U);
    words.insert(words.end(), drive.cumulative.begin(), drive.cumulative.end());
  }
  words.resize((words.size() + 4U) / 4U * 4U);
  return words;
}

}  // namespace rheobase::wgpu
