// SPDX-License-Identifier: Apache-2.0
/// \file
/// Rows while they are filled in any order, and how they are sorted.
#pragma once

#include <cstdint>
#include <vector>

#include "network/view.h"

namespace rheobase {

/// How a synapse stands in a row that is not sorted yet: as it will in the end, but that the bits
/// which no target needs number its delay. So a synapse takes no more memory while it waits.
class StagedForm {
 public:
  /// Of a network with so many targets and these delays, ascending and not empty. `few_kinds`:
  /// compact synapses can tell them apart.
  /// \throws Error out_of_range if targets and delays together are too many.
  StagedForm(std::uint32_t targets, std::vector<std::uint32_t> delays, bool few_kinds);

  /// Bits that say the delay, which must be one of those.
  [[nodiscard]] std::uint32_t delay_bits(std::uint32_t delay) const;
  /// Target and delay, in the order in which a row is sorted.
  [[nodiscard]] static std::uint32_t place(std::uint32_t post, std::uint32_t delay_bits) {
    return post | delay_bits;
  }
  [[nodiscard]] std::uint32_t post(std::uint32_t place) const { return place & post_mask_; }
  [[nodiscard]] std::uint32_t delay(std::uint32_t place) const {
    return one_delay() ? delays_.front() : delays_[place >> shift_];
  }
  [[nodiscard]] bool one_delay() const { return delays_.size() == 1; }
  [[nodiscard]] bool compact() const { return compact_; }

 private:
  std::vector<std::uint32_t> delays_;
  bool compact_ = true;
  std::uint32_t shift_ = 0;  ///< bits of a target
  std::uint32_t post_mask_ = ~0U;
};

/// In which order synapses of a row with one target and one delay stand.
enum class EqualPlaces : std::uint8_t {
  as_made,  ///< for rows that are made in a fixed order
  by_code,  ///< for rows that several threads fill together
};

/// Sorts the rows of a block (row r ends at ends[r]), whose synapses are in the form `form`, by
/// delay and target, and builds `row_parts` and `parts`.
void arrange_block(RowBlock& block, const std::vector<std::uint32_t>& ends, const StagedForm& form,
                   EqualPlaces equal);

}  // namespace rheobase
