// SPDX-License-Identifier: Apache-2.0
/// \file
/// Networks whose every spike can be told beforehand.
#pragma once

#include "rheobase/network.h"

namespace rheobase::test {

/// Neuron i reaches i + 1; one spike passes along it.
inline Network chain(std::uint32_t neurons, std::uint32_t delay = 1) {
  NetworkBuilder b;
  const AreaId a = b.population("chain", neurons, {});
  std::vector<Synapse> synapses;
  for (NeuronId id = 0; id + 1 < neurons; ++id) {
    synapses.push_back({id, id + 1, 1.0F, 1.0F, delay});
  }
  b.connect(std::move(synapses));
  static_cast<void>(a);
  return b.build();
}

}  // namespace rheobase::test
