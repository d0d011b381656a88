// SPDX-License-Identifier: Apache-2.0
/// \file
/// Sums over all synapses by target. Targets are random and each would miss the cache, so synapses
/// are collected by ranges of targets first; of a full bin, several meet in every line.
#pragma once

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

#include "network/view.h"

namespace rheobase {

/// By neuron: charges that can reach it, whose sum stops where no accumulator can hold it any more,
/// and the synapses that end there.
struct InSums {
  static constexpr std::uint64_t kMost = std::uint64_t{1} << 63U;

  std::uint64_t* charge;
  std::uint32_t* degree;

  void add(NeuronId post, std::uint64_t size) const {
    charge[post] += std::min(kMost - charge[post], size);
    ++degree[post];
  }
};

/// |charge| of a kind, in quanta.
[[nodiscard]] inline std::uint64_t size_of(const SynapseKind& kind) {
  return static_cast<std::uint64_t>(kind.charge < 0 ? -kind.charge : kind.charge);
}

/// Sums that threads add to: to each range of targets one of them at a time.
class SharedSums {
 public:
  /// Of a network whose synapses have been counted.
  SharedSums(InSums sums, const NetworkData& network);

  [[nodiscard]] std::uint32_t range_of(NeuronId post) const { return post >> shift_; }
  [[nodiscard]] std::size_t range_count() const { return mutexes_.size(); }
  /// Synapses that a bin should hold.
  [[nodiscard]] std::uint32_t room() const { return room_; }

  /// Adds synapses, compact or wide, with targets in one range.
  template <class Synapse>
  void add(std::uint32_t range, std::span<const Synapse> synapses) {
    const std::lock_guard lock(mutexes_[range]);
    for (const Synapse synapse : synapses) {
      sums_.add(post_of(synapse), size_of_code(code_of(synapse)));
    }
  }
  void add(NeuronId post, std::uint64_t size);

 private:
  [[nodiscard]] std::uint64_t size_of_code(std::uint32_t code) const {
    return is_kind(code) ? sizes_[kind_number(code)]
                         : static_cast<std::uint64_t>(
                               model::magnitude_rounded(model::float_of(code), quantum_bits_));
  }

  InSums sums_;
  std::vector<std::uint64_t> sizes_;  ///< of the kinds
  std::uint32_t quantum_bits_;
  std::uint32_t shift_ = 0;
  std::uint32_t room_ = 1;
  std::vector<std::mutex> mutexes_;
};

/// Synapses that one thread has collected, compact or wide.
template <class Synapse>
class ChargeBins {
 public:
  explicit ChargeBins(SharedSums& sums) : sums_(sums), used_(sums.range_count()) {}

  void add(std::span<const Synapse> synapses) {
    if (!synapses.empty()) {
      synapses_.resize(used_.size() * sums_.room());
    }
    for (const Synapse synapse : synapses) {
      const std::uint32_t range = sums_.range_of(post_of(synapse));
      std::uint32_t& used = used_[range];
      synapses_[std::size_t{range} * sums_.room() + used] = synapse;
      if (++used == sums_.room()) {
        empty(range);
      }
    }
  }
  /// All is in the sums then.
  void finish() {
    for (std::uint32_t range = 0; range < used_.size(); ++range) {
      empty(range);
    }
  }

 private:
  void empty(std::uint32_t range) {
    if (used_[range] != 0) {
      const std::size_t first = std::size_t{range} * sums_.room();
      sums_.add(range, std::span<const Synapse>(synapses_).subspan(first, used_[range]));
      used_[range] = 0;
    }
  }

  SharedSums& sums_;
  std::vector<std::uint32_t> used_;
  std::vector<Synapse> synapses_;  ///< a bin for each range; none before the first synapse
};

}  // namespace rheobase
