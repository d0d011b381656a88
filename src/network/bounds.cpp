// SPDX-License-Identifier: Apache-2.0
#include "network/bounds.h"

#include <algorithm>
#include <string>

#include "platform/memory.h"
#include "rheobase/text.h"

namespace rheobase {

void require_network_memory(std::uint64_t neurons, std::uint64_t synapses, bool compact) {
  // state, classes and accumulators of each neuron
  constexpr std::uint64_t kBytesPerNeuron = 64;
  constexpr std::uint64_t kMostSynapses = std::uint64_t{1} << 60U;  // so that bytes do not wrap
  platform::require_memory(
      neurons * kBytesPerNeuron + std::min(synapses, kMostSynapses) * (compact ? 4U : 8U),
      "a network of " + number_text(neurons) + " neurons" +
          (synapses != 0 ? " and " + number_text(synapses) + " synapses" : ""));
}

}  // namespace rheobase
