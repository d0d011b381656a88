// SPDX-License-Identifier: Apache-2.0
#include "io/recording/spike_file.h"

#include <algorithm>

namespace rheobase::recording {

std::vector<RecordedArea> areas_of(const Network& network, const std::vector<IdRange>& ranges) {
  std::vector<RecordedArea> areas;
  for (const Area& area : network.areas()) {
    const std::uint64_t end = std::uint64_t{area.first} + area.count;
    const bool touched = std::any_of(ranges.begin(), ranges.end(), [&](const IdRange& range) {
      return range.count > 0 && range.first < end &&
             area.first < std::uint64_t{range.first} + range.count;
    });
    if (touched) {
      areas.push_back({area.spec.name, area.first, area.count});
    }
  }
  return areas;
}

std::size_t AreaCursor::find(NeuronId id) {
  while (id >= std::uint64_t{areas_[at_].first} + areas_[at_].count) {
    ++at_;
  }
  return at_;
}

}  // namespace rheobase::recording
