// SPDX-License-Identifier: Apache-2.0
#include "network/charge_bins.h"

#include <bit>

namespace rheobase {

SharedSums::SharedSums(InSums sums, const NetworkData& network)
    : sums_(sums), quantum_bits_(network.charge.quantum_bits) {
  for (std::uint32_t i = 0; i < network.kinds.size(); ++i) {
    sizes_.push_back(size_of(network.kinds[i]));
  }
  const std::uint32_t neurons = network.target_count;
  // many ranges, so that threads seldom meet, but few for large bins
  constexpr std::uint32_t kLeastRanges = 64;
  constexpr std::uint32_t kMostRanges = 512;
  constexpr std::uint32_t kMostTargets = 65'536;
  const std::uint32_t targets =
      std::max(std::clamp(neurons / kLeastRanges, 1U, kMostTargets), neurons / kMostRanges);
  shift_ = static_cast<std::uint32_t>(std::bit_width(targets)) - 1U;
  mutexes_ = std::vector<std::mutex>((neurons >> shift_) + 1U);
  // all bins of a thread: 1 MiB if compact. A quarter of it takes 1.8 times as long, four times as
  // much the same time
  constexpr std::uint64_t kBinned = 262'144;
  room_ = static_cast<std::uint32_t>(
      std::max<std::uint64_t>(std::min(kBinned, network.synapse_count) / mutexes_.size(), 1));
}

void SharedSums::add(NeuronId post, std::uint64_t size) {
  const std::lock_guard lock(mutexes_[range_of(post)]);
  sums_.add(post, size);
}

}  // namespace rheobase
