// SPDX-License-Identifier: Apache-2.0
/// \file
/// The rows of the neurons that fired, fetched before they are needed.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "backends/cpu/row_table.h"
#include "network/view.h"

namespace rheobase {

/// Memory is slower than the work on a row, and where a row lies is known only after other places
/// were read. So each row is announced in steps: its place in the table, its synapses; without a
/// table its block, its place in the block, its synapses.
class RowsAhead {
 public:
  /// Rows of `ids` for one delay. Of each row, only the stretch between the posts `first` and
  /// `last` - 1 will be read.
  RowsAhead(const NetworkData& network, const RowTable& table, std::span<const NeuronId> ids,
            std::uint32_t delay, NeuronId first, NeuronId last)
      : network_(network),
        table_(table.rows_with(delay)),
        ids_(ids),
        delay_(delay),
        from_((std::uint64_t{first} << 32U) / network.target_count),
        to_((std::uint64_t{last} << 32U) / network.target_count),
        cached_(network.synapse_count < kCachedSynapses) {
    for (std::size_t i = 0; i < kBlockAhead && !cached_; ++i) {
      announce(i);
    }
  }

  /// Row i; to be asked for i = 0, 1, 2, …
  RowSpan operator[](std::size_t i) {
    if (cached_) {
      return network_.row(ids_[i], delay_);
    }
    const RowSpan row = spans_[i % kRowAhead];
    announce(i + kBlockAhead);
    return row;
  }

  /// Where in a row of `count` synapses the post `first` should be, if posts are spread evenly.
  [[nodiscard]] std::uint32_t guess_from(std::uint32_t count) const {
    return static_cast<std::uint32_t>((from_ * count) >> 32U);
  }
  [[nodiscard]] std::uint32_t guess_to(std::uint32_t count) const {
    return static_cast<std::uint32_t>((to_ * count) >> 32U);
  }

 private:
  static constexpr std::size_t kRowAhead = 8;
  static constexpr std::size_t kPlaceAhead = 16;
  static constexpr std::size_t kBlockAhead = 24;
  static constexpr std::uint32_t kMostBytes =
      4096;  ///< the processor fetches the rest of a long row by itself
  static constexpr std::uint32_t kLine = 64;
  static constexpr std::uint32_t kUncertain = 16;  ///< synapses by which a guess may be wrong

  /// Takes the step that is due for each of the rows before `i`.
  void announce(std::size_t i) {
    if (table_ == nullptr && i < ids_.size()) {
      __builtin_prefetch(&network_.block_of(ids_[i]));
    }
    if (const std::size_t place = i - (kBlockAhead - kPlaceAhead); place < ids_.size()) {
      prefetch_place(ids_[place]);
    }
    if (const std::size_t ready = i - (kBlockAhead - kRowAhead); ready < ids_.size()) {
      const NeuronId pre = ids_[ready];
      const RowSpan row = table_ != nullptr ? table_[pre].span() : network_.row(pre, delay_);
      spans_[ready % kRowAhead] = row;
      prefetch_synapses(row);
    }
  }

  // these two are inlined before anything else: GCC takes a function that only prefetches for one
  // without effect, and drops the call
  [[gnu::always_inline]] void prefetch_place(NeuronId pre) const {
    if (table_ != nullptr) {
      __builtin_prefetch(&table_[pre]);
      return;
    }
    const RowBlock& block = network_.block_of(pre);
    const std::uint32_t row = network_.row_in_block(pre);
    __builtin_prefetch(&block.row_parts[row]);
    // its parts, if every row has one for each delay; else some others, which does no harm
    const std::size_t part = std::size_t{row} * network_.delays.size();
    __builtin_prefetch(block.parts.data() + part);
  }

  [[gnu::always_inline]] void prefetch_synapses(const RowSpan& row) const {
    const std::uint32_t size = row.compact != nullptr ? sizeof *row.compact : sizeof *row.wide;
    const char* const bytes = row.compact != nullptr ? reinterpret_cast<const char*>(row.compact)
                                                     : reinterpret_cast<const char*>(row.wide);
    const std::uint32_t from = guess_from(row.count);
    const std::uint32_t begin = size * (from - std::min(from, kUncertain));
    const std::uint32_t end = size * std::min(guess_to(row.count) + kUncertain, row.count);
    for (std::uint32_t at = begin; at < std::min(end, begin + kMostBytes); at += kLine) {
      __builtin_prefetch(bytes + at);
    }
    if (end > begin) {
      __builtin_prefetch(bytes + end - 1);
    }
  }

  const NetworkData& network_;
  const TableRow* table_;  ///< null: rows are found by their blocks
  std::span<const NeuronId> ids_;
  std::uint32_t delay_;
  std::uint64_t from_, to_;  ///< shares of a row, in units of 2^-32
  bool cached_;
  std::array<RowSpan, kRowAhead> spans_{};
};

}  // namespace rheobase
