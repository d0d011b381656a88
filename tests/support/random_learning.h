// SPDX-License-Identifier: Apache-2.0
/// \file
/// Random networks whose synapses learn.
#pragma once

#include <cstdint>

#include "support/random_network.h"

namespace rheobase::test {

/// One of the rules that come with Rheobase, or a random one of its own.
[[nodiscard]] Plasticity random_plasticity(Chooser& choose);

/// Some populations with and without models, joined by synapses that learn and by others.
[[nodiscard]] Network random_learning_network(std::uint64_t seed);

}  // namespace rheobase::test
