// SPDX-License-Identifier: Apache-2.0
// Events that go through bins arrive all the same.
#include "backends/cpu/bins.h"

#include <gtest/gtest.h>

#include "support/random_network.h"

namespace rheobase::test {
namespace {

template <class Word>
void expect_same_sums(NeuronId first, std::uint32_t neurons, std::uint32_t events) {
  Chooser choose(neurons);
  const std::vector<Word> kinds{3, -5, 1000};
  std::vector<std::uint32_t> synapses(events);
  for (std::uint32_t& synapse : synapses) {
    // half of them into one place, so that its bin is full again and again
    const NeuronId post = first + (choose.one_in(2) ? neurons / 3 : choose.below(neurons));
    synapse = post | (choose.below(3) << kCompactKindShift);
  }
  std::vector<Word> expected(neurons, 7);
  std::vector<Word> words(neurons, 7);
  for (const std::uint32_t synapse : synapses) {
    expected[(synapse & kCompactPost) - first] += kinds[synapse >> kCompactKindShift];
  }
  Bins<Word> bins;
  for (int burst = 0; burst < 2; ++burst) {
    std::uint32_t at = 0;
    while (at < events) {
      const std::uint32_t row = std::min(events - at, choose.below(3000));
      bins.add(synapses.data() + at, row, first, words.data(), kinds.data());
      at += row;
    }
    bins.empty(first, words.data(), kinds.data());
    EXPECT_EQ(words, expected);
    words.assign(neurons, 7);
  }
}

TEST(Bins, LoseNoEvent) {
  expect_same_sums<std::int32_t>(0, 300'000, 400'000);
  expect_same_sums<std::int64_t>(64, 131'072, 200'000);  // one bin to the brim
  expect_same_sums<std::int32_t>(1'000'000, 131'073, 5);
}

}  // namespace
}  // namespace rheobase::test
