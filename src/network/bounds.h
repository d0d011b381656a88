// SPDX-License-Identifier: Apache-2.0
/// \file
/// Whether a network fits into memory, before any of it is made.
#pragma once

#include <cstdint>

namespace rheobase {

/// `compact`: synapses of 4 bytes instead of 8.
/// \throws Error out_of_memory with the numbers.
void require_network_memory(std::uint64_t neurons, std::uint64_t synapses, bool compact);

}  // namespace rheobase
