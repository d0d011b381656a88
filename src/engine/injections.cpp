// SPDX-License-Identifier: Apache-2.0
#include "engine/injections.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string>

#include "model/float_ops.h"
#include "network/canonical.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

using Entry = std::pair<NeuronId, float>;

/// Those of one id stay in the order given. A picture of a thousand pixels is sorted by its digits,
/// since comparing takes longer than the burst of a small brain.
void sort_by_id(std::vector<Entry>& list, std::vector<Entry>& spare) {
  constexpr std::size_t kFew = 128;
  constexpr std::uint32_t kBits = 11;
  constexpr std::uint32_t kDigits = 1U << kBits;
  const auto before = [](const Entry& a, const Entry& b) { return a.first < b.first; };
  if (std::is_sorted(list.begin(), list.end(), before)) {
    return;
  }
  if (list.size() < kFew) {
    std::stable_sort(list.begin(), list.end(), before);
    return;
  }
  const NeuronId most = std::max_element(list.begin(), list.end(), before)->first;
  spare.resize(list.size());
  for (std::uint32_t shift = 0; shift < 32U && (most >> shift) != 0U; shift += kBits) {
    std::array<std::size_t, kDigits> place{};
    for (const Entry& entry : list) {
      ++place[(entry.first >> shift) & (kDigits - 1U)];
    }
    std::exclusive_scan(place.begin(), place.end(), place.begin(), std::size_t{0});
    for (const Entry& entry : list) {
      spare[place[(entry.first >> shift) & (kDigits - 1U)]++] = entry;
    }
    list.swap(spare);
  }
}

}  // namespace

void check_injection(NeuronId id, float potential, std::uint32_t neurons) {
  if (id >= neurons) {
    throw Error(ErrorCode::invalid_argument, "cannot inject into neuron " + number_text(id) +
                                                 " (the network has " + number_text(neurons) +
                                                 ").");
  }
  static_cast<void>(canonical_number(potential, "injected potential"));
}

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
  for (const NeuronId id : held_) {
    next_.emplace_back(id, held_value_);
  }
  sort_by_id(next_, spare_);
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
