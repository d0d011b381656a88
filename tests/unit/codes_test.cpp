// SPDX-License-Identifier: Apache-2.0
// Codes against their formulas; tests/python/test_codes.py looks at each more closely.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numeric>

#include "model/random.h"
#include "rheobase/decode.h"
#include "rheobase/encode.h"
#include "rheobase/error.h"

namespace rheobase::test::codes {
namespace {

using encode::Positioning;
using Bytes = std::vector<std::uint8_t>;
using Floats = std::vector<float>;

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(Encode, RateHasSpikesAtEvenDistances) {
  const Floats shares{0.0F, 0.25F, 1.0F};
  EXPECT_EQ(encode::rate(shares, 4), (Bytes{0, 0, 1, /**/ 0, 1, 1, /**/ 0, 0, 1, /**/ 0, 0, 1}));
  Bytes later = encode::rate(shares, 2, 3);
  const Bytes all = encode::rate(shares, 4);
  EXPECT_EQ(later, Bytes(all.begin() + 6, all.end()));
}

TEST(Encode, DrawsComeFromTheirOwnWords) {
  // Threefry's word 1 of call 2 belongs to id 9; the last word of the key tells codes from drives
  const std::uint32_t word = model::threefry({2, 5, 0, 0}, {7, 0, 0, 1})[1];
  const double share = static_cast<double>(word) / 4294967296.0;
  const Floats shares{static_cast<float>(share) - 1e-6F};
  const Floats more{static_cast<float>(share) + 1e-6F};
  EXPECT_EQ(encode::bernoulli(shares, 1, {7, 9, 5}), Bytes{0});
  EXPECT_EQ(encode::bernoulli(more, 1, {7, 9, 5}), Bytes{1});
}

TEST(Encode, PoissonIsTheSameInParts) {
  const Floats means(301, 2.5F);
  const std::vector<std::uint16_t> all = encode::poisson(means, 4, {3, 0, 1});
  const std::vector<std::uint16_t> part =
      encode::poisson(std::span(means).subspan(100, 50), 1, {3, 100, 3});
  EXPECT_TRUE(std::equal(part.begin(), part.end(), all.begin() + 2 * 301 + 100));
  const double mean =
      std::accumulate(all.begin(), all.end(), 0.0) / static_cast<double>(all.size());
  EXPECT_NEAR(mean, 2.5, 0.2);
}

TEST(Encode, FirstSpikeIsThatOfALeakyNeuron) {
  const Floats values{1.0F, 2.0F, 50.0F};
  const Bytes spikes = encode::first_spike(values, 10, 5.0, 1.0F);
  for (std::size_t row = 0; row < 10; ++row) {
    EXPECT_EQ(spikes[3 * row], 0);
    EXPECT_EQ(spikes[3 * row + 1], row == static_cast<std::size_t>(5.0 * std::log(2.0)) ? 1 : 0);
    EXPECT_EQ(spikes[3 * row + 2], row == 0 ? 1 : 0);
  }
  const Floats back = decode::first_spike(spikes, 3, 5.0, 1.0F, -1.0F);
  EXPECT_EQ(back[0], -1.0F);
  EXPECT_NEAR(back[1], 1.0 / (1.0 - std::exp(-4.0 / 5.0)), 1e-6);
}

TEST(Encode, PopulationHasCentresInnermost) {
  const Floats activity =
      encode::population(Floats{0.5F}, Floats{0.0F, 0.5F, 1.0F}, Floats{0.5F, 0.25F});
  const Floats expected{
      static_cast<float>(std::exp(-0.5)), 1.0F, static_cast<float>(std::exp(-0.5)),
      static_cast<float>(std::exp(-2.0)), 1.0F, static_cast<float>(std::exp(-2.0))};
  ASSERT_EQ(activity.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(activity[i], expected[i], 1e-7) << i;
  }
}

TEST(Encode, PicturesHaveOnAndOff) {
  EXPECT_EQ(encode::on_off(Floats{0, 3, 0}, 1, 3, 1), (Floats{0, 1.5F, 2, 0, 0, 1.5F}));
  EXPECT_EQ(encode::frame_difference(Floats{1, 5, 3}, Floats{2, 1, 3}, 2.0F),
            (Floats{0, 0, 4, 0, 0, 0}));
  const std::vector<std::int64_t> times{10, 30};
  const std::vector<std::uint16_t> x{1, 0};
  const std::vector<std::uint16_t> y{0, 0};
  const Bytes on{1, 0};
  EXPECT_EQ(encode::events({times, x, y, on}, 1, 2, 10, 10.0, 3),
            (std::vector<std::uint16_t>{0, 0, 1, 0, /**/ 0, 0, 0, 0, /**/ 0, 1, 0, 0}));
  EXPECT_EQ(message_of([&] {
              static_cast<void>(encode::events({times, x, y, on}, 1, 1, 0, 10.0, 3));
            }),
            "event 0 is at x = 1, y = 0 (the picture has 1 columns and 1 rows).");
}

TEST(Encode, PercentagesAreFeagis) {
  EXPECT_EQ(encode::percentage(Floats{0.5F, 0.0F}, 4, Positioning::linear),
            (Bytes{0, 0, 1, 0, /**/ 0, 0, 0, 1}));
  EXPECT_EQ(encode::percentage(Floats{0.625F}, 4, Positioning::fractional), (Bytes{1, 0, 1, 0}));
  EXPECT_EQ(encode::signed_percentage(Floats{-1.0F, 0.0F}, 2, Positioning::linear),
            (Bytes{0, 0, 1, 0, /**/ 0, 1, 0, 1}));
  EXPECT_EQ(decode::percentage(Floats{1, 0, 1, 0}, 4, Positioning::fractional), Floats{0.625F});
  EXPECT_EQ(decode::signed_percentage(Floats{0, 0, 1, 0}, 2, Positioning::linear), Floats{-1.0F});
}

TEST(Decode, CountsWinnersAndVectors) {
  EXPECT_EQ(decode::counts(Bytes{1, 0, 2, 1, 1, 0}, 3), (std::vector<std::uint32_t>{2, 1, 2}));
  EXPECT_EQ(decode::winner(Floats{0, 2, 2, 0, 0, 0}, 3), (std::vector<std::int32_t>{1, -1}));
  EXPECT_EQ(decode::population_vector(Floats{3, 1}, Floats{1, 0, 0, 1}, 2), (Floats{0.75F, 0.25F}));
  const Floats shares = decode::softmax(Floats{1, 2}, 2, 0.5);
  EXPECT_NEAR(shares[1], 1.0 / (1.0 + std::exp(-2.0)), 1e-6);
  EXPECT_EQ(message_of([] {
              static_cast<void>(decode::winner(Floats{1, 2, 3}, 2));
            }),
            "activity has 3 entries (whole sets of 2 are expected, at least of 1).");
}

TEST(Decode, ActuatorsKeepTheirLimits) {
  decode::Actuator arm(2, {-1.0F, 0.5F, 100.0}, 2.0);
  EXPECT_EQ(arm.step(Floats{9, -9})[0], 0.2F);
  EXPECT_EQ(arm.values()[1], -0.2F);
  for (int i = 0; i < 9; ++i) {
    arm.step(Floats{9, -9});
  }
  EXPECT_EQ(arm.values()[0], 0.5F);
  EXPECT_EQ(arm.values()[1], -1.0F);
  decode::LowPass trace(1, 10.0, 1.0);
  EXPECT_NEAR(trace.step(Floats{1})[0], 1.0 - std::exp(-0.1), 1e-6);
}

TEST(Encode, RefusesWhatIsNoShare) {
  EXPECT_EQ(message_of([] {
              static_cast<void>(encode::rate(Floats{0.5F, 2.0F}, 1));
            }),
            "shares: number 1, 2, is out of range (0 to 1). Scale or clip it first.");
  EXPECT_EQ(message_of([] { static_cast<void>(encode::latency(Floats{NAN}, 1)); }),
            "shares: number 0, nan, is not finite. Give a number.");
}

}  // namespace
}  // namespace rheobase::test::codes
