// SPDX-License-Identifier: Apache-2.0
#include "network/rules/bernoulli.h"

namespace rheobase {

Bernoulli::Bernoulli(double p) : p_(p) {
  if (p == 0.0 || p == 1.0) {
    return;
  }
  // about so many drawn of a block: fewer, and most words say how many; more, and the tables and
  // the search among the drawn grow
  constexpr double kDrawn = 4.0;
  constexpr std::uint32_t kLargestBlock = 1U << 30U;
  double none = 1.0 - p;  // P(none of the block)
  while (block_ < kLargestBlock && 2.0 * block_ * p <= kDrawn) {
    block_ *= 2U;
    none *= none;
  }
  double probability = none;
  double sum = none;
  for (std::uint32_t k = 0; k < block_; ++k) {
    const double scaled = sum * 4294967296.0;
    if (scaled >= 4294967295.0) {
      break;
    }
    table_.push_back(static_cast<std::uint32_t>(scaled));
    probability *= (static_cast<double>(block_ - k) / (k + 1U)) * (p / (1.0 - p));
    sum += probability;
    if (k > block_ * p && probability * 4294967296.0 < 0.25) {
      break;
    }
  }
}

}  // namespace rheobase
