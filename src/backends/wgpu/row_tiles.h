// SPDX-License-Identifier: Apache-2.0
/// \file
/// Where in each row the targets of the next tile begin. Accumulators that exceed a GPU's cache are
/// added to tile by tile: random atomics are several times as fast within the cache as beyond it.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "backends/wgpu/adapters.h"
#include "backends/wgpu/tuning.h"
#include "network/view.h"

namespace rheobase::wgpu {

class RowTiles {
 public:
  /// One tile, which needs no edges.
  RowTiles() = default;
  /// As many as suit network and GPU, unless `tuning` says otherwise.
  /// \throws Error invalid_argument if it asks for too many.
  RowTiles(const NetworkData& network, const AdapterFacts& gpu, const Tuning& tuning);

  [[nodiscard]] std::uint32_t count() const { return count_; }
  /// So many neurons that fire in a burst, and more, are delivered faster tile by tile.
  [[nodiscard]] std::uint64_t pay_from() const { return pay_from_; }
  /// So that their accumulators and much else stay in the cache.
  [[nodiscard]] bool are_small() const { return small_; }
  /// Edges between tiles.
  [[nodiscard]] std::uint32_t edges() const { return count_ - 1U; }
  /// The longest row that edges can divide.
  static constexpr std::uint32_t kLongestRow = 0xFFFF;
  /// Numbers kept for each edge: rows, rounded up so that each edge begins at a vec2 of words.
  [[nodiscard]] std::uint64_t rows_per_edge() const { return rows_per_edge_; }
  /// Rows that one word holds.
  static constexpr std::uint64_t kRowsPerWord = 2;
  [[nodiscard]] std::uint64_t bytes() const { return edges() * rows_per_edge_ * 2U; }

  /// For the rows first .. first + count - 1 (a neuron has one for each delay in use): synapses
  /// before the first whose target lies behind this edge. 0 for numbers behind the last row.
  [[nodiscard]] std::vector<std::uint16_t> cut(const NetworkData& network, std::uint32_t edge,
                                               std::uint64_t first, std::uint64_t count) const;

 private:
  std::uint32_t count_ = 1;
  std::uint32_t neurons_ = 0;  ///< of a tile
  std::uint64_t pay_from_ = 0;
  bool small_ = true;
  std::uint64_t rows_per_edge_ = 0;
  std::vector<std::uint32_t> delay_index_;
  std::uint32_t delay_count_ = 1;
};

}  // namespace rheobase::wgpu
