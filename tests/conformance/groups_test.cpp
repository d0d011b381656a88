// SPDX-License-Identifier: Apache-2.0
// Groups of threads that share rows, of every size: how many neurons fire decides which.
#include <gtest/gtest.h>

#include <array>

#include "model/random.h"
#include "rheobase/engine.h"

namespace rheobase::test {
namespace {

TEST(Groups, OfEverySizeDeliverTheSame) {
  NetworkBuilder b;
  constexpr std::uint32_t kNeurons = 20'000;
  NeuronParams p;
  p.threshold = 100.0F;
  const AreaId area = b.population("a", kNeurons, p);
  b.connect(area, area, fixed_outdegree(20, true, true), {.weight = 1.5F, .delay = 1});
  b.connect(area, area, fixed_outdegree(9, true, true), {.weight = -2.0F, .delay = 3});
  const Network network = b.build();
  for (const std::uint32_t threads : {4U, 6U, 7U, 8U}) {
    Engine engine(network, {"check:cpu,reference", threads, 1, {}});
    // in many bursts a call, as a single one may be run by one thread; with 8 threads these make
    // groups of 1, 2, 4 and 8
    constexpr std::array<std::uint32_t, 6> kFiring{1, 10, 200, 230, 1'000, 5'000};
    constexpr std::uint64_t kBursts = 120;
    InputSchedule input;
    for (std::uint64_t burst = 1; burst <= kBursts; ++burst) {
      for (std::uint32_t i = 0; i < kFiring[burst % kFiring.size()]; ++i) {
        input.bursts.push_back(burst);
        input.ids.push_back(model::below(model::pcg(input.ids.size()), kNeurons));
        input.potentials.push_back(200.0F);
      }
    }
    engine.schedule(input);
    std::uint64_t spikes = 0;
    ASSERT_NO_THROW(spikes = engine.run(kBursts).spikes) << threads;
    EXPECT_GT(spikes, 100'000U);
  }
}

}  // namespace
}  // namespace rheobase::test
