// SPDX-License-Identifier: Apache-2.0
/// \file
/// Makes blocks of rows whose synapses come in their order.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "network/view.h"

namespace rheobase {

/// Usage: `add` every synapse of a row, `end_row`, and so on for the rows of a block; `finish`.
class BlockWriter {
 public:
  void reserve(std::size_t synapses) { synapses_.reserve(synapses); }

  /// Of a row, by delay, then target.
  void add(std::uint32_t post, std::uint32_t code, std::uint32_t delay) {
    if (parts_.size() == row_parts_.back() || parts_.back().delay != delay) {
      parts_.push_back({static_cast<std::uint32_t>(synapses_.size()), delay});
    }
    narrow_ = narrow_ && is_narrow(post, code);
    synapses_.push_back(wide_synapse(post, code));
  }
  void end_row() { row_parts_.push_back(static_cast<std::uint32_t>(parts_.size())); }
  /// Rows that were ended since the last block.
  [[nodiscard]] std::size_t rows() const { return row_parts_.size() - 1; }

  /// The block, compact where its ids and kinds allow it, in `arena` or, without one, on the heap;
  /// then begins another.
  [[nodiscard]] std::shared_ptr<RowBlock> finish(std::shared_ptr<platform::Arena> arena = nullptr);

 private:
  std::vector<std::uint64_t> synapses_;
  std::vector<std::uint32_t> row_parts_{0};
  std::vector<RowBlock::Part> parts_;
  bool narrow_ = true;
};

}  // namespace rheobase
