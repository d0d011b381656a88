// SPDX-License-Identifier: Apache-2.0
#include "engine/injections.h"

#include <algorithm>

#include "model/float_ops.h"

namespace rheobase {

void Injections::take(std::uint64_t burst, BurstRequest& request) {
  if (request.injection_begin.empty()) {
    request.injection_begin.push_back(0);
  }
  while (position_ < schedule_.bursts.size() && schedule_.bursts[position_] <= burst) {
    if (schedule_.bursts[position_] == burst) {
      next_.emplace_back(schedule_.ids[position_], schedule_.potentials[position_]);
    }
    ++position_;
  }
  const auto before = [](const auto& a, const auto& b) { return a.first < b.first; };
  if (!std::is_sorted(next_.begin(), next_.end(), before)) {
    std::stable_sort(next_.begin(), next_.end(), before);
  }
  for (std::size_t i = 0; i < next_.size();) {
    const NeuronId id = next_[i].first;
    float sum = next_[i].second;
    for (++i; i < next_.size() && next_[i].first == id; ++i) {
      sum = model::canonical(model::add_rn(sum, next_[i].second));
    }
    request.injection_ids.push_back(id);
    request.injection_values.push_back(sum);
  }
  request.injection_begin.push_back(request.injection_ids.size());
  next_.clear();
}

void Injections::save(Checkpoint& checkpoint) const {
  const auto from = static_cast<std::ptrdiff_t>(position_);
  checkpoint.input.bursts.assign(schedule_.bursts.begin() + from, schedule_.bursts.end());
  checkpoint.input.ids.assign(schedule_.ids.begin() + from, schedule_.ids.end());
  checkpoint.input.potentials.assign(schedule_.potentials.begin() + from,
                                     schedule_.potentials.end());
  for (const auto& [id, value] : next_) {
    checkpoint.injected_ids.push_back(id);
    checkpoint.injected_values.push_back(value);
  }
}

}  // namespace rheobase
