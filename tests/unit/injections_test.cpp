// SPDX-License-Identifier: Apache-2.0
// Input in any order reaches backends sorted, each neuron once, summed in the order given.
#include "engine/injections.h"

#include <gtest/gtest.h>

#include <map>

#include "model/float_ops.h"
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

}  // namespace
}  // namespace rheobase::test
