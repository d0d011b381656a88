// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "arrays.h"
#include "rheobase/record.h"

namespace rheobase::python {

/// Keeps what an engine records in columns that become arrays.
class ColumnSink final : public RecordSink {
 public:
  enum class Keep : std::uint8_t {
    all,       ///< of the batches
    expected,  ///< the neurons that were asked for: a real-time loop records its outputs too
    nothing,
  };

  /// What is asked for from now on; what is there goes.
  void expect(const RecordPlan& plan) {
    probes_ = plan.probes;
    expected_ = plan.spikes;
    clear();
  }

  void write(const RecordBatch& batch) override {
    if (keep == Keep::nothing) {
      return;
    }
    if (spikes_.empty()) {
      first_burst_ = batch.bursts.front().burst;
    }
    for (std::size_t i = 0; i < batch.bursts.size(); ++i) {
      const BurstCounters& b = batch.bursts[i];
      add_ids(batch, i);
      begin_.push_back(ids_.size());
      spikes_.push_back(b.spikes);
      events_.push_back(b.events);
      inhibitory_events_ += b.inhibitory_events;
      for (std::size_t k = 0; k < kBranchCount; ++k) {
        branches_[k] += b.branches[k];
      }
      last = b;
    }
    probe_bursts_.resize(batch.probes.size());
    probe_values_.resize(batch.probes.size());
    for (std::size_t p = 0; p < batch.probes.size(); ++p) {
      const auto& from = batch.probes[p];
      probe_bursts_[p].insert(probe_bursts_[p].end(), from.bursts.begin(), from.bursts.end());
      probe_values_[p].insert(probe_values_[p].end(), from.values.begin(), from.values.end());
    }
  }
  void close() override {}

  void clear() {
    ids_.clear();
    begin_.assign(1, 0);
    spikes_.clear();
    events_.clear();
    probe_bursts_.clear();
    probe_values_.clear();
    inhibitory_events_ = 0;
    branches_ = {};
    last = {};
  }

  /// What there is; nothing is left.
  [[nodiscard]] ColumnSink taken() { return std::exchange(*this, empty_like()); }
  /// One that is asked for the same and holds nothing.
  [[nodiscard]] ColumnSink empty_like() const {
    ColumnSink other;
    other.probes_ = probes_;
    other.expected_ = expected_;
    other.keep = keep;
    return other;
  }

  /// As Python takes a recording apart; `next_burst` follows if there is none in it.
  [[nodiscard]] nb::dict facts(std::uint64_t next_burst, double seconds, std::uint64_t signature) {
    nb::dict result;
    result["first_burst"] = spikes_.empty() ? next_burst : first_burst_;
    result["bursts"] = spikes_.size();
    result["seconds"] = seconds;
    result["signature"] = signature;
    result["inhibitory_events"] = inhibitory_events_;
    nb::dict branches;
    for (std::size_t b = 0; b < kBranchCount; ++b) {
      branches[nb::cast(name_of(static_cast<Branch>(b)))] = branches_[b];
    }
    result["branches"] = branches;
    result["ids"] = array(std::move(ids_));
    result["begin"] = array(std::move(begin_));
    result["spikes"] = array(std::move(spikes_));
    result["events"] = array(std::move(events_));
    nb::list probes;
    probe_bursts_.resize(probes_.size());
    probe_values_.resize(probes_.size());
    for (std::size_t p = 0; p < probes_.size(); ++p) {
      const std::size_t samples = probe_bursts_[p].size();
      probes.append(nb::make_tuple(
          array(std::move(probe_bursts_[p])),
          array(std::move(probe_values_[p]), {samples, std::size_t{probes_[p].ids.count}})));
    }
    result["probes"] = probes;
    clear();
    return result;
  }

  /// Recorded in one burst, for callers that need every microsecond.
  [[nodiscard]] std::vector<NeuronId> take_ids() { return std::move(ids_); }

  Keep keep = Keep::all;
  BurstCounters last;

 private:
  void add_ids(const RecordBatch& batch, std::size_t burst) {
    const auto from =
        batch.spike_ids.begin() + static_cast<std::ptrdiff_t>(batch.spike_begin[burst]);
    const auto to =
        batch.spike_ids.begin() + static_cast<std::ptrdiff_t>(batch.spike_begin[burst + 1]);
    if (keep == Keep::all) {
      ids_.insert(ids_.end(), from, to);
      return;
    }
    for (auto id = from; id != to; ++id) {
      for (const IdRange& range : expected_) {
        if (*id >= range.first && *id - range.first < range.count) {
          ids_.push_back(*id);
          break;
        }
      }
    }
  }

  std::vector<Probe> probes_;
  std::vector<IdRange> expected_;
  std::uint64_t first_burst_ = 0;
  std::vector<NeuronId> ids_;
  std::vector<std::uint64_t> begin_{0}, spikes_, events_;
  std::vector<std::vector<std::uint64_t>> probe_bursts_;
  std::vector<std::vector<float>> probe_values_;
  std::uint64_t inhibitory_events_ = 0;
  BranchCounts branches_{};
};

}  // namespace rheobase::python
