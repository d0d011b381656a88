// SPDX-License-Identifier: Apache-2.0
#include "engine/unread_bursts.h"

#include <algorithm>
#include <utility>

namespace rheobase {

void UnreadBursts::Entry::settle() {
  if (told.bursts == 1 && told.fired.empty()) {  // as it came
    told.fired = std::move(more);
    told.counts.assign(told.fired.size(), 1);
    more.clear();
    return;
  }
  std::sort(more.begin(), more.end());
  std::vector<NeuronId> fired;
  std::vector<std::uint64_t> counts;
  fired.reserve(told.fired.size() + more.size());
  counts.reserve(told.fired.size() + more.size());
  auto added = more.begin();
  const auto count_in = [&](NeuronId id, std::uint64_t before) {
    fired.push_back(id);
    counts.push_back(before);
    for (; added != more.end() && *added == id; ++added) {
      ++counts.back();
    }
  };
  for (std::size_t i = 0; i < told.fired.size(); ++i) {
    while (added != more.end() && *added < told.fired[i]) {
      count_in(*added, 0);
    }
    count_in(told.fired[i], told.counts[i]);
  }
  while (added != more.end()) {
    count_in(*added, 0);
  }
  told.fired = std::move(fired);
  told.counts = std::move(counts);
  more.clear();
}

void UnreadBursts::Entry::join(Entry newer) {
  told.burst = newer.told.burst;
  told.bursts += newer.told.bursts;
  told.spikes += newer.told.spikes;
  told.late = told.late || newer.told.late;
  more.insert(more.end(), newer.more.begin(), newer.more.end());
  // counted in when they are as many as what is counted, so that a burst pays for its own spikes
  constexpr std::size_t kFew = 4096;
  if (more.size() > std::max(kFew, told.fired.size())) {
    settle();
  }
}

bool UnreadBursts::add(std::uint64_t burst, std::vector<NeuronId> fired, std::uint64_t spikes,
                       bool late) {
  entries_.push_back({{burst, 1, {}, {}, spikes, late}, std::move(fired)});
  if (entries_.size() <= most_) {
    return false;
  }
  Entry oldest = std::move(entries_.front());
  entries_.pop_front();
  oldest.join(std::move(entries_.front()));
  entries_.front() = std::move(oldest);
  return true;
}

RealtimeBurst UnreadBursts::take() {
  Entry oldest = std::move(entries_.front());
  entries_.pop_front();
  oldest.settle();
  return std::move(oldest.told);
}

}  // namespace rheobase
