// SPDX-License-Identifier: Apache-2.0
// Whatever a model computes stays within the numbers that all backends agree on, and lowering
// leaves out what is not needed.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

#include "definition/limits.h"
#include "rheobase/error.h"
#include "support/one_neuron.h"
#include "support/random_model.h"

namespace rheobase::test {
namespace {

using model::Op;

std::size_t count(const Definition& d, Op op) {
  return static_cast<std::size_t>(
      std::count_if(d.step.operations.begin(), d.step.operations.end(),
                    [op](const model::Operation& o) { return o.op == op; }));
}
std::shared_ptr<const Definition> parsed(const std::string& text) {
  return parse_definition(text, "the model");
}

/// Finite, normal or +0, at most 2^122; arguments of functions and states at most 2^100.
void expect_sound(const Definition& d, const std::vector<std::uint32_t>& values,
                  const std::string& text) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const model::Operation& o = d.step.operations[i];
    if (model::is_truth(o.op)) {
      ASSERT_TRUE(values[i] == 0U || values[i] == model::kTrue) << text;
      continue;
    }
    const std::uint32_t size = values[i] & 0x7FFFFFFFU;
    ASSERT_TRUE(values[i] == 0U || size >= 0x00800000U) << text << "\noperation " << i;
    ASSERT_LE(model::float_of(size), language::kLargestValue)
        << text << "\noperation " << i << ": " << static_cast<int>(o.op) << " of "
        << model::float_of(values[o.a]) << " and " << model::float_of(values[o.b]);
    const bool function = (o.op >= Op::divide && o.op <= Op::power) ||
                          (o.op >= Op::square_root && o.op <= Op::round_down) ||
                          o.op == Op::poisson;
    if (function) {
      ASSERT_LE(model::float_of(values[o.a] & 0x7FFFFFFFU), language::kLargestArgument) << text;
      ASSERT_LE(model::float_of(values[o.b] & 0x7FFFFFFFU), language::kLargestArgument) << text;
    }
  }
  for (std::size_t s = 0; s < d.states.size(); ++s) {
    const float after = model::float_of(values[d.step.next[s]]);
    ASSERT_GE(after, d.states[s].lowest) << text << d.states[s].name;
    ASSERT_LE(after, d.states[s].highest) << text << d.states[s].name;
  }
}

TEST(ModelRanges, RandomModelsAreSoundEverywhere) {
  std::set<Op> seen;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const std::string text = random_model(seed);
    ASSERT_EQ(text, random_model(seed));
    OneNeuron n(text, seed % 2 == 0 ? 0.1 : 1.0);
    const Definition& d = *n.definition;
    for (const model::Operation& o : d.step.operations) {
      seen.insert(o.op);
    }
    for (std::uint64_t burst = 0; burst < 40; ++burst) {
      if (burst % 4 == 0) {
        n.states = random_states(d, seed * 100 + burst);
      }
      n.ports = random_arrivals(d, seed * 200 + burst);
      n.step();
      expect_sound(d, n.values, text);
      if (HasFatalFailure()) {
        return;
      }
    }
  }
  EXPECT_EQ(seen.size(), model::kOpCount);
}

TEST(ModelRanges, SameTextSameProgram) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const std::string text = random_model(seed);
    EXPECT_EQ(parsed(text)->step, parsed(text)->step);
  }
}

TEST(ModelRanges, ProductsAreClampedOnlyWhereTheyMust) {
  const std::string wide = "model m\nstate x = 1\nstep x = x*x*x*x\nfire x > 9";
  OneNeuron n(wide);
  n["x"] = 0x1p40F;
  n.step();
  EXPECT_EQ(n["x"], 0x1p40F);
  const auto narrow = parsed("model m\nstate x = 1 in -100..100\nstep x = x^4\nfire x > 9");
  EXPECT_EQ(count(*narrow, Op::minimum), 1U);  // the state's own range
  EXPECT_EQ(count(*narrow, Op::maximum), 0U);  // a fourth power cannot be negative
}

TEST(ModelRanges, StatesAreNotClampedWhereItIsProved) {
  const auto d = parsed(
      "model m\nstate x = 0.5 in 0..1\nport g exp 2\nstep x = x*x\nfire g > 9\nrefractory 3");
  EXPECT_EQ(count(*d, Op::minimum), 0U);
  EXPECT_EQ(count(*d, Op::maximum), 1U);  // the count of bursts ends at 0
  EXPECT_LE(d->states[1].highest, language::kLargestArgument);
  // a time constant that may be anything proves nothing
  const auto open =
      parsed("model m\nparam t = 2\nport g exp t\nstate x = 0.5 in 0..1\nstep x = x*x\nfire g > 9");
  EXPECT_EQ(count(*open, Op::minimum), 1U);
  EXPECT_EQ(open->states[1].highest, 0x1p40F);
}

TEST(ModelRanges, OneMultiplicationForAStepOfEuler) {
  const auto d = parsed(
      "model m\nparam tau = 10 ms in 1..1e3, E = -70\nstate v = E in -200..200\nport I sum\nstep "
      "euler\n"
      " v' = (E - v + I)/tau\nfire v > 0");
  EXPECT_EQ(count(*d, Op::multiply), 1U);
  EXPECT_EQ(count(*d, Op::divide), 0U);
  EXPECT_EQ(d->step.parameters, 2U);  // E, dt/tau
  const auto two = parsed(
      "model m\nparam g = 3, C = 10 in 1..1e3, E = -70\nstate v = E in -200..200\nstep euler\n"
      " v' = g*(E - v)/C\nfire v > 0");
  EXPECT_EQ(count(*two, Op::multiply), 1U);
}

TEST(ModelRanges, WhatIsEqualOrDeadIsNotComputedTwice) {
  const auto d = parsed(
      "model m\nparam p = 1\nstate x = 0, y = 0\nlet unused = exp(x*7)\n"
      "step x = exp(y + p) + exp(p + 0 + y); y = x*0 + (1 + 2)*3\nfire x > y");
  EXPECT_EQ(count(*d, Op::exponential), 1U);
  EXPECT_EQ(count(*d, Op::multiply), 0U);
  const auto host =
      parsed("model m\nparam p = 1\nstate x = 0\nstep x += exp(p)*sin(p)/p\nfire x > 1");
  EXPECT_EQ(host->step.parameters, 1U);
  EXPECT_EQ(count(*host, Op::exponential), 0U);
}

TEST(ModelRanges, ConstantsAreRefusedNotReplaced) {
  const auto d = parsed(
      "model m\nparam p = 1, q = 2\nstate x = 0\nstep x = x/p + exp(q)\nfire x > 9\nrefractory q");
  const auto says = [&](std::vector<double> values, double dt, const std::string& part) {
    try {
      (void)d->constants(values, dt);
      ADD_FAILURE() << part;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::invalid_argument);
      EXPECT_NE(std::string(e.what()).find(part), std::string::npos) << e.what();
    }
  };
  says({0.0, 2.0}, 1.0, "line 4 is inf");
  says({1.0, 100.0}, 1.0, "line 4");
  says({1.0, 2.25}, 0.5, "off the grid (dt is 0.5 ms). Nearest value: 2.5 ms.");
  says({1.0, -1.0}, 0.5, "refractory period of -1 ms");
  says({1.0, 2.0}, 0.0, "dt");
  says({1e30, 2.0}, 1.0, "'p'");
  says({1.0}, 1.0, "2 parameters");
  EXPECT_EQ(d->constants(std::vector<double>{4.0, 2.0}, 0.5)[0], 0.25F);
}

}  // namespace
}  // namespace rheobase::test
