// SPDX-License-Identifier: Apache-2.0
#include "backends/wgpu/results.h"

#include <algorithm>
#include <array>
#include <bit>

namespace rheobase::wgpu {

RecordWindow::RecordWindow(std::shared_ptr<const RecordPlan> plan, std::uint32_t word_count,
                           std::vector<std::uint32_t> columns)
    : plan_(std::move(plan)), columns_(std::move(columns)) {
  std::uint32_t first = word_count;
  std::uint32_t last = 0;
  for (const IdRange& range : plan_->spikes) {
    if (range.count != 0) {
      first = std::min(first, range.first / 32U);
      last = std::max(last, (range.first + range.count - 1U) / 32U + 1U);
    }
  }
  if (first >= last) {
    return;
  }
  first_ = first;
  wanted_.assign(last - first, 0U);
  for (const IdRange& range : plan_->spikes) {
    for (NeuronId id = range.first; id - range.first < range.count; ++id) {
      wanted_[id / 32U - first] |= 1U << (id % 32U);
    }
  }
}

Sample RecordWindow::sample(std::size_t p, std::uint32_t to) const {
  const Probe& probe = plan_->probes[p];
  if (probe.state.empty()) {
    return {static_cast<std::uint32_t>(probe.field), probe.ids.first, probe.ids.count, to};
  }
  return {kColumn, columns_[p], probe.ids.count, to};
}

std::uint64_t RecordWindow::most_words_per_burst() const {
  std::uint64_t words = kCounterWords + this->words();
  for (const Probe& probe : plan_->probes) {
    words += probe.ids.count;
  }
  return words;
}

void RecordWindow::append_spikes(const std::uint32_t* window, std::vector<NeuronId>& ids) const {
  for (std::size_t w = 0; w < wanted_.size(); ++w) {
    for (std::uint32_t bits = window[w] & wanted_[w]; bits != 0U; bits &= bits - 1U) {
      ids.push_back((first_ + static_cast<std::uint32_t>(w)) * 32U +
                    static_cast<std::uint32_t>(std::countr_zero(bits)));
    }
  }
}

ResultLayout::ResultLayout(std::shared_ptr<const RecordWindow> window, std::uint32_t begin,
                           std::uint64_t first_burst, std::uint32_t bursts)
    : window_(std::move(window)),
      begin_(begin),
      end_(begin + bursts * (kCounterWords + window_->words())),
      first_burst_(first_burst),
      bursts_(bursts),
      samples_(bursts) {
  const std::vector<Probe>& probes = window_->plan().probes;
  for (std::uint32_t i = 0; i < bursts; ++i) {
    for (std::size_t p = 0; p < probes.size(); ++p) {
      if ((first_burst + i) % probes[p].every == 0 && probes[p].ids.count != 0) {
        samples_[i].push_back({p, window_->sample(p, end_)});
        end_ += probes[p].ids.count;
      }
    }
  }
}

void ResultLayout::decode(const std::uint32_t* words, RecordBatch& batch) const {
  batch.probes.resize(window_->plan().probes.size());
  for (std::uint32_t i = 0; i < bursts_; ++i) {
    std::array<std::uint64_t, kCountersPerCopy> sums{};
    const std::uint32_t* counters = words + (counters_at(i) - begin_);
    for (std::uint32_t at = 0; at < kCounterWords; ++at) {
      sums[at % kCountersPerCopy] += counters[at];
    }
    BurstCounters burst;
    burst.burst = first_burst_ + i;
    burst.spikes = sums[kSpikes];
    burst.events = sums[kEvents];
    burst.signature_a = static_cast<std::uint32_t>(sums[kSignatureA]);
    burst.signature_b = static_cast<std::uint32_t>(sums[kSignatureB]);
    burst.inhibitory_events = sums[kInhibitory];
    std::copy_n(sums.begin() + kBranches, kBranchCount, burst.branches.begin());
    batch.bursts.push_back(burst);

    window_->append_spikes(words + (record_at(i) - begin_), batch.spike_ids);
    batch.spike_begin.push_back(batch.spike_ids.size());
    for (const Taken& taken : samples_[i]) {
      RecordBatch::ProbeSamples& to = batch.probes[taken.probe];
      to.bursts.push_back(burst.burst);
      const std::uint32_t* from = words + (taken.sample.to - begin_);
      for (std::uint32_t j = 0; j < taken.sample.count; ++j) {
        to.values.push_back(std::bit_cast<float>(from[j]));
      }
    }
  }
}

}  // namespace rheobase::wgpu
