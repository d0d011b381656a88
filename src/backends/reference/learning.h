// SPDX-License-Identifier: Apache-2.0
/// \file
/// Synapses that learn, one after the other: what they mean.
#pragma once

#include <cstdint>
#include <functional>

#include "network/view.h"
#include "rheobase/state.h"

namespace rheobase {

class ReferenceLearning {
 public:
  /// What arrives in a burst, synapse by synapse: the target, and the charge in quanta.
  using Arrives = std::function<void(std::uint32_t target, std::int64_t charge)>;

  /// Burst t, before input: spikes arrive, change their synapses, are sent on.
  static void deliver(const NetworkData& network, State& state, std::uint64_t t,
                      const Arrives& arrives);
  /// Burst t, after the step: what fired changes the synapses that end there.
  static void learn(const NetworkData& network, State& state, std::uint64_t t);
};

}  // namespace rheobase
