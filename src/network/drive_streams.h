// SPDX-License-Identifier: Apache-2.0
/// \file
/// What tells the draws of drives apart.
#pragma once

#include <cstdint>
#include <map>

#include "rheobase/network.h"

namespace rheobase {

/// Draws are made for (seed, stream, neuron, burst), so Poisson drives that share no neuron may
/// share a stream: thousands of populations, each with a drive, are then drawn for as one. A drive
/// gets the least stream that no earlier drive of any of its neurons has; so its draws stay where
/// they are when drives are added behind it.
class DriveStreams {
 public:
  /// Drives that are no Poisson drives need none, and get 0.
  [[nodiscard]] std::uint32_t choose(const Drive& drive);
  /// The drive has its stream.
  void take(const Drive& drive);

 private:
  using Ranges = std::map<NeuronId, std::uint64_t>;  ///< first id and the one behind the last
  std::map<std::uint32_t, Ranges> taken_;            ///< of streams; ranges do not touch
};

}  // namespace rheobase
