// SPDX-License-Identifier: Apache-2.0
// The time in models: which float it is, where a comparison with it turns, what methods make of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "model/step_time.h"
#include "support/one_neuron.h"

namespace rheobase::test {
namespace {

using model::Op;
using model::time_of;

std::size_t times_in(const OneNeuron& n) {
  const auto& all = n.definition->step.operations;
  return static_cast<std::size_t>(std::count_if(
      all.begin(), all.end(), [](const model::Operation& o) { return o.op == Op::time; }));
}

TEST(ModelTime, IsThatAtWhichTheStepBegins) {
  OneNeuron n(
      "model m\nstate x = 9, fired_at = 9\nstep x = t\nfire t >= 0.2 ms\nreset fired_at = t", 0.1);
  EXPECT_FALSE(n.step());
  EXPECT_EQ(n["x"], 0.0F);
  EXPECT_FALSE(n.step());
  EXPECT_EQ(n["x"], 0.1F);
  EXPECT_TRUE(n.step());
  EXPECT_EQ(n["x"], 0.2F);
  EXPECT_EQ(n["fired_at"], 0.2F);
  EXPECT_EQ(times_in(n), 1U);
}

/// Multiples of dt are the floats that a text with the same number gives, and no two are the same
/// as long as floats lie no further apart than bursts.
TEST(ModelTime, IsTheFloatOfTheDecimalNumber) {
  struct Step {
    double dt, per_ms;
  };
  for (const auto& [dt, per_ms] : {Step{0.1, 10.0},
                                   {0.05, 20.0},
                                   {0.01, 100.0},
                                   {0.2, 5.0},
                                   {0.125, 8.0},
                                   {0.025, 40.0},
                                   {1.0, 1.0}}) {
    float last = 1.0F;  // the greatest that floats lie a dt apart below
    while (std::nextafter(last, 1e30F) - last <= static_cast<float>(dt)) {
      last *= 2.0F;
    }
    const auto end = static_cast<std::uint64_t>(static_cast<double>(last) * per_ms);
    float before = -1.0F;
    for (std::uint64_t k = 0; k < end; k += k == 500000 ? end - 1000000 : 1) {
      const float t = time_of(k + 1, dt, 0);
      ASSERT_EQ(t, static_cast<float>(static_cast<double>(k) / per_ms)) << k << " " << dt;
      ASSERT_GT(t, before) << k << " " << dt;
      before = t;
    }
    EXPECT_GT(before, 131000.0F) << dt;  // two minutes at least
  }
}

TEST(ModelTime, ComparisonsTurnInTheirBurst) {
  const std::string text =
      "model m\nparam on = 100 ms, duration = 0.3 ms\nstate x = 0\n"
      "step x = 1 if t >= on and t < on + duration else 0\nfire t == 100.2 ms";
  for (const double shift : {0.0, 3000.0, 800000.0}) {  // the last one is after 13 minutes
    OneNeuron n(text, 0.1, {{"on", 100.0 + shift}});
    n.burst = 999 + static_cast<std::uint64_t>(shift * 10.0);
    std::string on;
    std::string fired;
    for (int i = 0; i < 7; ++i) {
      fired += n.step() ? '1' : '_';
      on += n["x"] != 0.0F ? '1' : '_';
    }
    EXPECT_EQ(on, "__111__") << shift;  // bursts 1001 to 1003
    EXPECT_EQ(fired, shift == 0.0 ? "____1__" : "_______");
  }
}

TEST(ModelTime, HasABeginningAndAnEnd) {
  EXPECT_EQ(time_of(0, 1.0, 0), 0.0F);  // no burst has this number
  EXPECT_EQ(time_of(1, 1.0, 0), 0.0F);
  EXPECT_EQ(time_of(1, 1.0, 1), 0.5F);
  EXPECT_EQ(time_of(1, 1.0, 2), 1.0F);
  EXPECT_EQ(time_of((1ULL << 40U) + 1, 0.5, 0), 0x1p39F);
  EXPECT_EQ(time_of(~0ULL, 1000.0, 2), model::kLatestTime);
}

/// Stages of a method take the time at which they are.
TEST(ModelTime, IsThatOfTheStage) {
  const auto text = [](const std::string& method) {
    return "model m\nstate x = 0, y = 0\nstep " + method + "\n  x' = t\n  y' = t^3\nfire x > 1e6";
  };
  const auto ran = [&](const std::string& method) {
    OneNeuron n(text(method), 0.5);
    for (int burst = 0; burst < 8; ++burst) {
      n.step();
    }
    return n;
  };
  EXPECT_EQ(ran("euler")["x"], 0.5F * 0.5F * 28.0F);
  EXPECT_EQ(ran("midpoint")["x"], 8.0F);
  EXPECT_EQ(ran("rk4")["x"], 8.0F);
  EXPECT_NEAR(ran("rk4")["y"], 64.0, 1e-4);  // it is exact for polynomials of degree 3
  EXPECT_EQ(ran("exponential_euler")["x"], 7.0F);
  EXPECT_EQ(ran("exact")["x"], 7.0F);
  EXPECT_EQ(times_in(OneNeuron(text("rk4"))), 3U);
}

TEST(ModelTime, OfAnotherNameIsTheTextsOwn) {
  OneNeuron n("model m\nparam t = 3 ms\nstate x = 0\nstep x = t\nfire x > 9");
  n.step();
  EXPECT_EQ(n["x"], 3.0F);
  EXPECT_EQ(times_in(n), 0U);
}

/// Its range is known, so that what is made of it needs no clamps.
TEST(ModelTime, HasARange) {
  OneNeuron n(
      "model m\nparam f = 10 Hz in 0..1e3\nstate x = 0 in -2..2, y = 0 in 0..1e15\n"
      "step x = sin(6.2831853*f*t); y = t*f\nfire t < 0");
  for (const model::Operation& o : n.definition->step.operations) {
    EXPECT_TRUE(o.op != Op::minimum && o.op != Op::maximum);
  }
}

}  // namespace
}  // namespace rheobase::test
