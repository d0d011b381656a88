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

bool are_plain(std::span<const NeuronId> ids, std::span<const float> potentials,
               std::uint32_t neurons) {
  // without a branch for each, so that many are looked at together; canonical are 0 and what is
  // from 2^-126 to 2^100 in size
  constexpr std::uint32_t kLeast = 0x00800000U;
  constexpr std::uint32_t kLargest = 0x71800000U;
  std::uint32_t wrong = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::uint32_t bits = model::bits_of(potentials[i]);
    const std::uint32_t beyond = (bits & 0x7FFFFFFFU) - kLeast > kLargest - kLeast ? 1U : 0U;
    wrong |= (beyond & (bits != 0U ? 1U : 0U)) | (ids[i] >= neurons ? 1U : 0U);
  }
  return wrong == 0;
}

void Injections::add(std::span<const std::uint32_t> targets, std::span<const float> values) {
  targets_.insert(targets_.end(), targets.begin(), targets.end());
  values_.insert(values_.end(), values.begin(), values.end());
}

void Injections::sum_by_target() {
  const auto rises = std::adjacent_find(targets_.begin(), targets_.end(),
                                        [](std::uint32_t a, std::uint32_t b) { return a >= b; });
  if (rises == targets_.end()) {
    return;
  }
  list_.clear();
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    list_.emplace_back(targets_[i], values_[i]);
  }
  sort_by_target(list_, spare_);
  std::size_t sums = 0;
  for (std::size_t i = 0; i < list_.size(); ++sums) {
    const std::uint32_t target = list_[i].first;
    float sum = list_[i].second;
    for (++i; i < list_.size() && list_[i].first == target; ++i) {
      sum = model::canonical(model::add_rn(sum, list_[i].second));
    }
    targets_[sums] = target;
    values_[sums] = sum;
  }
  targets_.resize(sums);
  values_.resize(sums);
}

void Injections::take_scheduled(std::uint64_t burst, const NetworkData& network) {
  const std::vector<std::uint64_t>& bursts = schedule_.bursts;
  while (position_ < bursts.size() && bursts[position_] < burst) {
    ++position_;
  }
  const std::size_t first = position_;
  while (position_ < bursts.size() && bursts[position_] == burst) {
    ++position_;
  }
  if (schedule_.ports.empty() && network.model_areas.empty()) {
    add(std::span(schedule_.ids).subspan(first, position_ - first),
        std::span(schedule_.potentials).subspan(first, position_ - first));
    return;
  }
  for (std::size_t i = first; i < position_; ++i) {
    const std::uint32_t port = schedule_.ports.empty() ? 0U : schedule_.ports[i];
    add(network.target_of(schedule_.ids[i]) + port, schedule_.potentials[i]);
  }
}

void Injections::take(std::uint64_t burst, const NetworkData& network, BurstRequest& request) {
  if (request.injection_begin.empty()) {
    request.injection_begin.push_back(0);
  }
  take_scheduled(burst, network);
  for (const std::uint32_t target : held_) {
    add(target, held_value_);
  }
  sum_by_target();
  if (request.injection_targets.empty()) {
    request.injection_targets.swap(targets_);
    request.injection_values.swap(values_);
  } else {
    request.injection_targets.insert(request.injection_targets.end(), targets_.begin(),
                                     targets_.end());
    request.injection_values.insert(request.injection_values.end(), values_.begin(), values_.end());
  }
  request.injection_begin.push_back(request.injection_targets.size());
  targets_.clear();
  values_.clear();
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
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    checkpoint.injected_ids.push_back(network.neuron_of(targets_[i]));
    checkpoint.injected_ports.push_back(network.port_of(targets_[i]));
    checkpoint.injected_values.push_back(values_[i]);
  }
}

}  // namespace rheobase
