// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "rheobase/record.h"

namespace rheobase {

/// Ranges in order, those that touch or overlap made one, without empty ones.
inline std::vector<IdRange> joined(std::vector<IdRange> ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const IdRange& a, const IdRange& b) { return a.first < b.first; });
  std::vector<IdRange> list;
  for (const IdRange& range : ranges) {
    if (range.count == 0) {
      continue;
    }
    const std::uint64_t end = std::uint64_t{range.first} + range.count;
    if (!list.empty() && range.first <= std::uint64_t{list.back().first} + list.back().count) {
      const std::uint64_t last = std::uint64_t{list.back().first} + list.back().count;
      list.back().count = static_cast<std::uint32_t>(std::max(last, end) - list.back().first);
    } else {
      list.push_back(range);
    }
  }
  return list;
}

/// Whether `id` lies in one of ranges that are `joined`.
inline bool holds(const std::vector<IdRange>& ranges, NeuronId id) {
  const auto next = std::upper_bound(ranges.begin(), ranges.end(), id,
                                     [](NeuronId i, const IdRange& r) { return i < r.first; });
  return next != ranges.begin() && id - (next - 1)->first < (next - 1)->count;
}

}  // namespace rheobase
