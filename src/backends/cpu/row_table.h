// SPDX-License-Identifier: Apache-2.0
/// \file
/// Where the synapses of each row lie, found by one read instead of four.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "network/view.h"

namespace rheobase {

/// The synapses of one neuron with one delay. 16 bytes, so four of them share a cache line.
struct TableRow {
  const void* synapses = nullptr;
  std::uint32_t count = 0;
  std::uint32_t wide = 0;  ///< 1: of 8 bytes each, else of 4

  [[nodiscard]] RowSpan span() const {
    return {wide == 0 ? static_cast<const std::uint32_t*>(synapses) : nullptr,
            wide == 0 ? nullptr : static_cast<const std::uint64_t*>(synapses), count};
  }
};

/// Kept only for networks that do not lie in the cache, with rows long enough that their places
/// take a small part of the memory. The network must outlive it, or be followed by another.
class RowTable {
 public:
  explicit RowTable(const NetworkData& network) { build(network); }

  /// From now on for `after`, an edit of `before`; both are alive. Looks only at blocks that
  /// differ.
  void follow(const NetworkData& before, const NetworkData& after);

  /// Rows with this delay, by neuron; null where no table is kept or nothing has that delay.
  [[nodiscard]] const TableRow* rows_with(std::uint32_t delay) const;

 private:
  void build(const NetworkData& network);
  void fill(const NetworkData& network, std::size_t block);

  std::vector<TableRow> rows_;         ///< delays x neurons
  std::vector<std::uint32_t> delays_;  ///< in use, ascending
  std::size_t neurons_ = 0;
};

/// Networks with fewer synapses lie in the cache; what announces their rows costs more than it
/// saves.
inline constexpr std::uint64_t kCachedSynapses = 400'000;

}  // namespace rheobase
