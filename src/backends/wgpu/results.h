// SPDX-License-Identifier: Apache-2.0
/// \file
/// What comes back from a GPU: where it lies in the results buffer, and how it becomes a batch.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "backends/wgpu/layout.h"
#include "rheobase/record.h"

namespace rheobase::wgpu {

/// What a plan records, prepared: a window of the mask of fired neurons, and which bits of it.
class RecordWindow {
 public:
  /// `columns`: for each probe of a state of a model, where the state of its first neuron lies in
  /// the extras; anything for the others.
  RecordWindow(std::shared_ptr<const RecordPlan> plan, std::uint32_t word_count,
               std::vector<std::uint32_t> columns);

  /// Of probe p in a burst.
  [[nodiscard]] Sample sample(std::size_t p, std::uint32_t to) const;

  [[nodiscard]] const RecordPlan& plan() const { return *plan_; }
  [[nodiscard]] const std::shared_ptr<const RecordPlan>& shared_plan() const { return plan_; }
  [[nodiscard]] std::uint32_t first_word() const { return first_; }
  [[nodiscard]] std::uint32_t words() const { return static_cast<std::uint32_t>(wanted_.size()); }
  /// Most words that one burst can need, counters included.
  [[nodiscard]] std::uint64_t most_words_per_burst() const;
  /// Appends the ids of the wanted neurons in a recorded window.
  void append_spikes(const std::uint32_t* window, std::vector<NeuronId>& ids) const;

 private:
  std::shared_ptr<const RecordPlan> plan_;
  std::vector<std::uint32_t> columns_;
  std::uint32_t first_ = 0;
  std::vector<std::uint32_t> wanted_;
};

/// Places of the results of consecutive bursts: counters of all, masks of all, samples.
class ResultLayout {
 public:
  /// Results begin at word `begin` of the buffer. Bursts first .. first + bursts - 1.
  ResultLayout(std::shared_ptr<const RecordWindow> window, std::uint32_t begin,
               std::uint64_t first_burst, std::uint32_t bursts);

  [[nodiscard]] std::uint64_t first_burst() const { return first_burst_; }
  [[nodiscard]] std::uint32_t bursts() const { return bursts_; }
  [[nodiscard]] std::uint32_t begin() const { return begin_; }
  [[nodiscard]] std::uint32_t words() const { return end_ - begin_; }
  [[nodiscard]] std::uint32_t counters_at(std::uint32_t i) const {
    return begin_ + i * kCounterWords;
  }
  [[nodiscard]] std::uint32_t record_at(std::uint32_t i) const {
    return begin_ + bursts_ * kCounterWords + i * window_->words();
  }
  /// Samples that burst i takes.
  struct Taken {
    std::size_t probe = 0;
    Sample sample;
  };
  [[nodiscard]] const std::vector<Taken>& samples(std::uint32_t i) const { return samples_[i]; }

  /// Appends the bursts to a batch; `words` are the results from `begin` on.
  void decode(const std::uint32_t* words, RecordBatch& batch) const;

 private:
  std::shared_ptr<const RecordWindow> window_;
  std::uint32_t begin_, end_;
  std::uint64_t first_burst_;
  std::uint32_t bursts_;
  std::vector<std::vector<Taken>> samples_;
};

}  // namespace rheobase::wgpu
