// SPDX-License-Identifier: Apache-2.0
/// \file
/// Synapses that share weight, PSP, delay and divisor share a kind; the quantum of charge.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "network/view.h"

namespace rheobase {

/// One sort of charge that a network has, before anything is quantised.
struct ChargeSource {
  float weight = 0.0F, psp = 0.0F;
  PspMode mode;
};

/// The number of quantum bits for these charges. \see NetworkOptions::quantum_bits
/// \throws Error out_of_range if a charge is too small for any quantum, or rounds to nothing.
[[nodiscard]] std::uint32_t choose_quantum_bits(const std::vector<ChargeSource>& charges,
                                                std::optional<std::uint32_t> wanted);

/// What can be told of a charge before the others are known.
/// \throws Error out_of_range if no quantum can hold it, or the one that is `wanted` cannot.
void check_charge(const ChargeSource& charge, std::optional<std::uint32_t> wanted);

/// Whether the charge is held well enough by k bits: exact to 2^-16 of its value.
[[nodiscard]] bool holds(const ChargeSource& charge, std::uint32_t k);

/// Numbers of kinds by what they are. Versions of a network hand it on, so that an edit need not
/// make it anew.
struct KindIndex {
  struct Key {
    std::uint32_t weight, psp, delay, divisor;
    bool driven;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const;
  };
  std::mutex in_use;
  std::unordered_map<Key, std::uint32_t, Hash> numbers;
};

/// Finds or adds kinds in `network`, whose quantum must be set.
class KindTable {
 public:
  explicit KindTable(NetworkData& network);
  /// `divisor` is the number of synapses of the source where its PSP is divided, else 1.
  std::uint32_t find_or_add(const SynapseSpec& synapse, std::uint32_t divisor,
                            bool potential_driven);
  /// Leaves the index to the network and its later versions.
  void keep_index() { network_.kind_index = index_; }

 private:
  NetworkData& network_;
  std::shared_ptr<KindIndex> index_;
  std::unique_lock<std::mutex> lock_;
};

}  // namespace rheobase
