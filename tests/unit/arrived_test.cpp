// SPDX-License-Identifier: Apache-2.0
// What arrived at ports, in blocks, against fixed_to_f32.
#include "backends/cpu/arrived.h"

#include <gtest/gtest.h>

#include <vector>

#include "model/fixed_point.h"
#include "model/run_step.h"
#include "support/random_step_program.h"

namespace rheobase::test {
namespace {

template <class Word>
void expect_sums(std::uint32_t ports, std::uint32_t count, std::uint32_t event_bits,
                 std::uint32_t quantum_bits, Chooser& choose) {
  std::vector<Word> words(std::size_t{ports} * count);
  for (Word& word : words) {
    // of all sizes, and some that lie halfway between two floats
    const std::uint64_t digits = (std::uint64_t{choose.word()} << 32U) | choose.word();
    const std::uint32_t lost = choose.below(8 * sizeof(Word));
    word = static_cast<Word>(static_cast<Word>(digits) >> lost);
    word = choose.one_in(4) ? static_cast<Word>(word & ~((Word{1} << (lost / 2)) - 1)) : word;
  }
  std::vector<float> injected(words.size());
  for (float& number : injected) {
    number = choose.one_in(2) ? 0.0F : random_number(choose);
  }
  const bool injects = !choose.one_in(4);
  for (const InstructionSet set : instruction_sets()) {
    std::vector<Word> read(words);
    read.push_back(77);
    std::vector<float> to(std::size_t{ports} * kBlock, -1.0F);
    read_arrived<Word>({count, ports, event_bits, quantum_bits, read.data(),
                        injects ? injected.data() : nullptr, to.data()},
                       set);
    for (std::uint32_t i = 0; i < count; ++i) {
      for (std::uint32_t p = 0; p < ports; ++p) {
        const std::size_t at = std::size_t{i} * ports + p;
        const Word sum = static_cast<Word>(words[at] >> event_bits);
        const float number = model::fixed_to_f32(sum, quantum_bits);
        const float expected = model::at_port(injects ? injected[at] : 0.0F, number);
        ASSERT_EQ(model::bits_of(to[std::size_t{p} * kBlock + i]), model::bits_of(expected))
            << "port " << p << " of " << ports << ", sum " << sum << ", instruction set "
            << static_cast<int>(set);
        ASSERT_EQ(read[std::size_t{i} * ports + p], 0);
      }
    }
    EXPECT_EQ(read.back(), 77);
    EXPECT_TRUE(count == kBlock || to[count] == -1.0F);
  }
}

TEST(Arrived, SumsBecomeTheNumbersOfFixedToF32) {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    Chooser choose(seed);
    const std::uint32_t ports = 1 + choose.below(8);
    const std::uint32_t count = choose.one_in(4) ? kBlock : 1 + choose.below(kBlock);
    expect_sums<std::int32_t>(ports, count, choose.below(8), choose.below(41), choose);
    expect_sums<std::int64_t>(ports, count, choose.below(20), choose.below(41), choose);
  }
}

/// Programs are made for arrivals within +-2^63.
TEST(Arrived, StaysWithinWhatProgramsAreMadeFor) {
  EXPECT_EQ(model::at_port(0x1p100F, 1.0F), 0x1p63F);
  EXPECT_EQ(model::at_port(-0x1p100F, 0x1p63F), -0x1p63F);
  EXPECT_EQ(model::at_port(1.5F, 2.0F), 3.5F);
}

}  // namespace
}  // namespace rheobase::test
