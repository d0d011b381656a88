// SPDX-License-Identifier: Apache-2.0
/// \file
/// One number for all that determines a network's spikes.
#pragma once

#include <cstdint>

#include "network/view.h"

namespace rheobase {

/// xxHash64 (seed 0) over time step, rules, parameters, synapses and drives; not over names.
[[nodiscard]] std::uint64_t network_hash(const NetworkData& network);

/// xxHash64 over the operations that a model's text became.
[[nodiscard]] std::uint64_t step_hash(const model::StepProgram& step);

}  // namespace rheobase
