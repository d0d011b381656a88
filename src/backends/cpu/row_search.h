// SPDX-License-Identifier: Apache-2.0
/// \file
/// Where in a row, which is sorted by target, some targets begin.
#pragma once

#include <algorithm>
#include <cstdint>

#include "network/view.h"

namespace rheobase {

/// The first synapse of a row, sorted by post, whose post is not below `id`; looked for around
/// `guess`. Counting within a window has no branch that hangs on where it lies: a search costs a
/// row two or three branches mispredicted.
template <class Synapse>
const Synapse* first_at(const Synapse* row, std::uint32_t count, NeuronId id, std::uint32_t guess) {
  constexpr std::uint32_t kWindow = 32;
  const auto below = [&](Synapse s) { return post_of(s) < id; };
  if (count < kWindow) {
    return std::partition_point(row, row + count, below);
  }
  const Synapse* const window =
      row + std::min(guess - std::min(guess, kWindow / 2), count - kWindow);
  std::uint32_t found = 0;
  for (std::uint32_t i = 0; i < kWindow; ++i) {
    found += below(window[i]) ? 1U : 0U;
  }
  if (found == 0) {
    return std::partition_point(row, window, below);
  }
  if (found == kWindow) {
    return std::partition_point(window + kWindow, row + count, below);
  }
  return window + found;
}

}  // namespace rheobase
