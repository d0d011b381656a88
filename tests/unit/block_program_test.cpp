// SPDX-License-Identifier: Apache-2.0
// Blocks of neurons against the same step one neuron and operation at a time.
#include "backends/cpu/block_program.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <string>

#include "model/run_step.h"
#include "support/random_step_program.h"

namespace rheobase::test {
namespace {

using model::Op;
using model::StepProgram;

constexpr float kUntouched = -12345.0F;

/// Numbers of some neurons at any place in memory, with others around that nobody may change.
class Numbers {
 public:
  Numbers(std::uint32_t count, std::uint32_t before)
      : numbers_(before + count + kLanes + 1, kUntouched), before_(before), count_(count) {}
  float* data() { return numbers_.data() + before_; }
  float& operator[](std::uint32_t i) { return data()[i]; }
  [[nodiscard]] bool sound() const {
    for (std::uint32_t i = 0; i < numbers_.size(); ++i) {
      if ((i < before_ || i >= before_ + count_) && numbers_[i] != kUntouched) {
        return false;
      }
    }
    return true;
  }

 private:
  std::vector<float> numbers_;
  std::uint32_t before_;
  std::uint32_t count_;
};

/// A population of a program, with what it is given.
class Population {
 public:
  Population(const StepProgram& program, std::uint32_t count, Chooser& choose, Sizes sizes)
      : program_(program), count_(count) {
    const auto columns = [&](std::vector<Numbers>& all, std::size_t n) {
      for (std::size_t i = 0; i < n; ++i) {
        all.emplace_back(count, choose.below(kLanes));
        for (std::uint32_t k = 0; k < count; ++k) {
          all.back()[k] = random_number(choose, sizes);
        }
      }
    };
    columns(states_, program.next.size());
    columns(ports_, program.ports);
    columns(parameters_, program.parameters);
    for (std::uint32_t p = 0; p < program.parameters; ++p) {
      one_number_.push_back(choose.one_in(2));
    }
    dt_ms_ = choose.any_of({0.1, 0.125, 1.0, 1000.0});
    first_id_ = choose.one_in(4) ? 0xFFFFFF00U : choose.below(100000);
    seed_ = choose.word();
  }
  /// The parameters that all share.
  std::vector<std::optional<float>> shared() {
    std::vector<std::optional<float>> numbers(parameters_.size());
    for (std::size_t p = 0; p < numbers.size(); ++p) {
      if (one_number_[p]) {
        numbers[p] = parameters_[p][0];
      }
    }
    return numbers;
  }

  void run(const BlockProgram& blocks, Registers& registers, std::uint64_t burst) {
    std::vector<float*> states;
    std::vector<const float*> ports;
    std::vector<const float*> parameters;
    for (Numbers& n : states_) {
      states.push_back(n.data());
    }
    for (Numbers& n : ports_) {
      ports.push_back(n.data());
    }
    for (std::size_t p = 0; p < parameters_.size(); ++p) {
      parameters.push_back(one_number_[p] ? nullptr : parameters_[p].data());
    }
    fired_.assign(count_ + 1, 7);
    blocks.run({.count = count_,
                .states = states,
                .ports = ports,
                .parameters = parameters,
                .seed = seed_,
                .first_id = first_id_,
                .burst = burst,
                .dt_ms = dt_ms_,
                .fired = fired_.data()},
               registers);
  }
  /// The same, neuron by neuron.
  void run_each(std::uint64_t burst) {
    std::vector<std::uint32_t> values(program_.operations.size());
    fired_.assign(count_ + 1, 7);
    for (std::uint32_t i = 0; i < count_; ++i) {
      const auto row = [&](std::vector<Numbers>& columns) {
        std::vector<float> numbers;
        for (Numbers& n : columns) {
          numbers.push_back(n[i]);
        }
        return numbers;
      };
      std::vector<float> parameters = row(parameters_);
      for (std::size_t p = 0; p < parameters.size(); ++p) {
        parameters[p] = one_number_[p] ? parameters_[p][0] : parameters[p];
      }
      const std::vector<float> states = row(states_);
      const std::vector<float> ports = row(ports_);
      fired_[i] = model::run_step(program_,
                                  {.parameters = parameters,
                                   .states = states,
                                   .ports = ports,
                                   .seed = seed_,
                                   .id = first_id_ + i,
                                   .burst = burst,
                                   .dt_ms = dt_ms_},
                                  values)
                      ? 1
                      : 0;
      for (std::size_t s = 0; s < states_.size(); ++s) {
        states_[s][i] = model::float_of(values[program_.next[s]]);
      }
    }
  }

  /// What differs from the other one, if anything.
  std::string difference_from(Population& other) {
    for (std::uint32_t i = 0; i < count_; ++i) {
      for (std::size_t s = 0; s < states_.size(); ++s) {
        if (model::bits_of(states_[s][i]) != model::bits_of(other.states_[s][i])) {
          return "state " + std::to_string(s) + " of " + std::to_string(i) + ": " +
                 std::to_string(states_[s][i]) + ", " + std::to_string(other.states_[s][i]);
        }
      }
      if (fired_[i] != other.fired_[i]) {
        return "fired of " + std::to_string(i);
      }
    }
    bool sound = fired_.back() == 7;
    for (const auto* columns : {&states_, &ports_, &parameters_}) {
      for (const Numbers& n : *columns) {
        sound = sound && n.sound();
      }
    }
    return sound ? "" : "other numbers were changed";
  }

 private:
  const StepProgram& program_;
  std::uint32_t count_;
  std::vector<Numbers> states_;
  std::vector<Numbers> ports_;
  std::vector<Numbers> parameters_;
  std::vector<bool> one_number_;
  std::vector<std::uint8_t> fired_;
  std::uint32_t first_id_ = 0;
  std::uint64_t seed_ = 1;
  double dt_ms_ = 1.0;
};

std::string text_of(const StepProgram& program) {
  std::string text;
  for (std::size_t i = 0; i < program.operations.size(); ++i) {
    const model::Operation& o = program.operations[i];
    text += std::to_string(i) + ": op " + std::to_string(static_cast<int>(o.op)) + " of " +
            std::to_string(o.a) + " " + std::to_string(o.b) + " " + std::to_string(o.c) +
            ", word " + std::to_string(o.word) + "\n";
  }
  for (const std::uint32_t place : program.next) {
    text += "next " + std::to_string(place) + "\n";
  }
  return text + "fires " + std::to_string(program.fires) + "\n";
}

/// Three bursts of some neurons, with every instruction set.
void expect_same(const StepProgram& program, std::uint32_t count, Chooser& choose,
                 Sizes sizes = Sizes::all) {
  static Registers registers;  // of all programs
  Population each(program, count, choose, sizes);
  const Population start = each;
  std::vector<Population> expected;
  for (std::uint64_t burst = 0; burst < 3; ++burst) {
    each.run_each(burst << 31U);
    expected.push_back(each);
  }
  for (const InstructionSet set : instruction_sets()) {
    const BlockProgram blocks(program, each.shared(), set);
    Population together = start;
    for (std::uint64_t burst = 0; burst < 3; ++burst) {
      together.run(blocks, registers, burst << 31U);
      ASSERT_EQ(together.difference_from(expected[burst]), "")
          << "instruction set " << static_cast<int>(set) << ", burst " << burst << ", " << count
          << " neurons\n"
          << text_of(program);
    }
  }
}

void expect_same_of_random(Sizes sizes, std::uint64_t first, std::uint64_t count) {
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Chooser choose(seed + (1ULL << 32U));
    const StepProgram program = random_step_program(seed, sizes);
    const std::uint32_t neurons = choose.one_in(16) ? kBlock : 1 + choose.below(100);
    expect_same(program, neurons, choose, sizes);
    if (testing::Test::HasFatalFailure()) {
      return;
    }
  }
}

TEST(BlockProgram, RandomProgramsGiveTheBitsOfRunStep) {
  expect_same_of_random(Sizes::all, 0, 4000);
}

// Flushes are left out where nobody should notice.
TEST(BlockProgram, ProgramsOfTinyNumbersToo) { expect_same_of_random(Sizes::tiny, 0, 4000); }

// More of them, for an hour of somebody's machine: RHEOBASE_PROGRAMS says how many.
TEST(BlockProgram, ManyRandomPrograms) {
  const char* const count = std::getenv("RHEOBASE_PROGRAMS");
  if (count == nullptr) {
    GTEST_SKIP() << "RHEOBASE_PROGRAMS is not set";
  }
  for (const Sizes sizes : {Sizes::all, Sizes::tiny}) {
    expect_same_of_random(sizes, 1000000, std::strtoull(count, nullptr, 10));
  }
}

TEST(BlockProgram, AnyNumberOfNeurons) {
  const StepProgram program = random_step_program(17);
  for (std::uint32_t count = 1; count <= kBlock; ++count) {
    Chooser choose(count);
    expect_same(program, count, choose);
    if (HasFatalFailure()) {
      return;
    }
  }
}

TEST(BlockProgram, StatesThatChangePlaces) {
  StepProgram program;
  program.operations = {{.op = Op::state, .word = 0},
                        {.op = Op::state, .word = 1},
                        {.op = Op::state, .word = 2},
                        {.op = Op::less, .a = 0, .b = 1}};
  program.next = {1, 2, 0, 0};
  program.fires = 3;
  Chooser choose(1);
  expect_same(program, 40, choose);
}

TEST(BlockProgram, WhatFollowsFromTheTimeAloneIsNoLoop) {
  StepProgram program;
  program.operations = {{.op = Op::time, .word = 1},          {.op = Op::parameter, .word = 0},
                        {.op = Op::multiply, .a = 0, .b = 1}, {.op = Op::sine, .a = 2},
                        {.op = Op::state, .word = 0},         {.op = Op::add, .a = 3, .b = 4},
                        {.op = Op::less, .a = 3, .b = 1}};
  program.next = {5, 3};
  program.fires = 6;
  program.parameters = 1;
  EXPECT_EQ(BlockProgram(program, {0.25F}).length(), 2U);  // a sum, a copy
  EXPECT_EQ(BlockProgram(program, {std::nullopt}).length(), 4U);
  Chooser choose(3);
  for (int i = 0; i < 8; ++i) {
    expect_same(program, 40, choose);
  }
}

// A sum with 1 needs no flush, but e^-t is 1 in the first burst alone.
TEST(BlockProgram, FlushesDoNotTrustTheTime) {
  StepProgram program;
  program.operations = {{.op = Op::time},
                        {.op = Op::constant, .word = model::bits_of(-1.0F)},
                        {.op = Op::multiply, .a = 0, .b = 1},
                        {.op = Op::exponential, .a = 2},
                        {.op = Op::state, .word = 0},
                        {.op = Op::state, .word = 1},
                        {.op = Op::multiply, .a = 4, .b = 5},
                        {.op = Op::add, .a = 6, .b = 3},
                        {.op = Op::less, .a = 4, .b = 5}};
  program.next = {7, 5};
  program.fires = 8;
  for (const InstructionSet set : instruction_sets()) {
    const BlockProgram blocks(program, {}, set);
    Registers registers;
    for (const std::uint64_t burst : {1U, 1000U}) {
      float x = 0x1p-70F;
      float y = 0x1p-60F;
      const std::array<float*, 2> states{&x, &y};
      std::uint8_t fired = 0;
      blocks.run({.count = 1,
                  .states = states,
                  .ports = {},
                  .parameters = {},
                  .burst = burst,
                  .fired = &fired},
                 registers);
      EXPECT_EQ(x, burst == 1 ? 1.0F : 0.0F);
      EXPECT_EQ(model::bits_of(x) & 0x7FFFFFU, 0U);  // nor a denormal
    }
  }
}

// From which number on a sum with it needs no flush: sums that are almost 0, around there.
TEST(BlockProgram, SumsThatAlmostCancel) {
  std::uint32_t flushed = 0;
  for (int exponent = -126; exponent < -80; ++exponent) {
    const float number = std::ldexp(1.0F, exponent);
    StepProgram program;
    program.operations = {{.op = Op::constant, .word = model::bits_of(number)},
                          {.op = Op::state, .word = 0},
                          {.op = Op::state, .word = 1},
                          {.op = Op::add, .a = 1, .b = 0},
                          {.op = Op::subtract, .a = 0, .b = 2},
                          {.op = Op::less, .a = 1, .b = 2}};
    program.next = {3, 4};
    program.fires = 5;
    // neighbours of the number, and what is less than half of it; 0 where that is no normal number
    std::array<float, 3> sizes{std::nextafter(number, 0.0F), std::nextafter(number, 1.0F),
                               std::nextafter(number / 2.0F, 0.0F)};
    std::array<float, 3> negative{};
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      sizes[i] = sizes[i] < 0x1p-126F ? 0.0F : sizes[i];
      negative[i] = 0.0F - sizes[i];
    }
    std::vector<std::uint32_t> values(program.operations.size());
    for (const InstructionSet set : instruction_sets()) {
      const BlockProgram blocks(program, {}, set);
      Registers registers;
      std::array<float, 3> sums = negative;
      std::array<float, 3> differences = sizes;
      const std::array<float*, 2> states{sums.data(), differences.data()};
      std::array<std::uint8_t, 3> fired{};
      blocks.run({.count = 3,
                  .states = states,
                  .ports = {},
                  .parameters = {},
                  .seed = 1,
                  .first_id = 0,
                  .burst = 1,
                  .fired = fired.data()},
                 registers);
      for (std::size_t i = 0; i < sizes.size(); ++i) {
        const std::array<float, 2> before{negative[i], sizes[i]};
        model::run_step(
            program,
            {.parameters = {}, .states = before, .ports = {}, .seed = 1, .id = 0, .burst = 1},
            values);
        ASSERT_EQ(model::bits_of(sums[i]), values[3]) << "2^" << exponent << ", " << i;
        ASSERT_EQ(model::bits_of(differences[i]), values[4]) << "2^" << exponent << ", " << i;
        flushed += sizes[i] != number && values[3] == 0 ? 1 : 0;
      }
    }
  }
  EXPECT_GT(flushed, 0U);
}

TEST(BlockProgram, PoissonNumbersOfOneMeanAndOfMany) {
  StepProgram program;
  program.operations = {{.op = Op::parameter, .word = 0},
                        {.op = Op::poisson, .a = 0, .word = 0},
                        {.op = Op::state, .word = 1},
                        {.op = Op::poisson, .a = 2, .word = 1},
                        {.op = Op::less, .a = 1, .b = 3}};
  program.next = {1, 2, 3};
  program.fires = 4;
  program.parameters = 1;
  program.sites = 2;
  std::vector<float> means{1.0F,  -3.0F, 0.0F,  1e-30F, 1e-3F,   0.5F,    1.6F, 2.0F,
                           7.99F, 8.0F,  50.3F, 700.0F, 1999.5F, 2000.0F, 1e20F};
  while (means.size() < kBlock) {
    means.push_back(3.0F * means[means.size() - 8] / (1.0F + static_cast<float>(means.size())));
  }
  // words so large that they lie behind all probabilities of mean 1 are rare
  std::vector<std::uint64_t> bursts{0, 1, 2};
  const auto is_last = [](std::uint64_t burst) {
    for (std::uint32_t i = 0; i < kBlock; ++i) {
      if (model::draw4(9, model::Purpose::model, 0, 5 + i, burst)[0] > 0xFFFFFFFFU - 15000U) {
        return true;
      }
    }
    return false;
  };
  bursts.push_back(3);
  while (!is_last(bursts.back())) {
    ++bursts.back();
  }
  std::vector<std::uint32_t> values(program.operations.size());
  for (const InstructionSet set : instruction_sets()) {
    Registers registers;
    for (const float mean : std::span(means).first(40)) {
      const BlockProgram blocks(program, {mean}, set);
      std::vector<float> one(kBlock);
      std::vector<float> own(means);
      std::vector<float> many(kBlock);
      std::vector<std::uint8_t> fired(kBlock);
      const std::array<float*, 3> states{one.data(), own.data(), many.data()};
      for (const std::uint64_t burst : bursts) {
        blocks.run({.count = kBlock,
                    .states = states,
                    .ports = {},
                    .parameters = {},
                    .seed = 9,
                    .first_id = 5,
                    .burst = burst,
                    .fired = fired.data()},
                   registers);
        for (std::uint32_t i = 0; i < kBlock; ++i) {
          const std::array<float, 3> before{0.0F, means[i], 0.0F};
          model::run_step(program,
                          {.parameters = {&mean, 1},
                           .states = before,
                           .ports = {},
                           .seed = 9,
                           .id = 5 + i,
                           .burst = burst},
                          values);
          ASSERT_EQ(one[i], model::float_of(values[1])) << "mean " << mean;
          ASSERT_EQ(many[i], model::float_of(values[3])) << "mean " << means[i];
        }
      }
    }
  }
}

}  // namespace
}  // namespace rheobase::test
