// SPDX-License-Identifier: Apache-2.0
/// \file
/// Drives of neighbours that are alike, as one.
#pragma once

#include <cstdint>
#include <vector>

#include "model/drive.h"
#include "model/float_ops.h"

namespace rheobase::model {
namespace merging {

/// So many drives back one like it is looked for: populations may have several each.
inline constexpr std::size_t kLookedBack = 8;

inline std::uint64_t end_of(const CompiledDrive& d) { return std::uint64_t{d.first} + d.count; }

inline bool are_alike(const CompiledDrive& a, const CompiledDrive& b) {
  return a.kind == b.kind && bits_of(a.amplitude) == bits_of(b.amplitude) && a.port == b.port &&
         a.seed == b.seed && a.stream == b.stream && a.origin == b.origin && a.step == b.step &&
         a.draws == b.draws && a.unit_shift == b.unit_shift && a.cumulative == b.cumulative;
}

/// Those that drive the same neuron stay in their order, so that what they give is added up in it.
inline CompiledDrive* find_neighbour(std::vector<CompiledDrive>& drives, const CompiledDrive& d) {
  for (std::size_t back = 1; back <= drives.size() && back <= kLookedBack; ++back) {
    CompiledDrive& other = drives[drives.size() - back];
    if (end_of(other) == d.first && are_alike(other, d)) {
      return &other;
    }
    if (other.first < end_of(d) && d.first < end_of(other)) {
      break;
    }
  }
  return nullptr;
}

}  // namespace merging

/// The same events for every neuron, and in the same order, from as few drives as are easily found:
/// ten thousand populations with equal drives of their own are driven as one.
[[nodiscard]] inline std::vector<CompiledDrive> merged_drives(
    const std::vector<CompiledDrive>& drives) {
  std::vector<CompiledDrive> merged;
  for (const CompiledDrive& drive : drives) {
    if (CompiledDrive* const neighbour = merging::find_neighbour(merged, drive);
        neighbour != nullptr) {
      neighbour->count += drive.count;
    } else {
      merged.push_back(drive);
    }
  }
  return merged;
}

}  // namespace rheobase::model
