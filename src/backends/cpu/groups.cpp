// SPDX-License-Identifier: Apache-2.0
#include "backends/cpu/groups.h"

#include <bit>

namespace rheobase {

std::uint32_t best_group(const NetworkData& network, std::uint64_t spikes, std::uint32_t threads,
                         std::uint32_t word_bytes) {
  constexpr double kRowNs = 50.0;
  constexpr double kMeetingNs = 2000.0;
  constexpr double kWordNs = 0.6;
  constexpr double kEventNs = 0.3;  // for each doubling of the accumulators
  constexpr double kMostBytes = 2'147'483'648.0;
  const double rows = static_cast<double>(spikes) * kRowNs;
  const double events = events_of(network, spikes) / threads;
  std::uint32_t best = 1;
  double least = rows;
  for (std::uint32_t size = 2; size <= threads; ++size) {
    const double all_words = static_cast<double>(network.neuron_count) * size;
    if (threads % size != 0 || all_words * word_bytes > kMostBytes) {
      continue;
    }
    const double cost = rows / size + kMeetingNs + all_words / threads * kWordNs +
                        events * kEventNs * std::bit_width(size - 1U);
    if (cost < least) {
      least = cost;
      best = size;
    }
  }
  return best;
}

}  // namespace rheobase
