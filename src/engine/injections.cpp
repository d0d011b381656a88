// SPDX-License-Identifier: Apache-2.0
#include "engine/injections.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string>

#include "model/float_ops.h"
#include "network/canonical.h"
#include "network/model_areas.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

using Entry = std::pair<std::uint32_t, float>;

/// Those of one target stay in the order given. A picture of a thousand pixels is sorted by its
/// digits, since comparing takes longer than the burst of a small brain.
void sort_by_target(std::vector<Entry>& list, std::vector<Entry>& spare) {
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
  const std::uint32_t most = std::max_element(list.begin(), list.end(), before)->first;
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

std::uint32_t injected_target(const Network& network, NeuronId id, std::uint32_t port,
                              std::string_view what) {
  const NetworkData& data = *network.data();
  if (id >= data.neuron_count) {
    throw Error(ErrorCode::invalid_argument, std::string(what) + " neuron " + number_text(id) +
                                                 " (the network has " +
                                                 number_text(data.neuron_count) + ").");
  }
  if (port != 0 || data.model_of(id) != nullptr) {
    require_port(data.areas[network.area_of(id)], port);
  }
  return data.target_of(id) + port;
}

void Injections::take(std::uint64_t burst, const NetworkData& network, BurstRequest& request) {
  if (request.injection_begin.empty()) {
    request.injection_begin.push_back(0);
  }
  while (position_ < schedule_.bursts.size() && schedule_.bursts[position_] <= burst) {
    if (schedule_.bursts[position_] == burst) {
      const std::uint32_t port = schedule_.ports.empty() ? 0U : schedule_.ports[position_];
      next_.emplace_back(network.target_of(schedule_.ids[position_]) + port,
                         schedule_.potentials[position_]);
    }
    ++position_;
  }
  for (const std::uint32_t target : held_) {
    next_.emplace_back(target, held_value_);
  }
  sort_by_target(next_, spare_);
  for (std::size_t i = 0; i < next_.size();) {
    const std::uint32_t target = next_[i].first;
    float sum = next_[i].second;
    for (++i; i < next_.size() && next_[i].first == target; ++i) {
      sum = model::canonical(model::add_rn(sum, next_[i].second));
    }
    request.injection_targets.push_back(target);
    request.injection_values.push_back(sum);
  }
  request.injection_begin.push_back(request.injection_targets.size());
  next_.clear();
}

void Injections::save(Checkpoint& checkpoint) const {
  const auto from = static_cast<std::ptrdiff_t>(position_);
  checkpoint.input.bursts.assign(schedule_.bursts.begin() + from, schedule_.bursts.end());
  checkpoint.input.ids.assign(schedule_.ids.begin() + from, schedule_.ids.end());
  checkpoint.input.potentials.assign(schedule_.potentials.begin() + from,
                                     schedule_.potentials.end());
  if (!schedule_.ports.empty()) {
    checkpoint.input.ports.assign(schedule_.ports.begin() + from, schedule_.ports.end());
  }
  const NetworkData& network = *checkpoint.network.data();
  for (const auto& [target, value] : next_) {
    checkpoint.injected_ids.push_back(network.neuron_of(target));
    checkpoint.injected_ports.push_back(network.port_of(target));
    checkpoint.injected_values.push_back(value);
  }
}

}  // namespace rheobase
