// SPDX-License-Identifier: Apache-2.0
/// \file
/// Why neurons fire, or do not: from a checkpoint on, by a copy of the engine.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/backend.h"
#include "rheobase/checkpoint.h"
#include "rheobase/why.h"

namespace rheobase {

/// A network with the state before a burst and what comes from outside in it.
struct Moment {
  const NetworkData& network;
  const State& state;
  const std::vector<model::CompiledDrive>& drives;
  BurstRequest input;      ///< of one burst
  std::uint64_t seed = 1;  ///< of the draws of models
};
/// One neuron's burst, term by term.
[[nodiscard]] Explanation explain(const Moment& moment, NeuronId id);

/// \see Engine::why; 0: the burst that comes next.
[[nodiscard]] Explanation explain_burst(Checkpoint from, NeuronId id, std::uint64_t burst);
/// \see Engine::why_silent
[[nodiscard]] SilenceReport explain_silence(Checkpoint from, const std::string& area,
                                            std::uint64_t bursts);

}  // namespace rheobase
