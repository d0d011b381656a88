// SPDX-License-Identifier: Apache-2.0
/// \file
/// The words of model::draw4 for a block of neurons.
#pragma once

#include <array>
#include <cstdint>

#include "backends/cpu/block_loops.h"

namespace rheobase::blocks {

/// The first two words of each neuron's draw.
struct Words {
  std::array<std::uint32_t, kBlock> first;
  std::array<std::uint32_t, kBlock> second;
};

/// `count` is a multiple of kLanes.
void words_anywhere(const DrawKey& key, std::uint32_t count, Words& words);
#if defined(__x86_64__)
void words_avx2(const DrawKey& key, std::uint32_t count, Words& words);
void words_avx512(const DrawKey& key, std::uint32_t count, Words& words);
#endif

}  // namespace rheobase::blocks
