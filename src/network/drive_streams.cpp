// SPDX-License-Identifier: Apache-2.0
#include "network/drive_streams.h"

#include <algorithm>
#include <iterator>

namespace rheobase {

std::uint32_t DriveStreams::choose(const Drive& drive) {
  if (drive.kind != Drive::Kind::poisson) {
    return 0;
  }
  const std::uint64_t end = std::uint64_t{drive.first} + drive.count;
  Drive chosen = drive;
  for (chosen.stream = 0;; ++chosen.stream) {
    const auto ranges = taken_.find(chosen.stream);
    if (ranges == taken_.end()) {
      break;
    }
    // the last range that begins before the drive ends
    const auto behind = ranges->second.lower_bound(
        static_cast<NeuronId>(std::min<std::uint64_t>(end, 0xFFFFFFFFU)));
    if (behind == ranges->second.begin() || std::prev(behind)->second <= drive.first) {
      break;
    }
  }
  take(chosen);
  return chosen.stream;
}

void DriveStreams::take(const Drive& drive) {
  if (drive.kind != Drive::Kind::poisson || drive.count == 0) {
    return;
  }
  Ranges& ranges = taken_[drive.stream];
  NeuronId first = drive.first;
  std::uint64_t end = std::uint64_t{drive.first} + drive.count;
  // whatever it touches becomes one with it
  auto range = ranges.upper_bound(first);
  if (range != ranges.begin() && std::prev(range)->second >= first) {
    --range;
    first = range->first;
  }
  while (range != ranges.end() && range->first <= end) {
    end = std::max(end, range->second);
    range = ranges.erase(range);
  }
  ranges.emplace(first, end);
}

}  // namespace rheobase
