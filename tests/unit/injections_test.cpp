// SPDX-License-Identifier: Apache-2.0
// Input in any order reaches backends sorted, each neuron once, summed in the order given.
#include "engine/injections.h"

#include <gtest/gtest.h>

#include <limits>
#include <map>

#include "model/float_ops.h"
#include "rheobase/engine.h"
#include "rheobase/error.h"
#include "support/random_network.h"

namespace rheobase::test {
namespace {

TEST(Injections, AreSortedAndSummedInTheOrderGiven) {
  for (const std::uint32_t count : {0U, 1U, 100U, 127U, 128U, 5000U}) {
    for (const std::uint32_t neurons : {1U, 50U, 3000U, 5'000'000U, 0xFFFFFFFFU}) {
      Chooser choose(count + neurons);
      Injections injections;
      std::map<NeuronId, float> sums;
      for (std::uint32_t i = 0; i < count; ++i) {
        const NeuronId id = choose.below(neurons);
        // sums of such different sizes depend on their order
        const float value = choose.any_of({1e10F, -1e10F, 1.0F, 0.333F, 1e-3F});
        injections.add(id, value);
        const auto [place, is_new] = sums.emplace(id, value);
        if (!is_new) {
          place->second = model::canonical(model::add_rn(place->second, value));
        }
      }
      BurstRequest request;
      injections.take(1, request);
      ASSERT_EQ(request.injection_ids.size(), sums.size()) << count << " of " << neurons;
      std::size_t i = 0;
      for (const auto& [id, sum] : sums) {
        EXPECT_EQ(request.injection_ids[i], id);
        EXPECT_EQ(model::bits_of(request.injection_values[i]), model::bits_of(sum));
        ++i;
      }
    }
  }
}

/// A wrong value or id anywhere in a list leaves nothing of it behind.
TEST(Injections, ARefusedListChangesNothing) {
  NetworkBuilder b;
  b.population("a", 4, {});
  Engine engine(b.build(), {"reference", 1, 1, {}});
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinite = std::numeric_limits<float>::infinity();
  const std::vector<NeuronId> ids{0, 1, 2};
  for (std::size_t wrong = 0; wrong < ids.size(); ++wrong) {
    for (const float value : {nan, infinite, -infinite}) {
      std::vector<float> potentials{0.5F, 0.5F, 0.5F};
      potentials[wrong] = value;
      EXPECT_THROW(engine.inject(ids, potentials), Error);
    }
    std::vector<NeuronId> beyond = ids;
    beyond[wrong] = 4;
    EXPECT_THROW(engine.inject(beyond, std::vector<float>{0.5F, 0.5F, 0.5F}), Error);
  }
  EXPECT_THROW(engine.inject(ids, std::vector<float>{0.5F, 0.5F}), Error);
  EXPECT_TRUE(engine.checkpoint().injected_ids.empty());
  engine.inject(ids, std::vector<float>{0.5F, -0.0F, 1e-40F});
  EXPECT_EQ(engine.checkpoint().injected_ids, ids);
}

}  // namespace
}  // namespace rheobase::test
