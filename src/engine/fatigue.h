// SPDX-License-Identifier: Apache-2.0
/// \file
/// FEAGI's fatigue flag: whom it reaches.
#pragma once

#include <cstdint>
#include <vector>

#include "rheobase/network.h"

namespace rheobase {

/// Neurons of FEAGI's core area 2, ascending; of all members of a joined network.
[[nodiscard]] std::vector<NeuronId> fatigue_neurons(const Network& network);
/// Where input reaches them.
[[nodiscard]] std::vector<std::uint32_t> fatigue_targets(const Network& network);

}  // namespace rheobase
