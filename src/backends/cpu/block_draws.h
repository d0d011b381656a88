// SPDX-License-Identifier: Apache-2.0
/// \file
/// Poisson numbers for a block of neurons: those of model::poisson_of.
#pragma once

#include <array>
#include <cstdint>

#include "backends/cpu/block_words.h"
#include "backends/cpu/processor.h"
#include "model/functions.h"

namespace rheobase::blocks {

/// model::poisson_of for neurons of one mean: what it compares a word with is the same for all.
[[gnu::always_inline]] inline void poisson_of_one_mean(float* d, float mean, const Words& words,
                                                       std::uint32_t count) {
  using namespace model;
  struct Entry {
    std::uint32_t below;  ///< words below this and no earlier one ...
    float number;         ///< ... give this number
  };
  std::array<Entry, 1 + 2 * 400> entries;
  std::size_t size = 0;
  constexpr float kWords = 4294967296.0F;
  const float positive = mean > 0.0F ? mean : 0.0F;
  const float m = positive > 2000.0F ? 2000.0F : positive;
  const float mode = floor_rn(m);
  float up = poisson_mode(m, mode);
  float down = up;
  float above = mode;
  float below = mode;
  float rest = mode;
  std::uint64_t sum = 0;
  const auto add = [&](std::uint32_t more, float number) {
    sum += more;
    if (more != 0 && sum <= 0xFFFFFFFFU) {
      entries[size++] = {static_cast<std::uint32_t>(sum), number};
    } else if (more != 0) {
      rest = number;  // all that are left
    }
    return sum <= 0xFFFFFFFFU;
  };
  bool more_to_come = add(static_cast<std::uint32_t>(times(times(up, 0.999984741F), kWords)), mode);
  for (std::uint32_t i = 0; i < 400 && more_to_come; ++i) {
    above = plus(above, 1.0F);
    up = mul_rn(up, div_rn(m, above));
    const auto more = static_cast<std::uint32_t>(times(up, kWords));
    down = mul_rn(down, div_rn(below, m));
    below = plus(below, below > 0.0F ? -1.0F : 0.0F);
    const auto fewer = static_cast<std::uint32_t>(times(down, kWords));
    more_to_come = add(more, above) && add(fewer, below) && (more | fewer) != 0U;
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    d[i] = rest;
  }
  while (size-- > 0) {
    const Entry entry = entries[size];
    RHEOBASE_INDEPENDENT_ITERATIONS
    for (std::uint32_t i = 0; i < count; ++i) {
      d[i] = words.first[i] < entry.below ? entry.number : d[i];
    }
  }
}

/// model::poisson_of for neurons each of which has a mean, some at a time until all have found
/// their number.
[[gnu::always_inline]] inline void poisson_of_means(float* d, const float* mean, const Words& words,
                                                    std::uint32_t first) {
  using namespace model;
  constexpr std::uint32_t kMany = kLanes;
  constexpr float kWords = 4294967296.0F;
  struct Walk {
    std::array<float, kMany> m, up, down, above, below, number;
    std::array<std::uint32_t, kMany> left, found;
  } w;
  RHEOBASE_INDEPENDENT_ITERATIONS
  for (std::uint32_t i = 0; i < kMany; ++i) {
    const float given = mean[first + i];
    const float positive = select(0.0F, given, given > 0.0F);
    w.m[i] = select(positive, 2000.0F, positive > 2000.0F);
    const float mode = floor_rn(w.m[i]);
    const float most = poisson_mode(w.m[i], mode);
    const auto share = static_cast<std::uint32_t>(times(times(most, 0.999984741F), kWords));
    w.up[i] = w.down[i] = most;
    w.above[i] = w.below[i] = w.number[i] = mode;
    w.left[i] = words.first[first + i] - share;
    w.found[i] = select(0U, ~0U, words.first[first + i] < share);
  }
  std::uint32_t all = 0;
  for (std::uint32_t step = 0; step < 400 && all == 0; ++step) {
    all = ~0U;
    RHEOBASE_INDEPENDENT_ITERATIONS
    for (std::uint32_t i = 0; i < kMany; ++i) {
      w.above[i] = plus(w.above[i], 1.0F);
      w.up[i] = mul_rn(w.up[i], div_rn(w.m[i], w.above[i]));
      const auto more = static_cast<std::uint32_t>(times(w.up[i], kWords));
      const std::uint32_t rises = select(0U, ~0U, w.left[i] < more);
      w.left[i] -= more;
      w.down[i] = mul_rn(w.down[i], div_rn(w.below[i], w.m[i]));
      w.below[i] = plus(w.below[i], -select(0.0F, 1.0F, w.below[i] > 0.0F));
      const auto fewer = static_cast<std::uint32_t>(times(w.down[i], kWords));
      const std::uint32_t falls = select(0U, ~0U, w.left[i] < fewer);
      w.left[i] -= fewer;
      const float next = select(w.below[i], w.above[i], rises != 0U);
      w.number[i] = select(w.number[i], next, ((rises | falls) & ~w.found[i]) != 0U);
      w.found[i] |= rises | falls | select(0U, ~0U, (more | fewer) == 0U);
      all &= w.found[i];
    }
  }
  for (std::uint32_t i = 0; i < kMany; ++i) {
    d[first + i] = w.number[i];
  }
}

}  // namespace rheobase::blocks
