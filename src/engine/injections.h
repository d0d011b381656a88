// SPDX-License-Identifier: Apache-2.0
/// \file
/// External input that waits for its burst.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/backend.h"
#include "rheobase/engine.h"

namespace rheobase {

/// The target that a port of a neuron is. \throws Error invalid_argument for a neuron or a port
/// that the network has not; `what` begins the sentence.
[[nodiscard]] std::uint32_t injected_target(const Network& network, NeuronId id, std::uint32_t port,
                                            std::string_view what = "cannot inject into");

/// Whether all of them can be injected as they are into a network of so many neurons without
/// models: one look for the thousands of a picture.
[[nodiscard]] bool are_plain(std::span<const NeuronId> ids, std::span<const float> potentials,
                             std::uint32_t neurons);

/// Collects injections for the next burst and a schedule for later ones, and hands them out by
/// burst in the form that backends want: each target once, values summed in the order given.
class Injections {
 public:
  void add(std::uint32_t target, float value) {
    targets_.push_back(target);
    values_.push_back(value);
  }
  void add(std::span<const std::uint32_t> targets, std::span<const float> values);
  /// Input of every burst, behind all other of the same target; replaces what was held before.
  void hold(std::vector<std::uint32_t> targets, float value) {
    held_ = std::move(targets);
    held_value_ = value;
  }
  [[nodiscard]] std::size_t held() const { return held_.size(); }
  /// Rows must be sorted by burst, and the network must have them. Rows of bursts that are over are
  /// skipped.
  void schedule(InputSchedule input) {
    schedule_ = std::move(input);
    position_ = 0;
  }
  /// Back to the first row of the schedule, for a state of an earlier burst.
  void rewind() { position_ = 0; }
  /// Appends the input of burst `burst` to a request; `burst` rises from call to call until
  /// `rewind`. Edits move no target.
  void take(std::uint64_t burst, const NetworkData& network, BurstRequest& request);
  /// Puts what waits into a checkpoint.
  void save(Checkpoint& checkpoint) const;

 private:
  /// The rows of the schedule of that burst, which become input of the next one.
  void take_scheduled(std::uint64_t burst, const NetworkData& network);
  /// Each target of the next burst once, ascending.
  void sum_by_target();

  InputSchedule schedule_;
  std::size_t position_ = 0;
  std::vector<std::uint32_t> targets_;  ///< of the next burst, in the order given
  std::vector<float> values_;
  std::vector<std::uint32_t> held_;
  float held_value_ = 0.0F;
  /// memory of `sum_by_target`, kept from burst to burst
  std::vector<std::pair<std::uint32_t, float>> list_, spare_;
};

}  // namespace rheobase
