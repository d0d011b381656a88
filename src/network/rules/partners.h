// SPDX-License-Identifier: Apache-2.0
/// \file
/// Draws partners of one neuron, each partner as likely as any other.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "network/rules/draws.h"

namespace rheobase {

/// Draws partners of one neuron after the other; keeps its memory.
class Partners {
 public:
  /// `degree` of the indices below `count`, never `own` (Selves::kNone: any). Without multapses
  /// they differ, and there must be as many.
  [[nodiscard]] const std::vector<std::uint32_t>& draw(Draws& draws, std::uint64_t degree,
                                                       std::uint32_t count, std::uint32_t own,
                                                       bool multapses) {
    const bool skips = own != Selves::kNone;
    const std::uint32_t choices = skips ? count - 1U : count;
    partners_.clear();
    if (multapses) {
      for (std::uint64_t i = 0; i < degree; ++i) {
        partners_.push_back(draws.below(choices));
      }
    } else {
      draw_different(draws, static_cast<std::uint32_t>(degree), choices);
    }
    if (skips) {
      for (std::uint32_t& partner : partners_) {
        partner += partner >= own ? 1U : 0U;
      }
    }
    return partners_;
  }

 private:
  /// Floyd's algorithm: every subset is equally likely, with one draw per member.
  void draw_different(Draws& draws, std::uint32_t degree, std::uint32_t choices) {
    table_.assign(std::bit_ceil(std::uint64_t{degree} * 2U + 1U), kFree);
    for (std::uint32_t last = choices - degree; last < choices; ++last) {
      const std::uint32_t candidate = draws.below(last + 1U);
      std::uint32_t member = candidate;
      if (!is_new(candidate)) {
        member = last;
        (void)is_new(last);
      }
      partners_.push_back(member);
    }
  }
  /// Marks a number as drawn.
  bool is_new(std::uint32_t number) {
    const std::size_t mask = table_.size() - 1U;
    for (std::size_t at = number * 0x9E3779B1U & mask;; at = (at + 1U) & mask) {
      if (table_[at] == number) {
        return false;
      }
      if (table_[at] == kFree) {
        table_[at] = number;
        return true;
      }
    }
  }

  static constexpr std::uint32_t kFree = 0xFFFFFFFFU;  ///< no index is that large
  std::vector<std::uint32_t> partners_;
  std::vector<std::uint32_t> table_;  ///< of numbers drawn, at their places or behind
};

}  // namespace rheobase
