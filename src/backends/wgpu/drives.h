// SPDX-License-Identifier: Apache-2.0
/// \file
/// Drives as the shaders read them.
#pragma once

#include <cstdint>
#include <vector>

#include "model/drive.h"

namespace rheobase::wgpu {

/// Two vec4 for each drive (first, count, kind | draws << 8, amplitude; stream or step, first word
/// of its table, length of the table), then the tables. Not empty.
[[nodiscard]] inline std::vector<std::uint32_t> drive_words(
    const std::vector<model::CompiledDrive>& drives) {
  std::vector<std::uint32_t> words(8U * drives.size());
  for (std::size_t d = 0; d < drives.size(); ++d) {
    const model::CompiledDrive& drive = drives[d];
    const bool regular = drive.kind == model::CompiledDrive::Kind::regular;
    std::uint32_t* to = words.data() + 8U * d;
    to[0] = drive.first;
    to[1] = drive.count;
    to[2] = static_cast<std::uint32_t>(drive.kind) | (drive.draws << 8U);
    to[3] = model::bits_of(drive.amplitude);
    to[4] = regular ? static_cast<std::uint32_t>(drive.step) : drive.stream;
    to[5] = regular ? static_cast<std::uint32_t>(drive.step >> 32U) : 0U;
    to[6] = static_cast<std::uint32_t>(words.size());
    to[7] = static_cast<std::uint32_t>(drive.cumulative.size());
    words.insert(words.end(), drive.cumulative.begin(), drive.cumulative.end());
  }
  words.resize((words.size() + 4U) / 4U * 4U);
  return words;
}

}  // namespace rheobase::wgpu
