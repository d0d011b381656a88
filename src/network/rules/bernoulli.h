// SPDX-License-Identifier: Apache-2.0
/// \file
/// Which of many are drawn, each with the same probability, at the cost of those that are drawn.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace rheobase {

/// Independent draws of probability p, a block of them at a time: one word says how many of the
/// block are drawn, then one word each says which. The table behind it is made of rounded sums,
/// products and quotients, which are the same on every machine.
class Bernoulli {
 public:
  /// p in 0..1.
  explicit Bernoulli(double p);

  /// Appends the drawn of 0 .. count - 1 to `to`, ascending. `draws` gives words by next(), and
  /// whole numbers below n by below(n).
  template <class Draws>
  void draw(Draws& draws, std::uint32_t count, std::vector<std::uint32_t>& to) const {
    if (p_ == 1.0) {
      for (std::uint32_t i = 0; i < count; ++i) {
        to.push_back(i);
      }
      return;
    }
    if (p_ == 0.0) {
      return;
    }
    for (std::uint64_t first = 0; first < count; first += block_) {
      const std::uint32_t drawn = count_of(draws.next());
      const std::size_t begin = to.size();
      // Floyd's algorithm: every subset of that size is equally likely
      for (std::uint32_t last = block_ - drawn; last < block_; ++last) {
        const auto candidate = static_cast<std::uint32_t>(first) + draws.below(last + 1U);
        const auto here = to.begin() + static_cast<std::ptrdiff_t>(begin);
        const bool is_new = std::find(here, to.end(), candidate) == to.end();
        to.push_back(is_new ? candidate : static_cast<std::uint32_t>(first) + last);
      }
      const auto here = to.begin() + static_cast<std::ptrdiff_t>(begin);
      std::sort(here, to.end());
      if (first + block_ > count) {  // the last block reaches beyond: what is drawn there is left
        to.erase(std::lower_bound(here, to.end(), count), to.end());
      }
    }
  }

 private:
  /// How many of a block are drawn, by a word.
  [[nodiscard]] std::uint32_t count_of(std::uint32_t word) const {
    std::uint32_t drawn = 0;
    while (drawn < table_.size() && table_[drawn] <= word) {
      ++drawn;
    }
    return drawn;
  }

  double p_;
  std::uint32_t block_ = 1;
  std::vector<std::uint32_t> table_;  ///< entry k: 2^32 P(at most k of a block are drawn)
};

}  // namespace rheobase
