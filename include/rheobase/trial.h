// SPDX-License-Identifier: Apache-2.0
/// \file
/// Small networks on which every rule shows: for comparing backends.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rheobase/checkpoint.h"
#include "rheobase/export.h"

namespace rheobase {

/// A network with the state, the input and the drives that it starts from.
struct Trial {
  std::string name;
  Checkpoint start;
  std::uint64_t bursts = 0;  ///< to run
};

/// Networks that together take every branch of the step and meet both sides of every comparison in
/// it: equal, and one unit apart; under all profiles and, any three of them together, all rules.
/// Others do the same for delivery: delays 1 to 255, shares, potential-driven charge, both widths
/// of the accumulator and the last sum that fits the narrow one, members of a joined network.
/// They are the same on every machine.
[[nodiscard]] RHEOBASE_API std::vector<Trial> every_rule();

}  // namespace rheobase
