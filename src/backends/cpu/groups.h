// SPDX-License-Identifier: Apache-2.0
/// \file
/// How many threads share the rows of a burst. Results do not depend on it.
#pragma once

#include <cstdint>

#include "network/view.h"

namespace rheobase {

/// About how many synaptic events so many spikes make.
[[nodiscard]] inline double events_of(const NetworkData& network, std::uint64_t spikes) {
  return static_cast<double>(spikes) * static_cast<double>(network.synapse_count) /
         network.neuron_count;
}

/// The size of the groups, a divisor of `threads`, with which so many spikes are delivered soonest.
/// Walking all rows costs every group some time for each; a group's threads share that, but must
/// meet once more and look at the accumulators of all of them (of `word_bytes` each), and larger
/// accumulators lie further away. docs/design/0005 has the measurements.
[[nodiscard]] std::uint32_t best_group(const NetworkData& network, std::uint64_t spikes,
                                       std::uint32_t threads, std::uint32_t word_bytes);

}  // namespace rheobase
