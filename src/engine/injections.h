// SPDX-License-Identifier: Apache-2.0
/// \file
/// External input that waits for its burst.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/backend.h"
#include "rheobase/engine.h"

namespace rheobase {

/// \throws Error invalid_argument for a neuron that a network of `neurons` has not, and for a
/// potential that is no number.
void check_injection(NeuronId id, float potential, std::uint32_t neurons);

/// Collects injections for the next burst and a schedule for later ones, and hands them out by
/// burst in the form that backends want: each neuron once, values summed in the order given.
class Injections {
 public:
  void add(NeuronId id, float value) { next_.emplace_back(id, value); }
  /// Input of every burst, behind all other of the same neuron; replaces what was held before.
  void hold(std::vector<NeuronId> ids, float value) {
    held_ = std::move(ids);
    held_value_ = value;
  }
  [[nodiscard]] std::size_t held() const { return held_.size(); }
  /// Rows must be sorted by burst. Rows of bursts that are over are skipped.
  void schedule(InputSchedule input) {
    schedule_ = std::move(input);
    position_ = 0;
  }
  /// Back to the first row of the schedule, for a state of an earlier burst.
  void rewind() { position_ = 0; }
  /// Appends the input of burst `burst` to a request; `burst` rises from call to call until
  /// `rewind`.
  void take(std::uint64_t burst, BurstRequest& request);
  /// Puts what waits into a checkpoint.
  void save(Checkpoint& checkpoint) const;

 private:
  InputSchedule schedule_;
  std::size_t position_ = 0;
  std::vector<std::pair<NeuronId, float>> next_;
  std::vector<NeuronId> held_;
  float held_value_ = 0.0F;
  std::vector<std::pair<NeuronId, float>> spare_;  ///< memory of `take`, kept from burst to burst
};

}  // namespace rheobase
