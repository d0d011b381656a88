// SPDX-License-Identifier: Apache-2.0
/// \file
/// A state, and what an engine holds besides network and state, as sections of a file.
#pragma once

#include "io/checkpoint/section_file.h"
#include "rheobase/checkpoint.h"

namespace rheobase::checkpoint {

/// Raw bytes of the section "state" of so many neurons.
[[nodiscard]] constexpr std::uint64_t state_bytes(std::uint64_t neurons) {
  return sizeof(std::uint64_t) +
         neurons * (sizeof(float) + 3 * sizeof(std::uint16_t) + sizeof(std::uint8_t));
}

void write_state(SectionWriter& out, const State& state);
/// Sizes are those of the network; what they hold is checked when an engine takes it.
[[nodiscard]] State read_state(SectionReader& in, const NetworkData& network);

/// Everything of a checkpoint but network and state.
void write_engine(SectionWriter& out, const Checkpoint& checkpoint);
void read_engine(SectionReader& in, Checkpoint& checkpoint);

}  // namespace rheobase::checkpoint
