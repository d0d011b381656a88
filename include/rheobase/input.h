// SPDX-License-Identifier: Apache-2.0
/// \file
/// External input that is known beforehand.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rheobase/export.h"
#include "rheobase/network.h"

namespace rheobase {

/// External input by burst: rows sorted by burst, summed per port of a neuron in the order given.
struct InputSchedule {
  std::vector<std::uint64_t> bursts;
  std::vector<NeuronId> ids;
  std::vector<float> potentials;
  std::vector<std::uint32_t> ports{};  ///< numbers of Model::ports of the neurons; empty: all 0
};
/// CSV with the header `burst,neuron,potential` or `burst,area,x,y,z,potential`, and a column
/// `port` (a name or a number) where it is wanted. \throws Error invalid_file naming file, line and
/// column.
[[nodiscard]] RHEOBASE_API InputSchedule load_input(const std::string& path,
                                                    const Network& network);

}  // namespace rheobase
