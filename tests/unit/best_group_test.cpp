// SPDX-License-Identifier: Apache-2.0
// How many threads share rows: few where little fires, more where much does.
#include <gtest/gtest.h>

#include "backends/cpu/groups.h"

namespace rheobase::test {
namespace {

NetworkData network_of(std::uint32_t neurons) {
  NetworkData network;
  network.neuron_count = neurons;
  network.synapse_count = std::uint64_t{neurons} * 100U;
  return network;
}

TEST(BestGroup, DividesTheThreads) {
  const NetworkData network = network_of(100'000);
  for (std::uint32_t threads = 1; threads <= 64; ++threads) {
    for (std::uint64_t spikes = 0; spikes <= 100'000; spikes = spikes * 3 + 1) {
      const std::uint32_t size = best_group(network, spikes, threads, 4);
      ASSERT_GE(size, 1U);
      EXPECT_EQ(threads % size, 0U) << threads << " threads, " << spikes << " spikes";
    }
  }
}

TEST(BestGroup, GrowsWithWhatFires) {
  const NetworkData network = network_of(10'000);
  EXPECT_EQ(best_group(network, 30, 16, 4), 1U);
  EXPECT_EQ(best_group(network, 1'000, 16, 4), 8U);
  EXPECT_EQ(best_group(network, 100, 2, 4), 1U);
  EXPECT_EQ(best_group(network, 1'000, 2, 4), 2U);
  std::uint32_t before = 1;
  for (std::uint64_t spikes = 0; spikes <= 10'000; spikes += 10) {
    const std::uint32_t size = best_group(network, spikes, 16, 4);
    ASSERT_GE(size, before) << spikes << " spikes";
    before = size;
  }
}

TEST(BestGroup, LeavesMemoryToTheNetwork) {
  const NetworkData network = network_of(400'000'000);
  EXPECT_EQ(best_group(network, 100'000'000, 2, 8), 1U) << "6.4 GB of accumulators";
}

}  // namespace
}  // namespace rheobase::test
