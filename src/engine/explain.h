// SPDX-License-Identifier: Apache-2.0
/// \file
/// One neuron's burst, term by term, from the state before it.
#pragma once

#include "engine/backend.h"
#include "rheobase/why.h"

namespace rheobase {

/// A network with the state before a burst and what comes from outside in it.
struct Moment {
  const NetworkData& network;
  const State& state;
  const std::vector<model::CompiledDrive>& drives;
  std::uint64_t seed = 1;
  BurstRequest input;  ///< of one burst
};

[[nodiscard]] Explanation explain(const Moment& moment, NeuronId id);

/// Counts what an explanation says.
void count(const Explanation& explanation, SilenceReport& report);

/// For each neuron, whether synapses lead to it from a source; sources themselves count.
[[nodiscard]] std::vector<bool> reachable_from(const NetworkData& network,
                                               std::vector<NeuronId> sources);

/// Names of the areas that send synapses to this one.
[[nodiscard]] std::vector<std::string> sources_of(const NetworkData& network, const Area& area);

}  // namespace rheobase
