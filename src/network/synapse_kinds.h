// SPDX-License-Identifier: Apache-2.0
/// \file
/// Codes of synapses: those that share weight, PSP and divisor share a kind.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "network/quantum.h"
#include "network/view.h"

namespace rheobase {

/// What can be told of a charge before the others are known.
/// \throws Error out_of_range if no quantum can hold it, or the one that is `wanted` cannot.
void check_charge(const ChargeSource& charge, std::optional<std::uint32_t> wanted);

/// Numbers of kinds by what they are. Versions of a network hand it on, so that an edit need not
/// make it anew.
struct KindIndex {
  struct Key {
    std::uint32_t weight, psp, divisor;
    bool driven;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const;
  };
  std::mutex in_use;
  std::unordered_map<Key, std::uint32_t, Hash> numbers;
};

/// What tells kinds apart. `divisor`: the number of synapses of the source where its PSP is
/// divided, else 1.
struct KindFacts {
  float weight = 0.0F, psp = 1.0F;
  std::uint32_t divisor = 1;
  bool potential_driven = false;
};

/// Finds codes, and adds kinds to `network`, whose quantum must be set.
class KindTable {
 public:
  explicit KindTable(NetworkData& network);
  /// The code of a kind, which is added if it is new; beyond the kinds that a compact synapse can
  /// tell apart, the weight itself where that says all.
  /// \throws Error out_of_range if its charge is too large, or the kinds are too many.
  std::uint32_t code_of(const KindFacts& facts);
  /// The weight as a code, where that says all. \throws Error out_of_range. From any thread.
  [[nodiscard]] std::uint32_t code_of_weight(float weight) const;
  /// The number of a kind that is not there yet. 	hrows Error as `code_of`
  std::uint32_t add(const KindFacts& facts);
  [[nodiscard]] bool has(const KindFacts& facts) const;
  /// Leaves the index to the network and its later versions.
  void keep_index() { network_.kind_index = index_; }

 private:
  [[nodiscard]] bool may_be_weight(const KindFacts& facts) const;

  NetworkData& network_;
  float too_large_;  ///< weights whose charge no number of quanta holds
  std::shared_ptr<KindIndex> index_;
  std::unique_lock<std::mutex> lock_;
};

}  // namespace rheobase
