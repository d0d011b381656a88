// SPDX-License-Identifier: Apache-2.0
/// \file
/// What arrived at the ports of a model's neurons, from the words that deliveries add to.
#pragma once

#include <cstdint>

#include "backends/cpu/block_loops.h"

namespace rheobase {

/// Of `count` neurons, at most kBlock, with `ports` words each.
template <class Word>
struct ArrivedBlock {
  std::uint32_t count = 0;
  std::uint32_t ports = 0;
  std::uint32_t event_bits = 0;
  std::uint32_t quantum_bits = 0;
  Word* words = nullptr;            ///< read and set to 0
  const float* injected = nullptr;  ///< one number for each word; null: nothing is injected
  float* to = nullptr;              ///< results: kBlock numbers for each port
};

template <class Word>
void read_arrived(const ArrivedBlock<Word>& block, InstructionSet set = best_instruction_set());

}  // namespace rheobase
