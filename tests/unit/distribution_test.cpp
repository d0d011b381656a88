// SPDX-License-Identifier: Apache-2.0
#include "rheobase/distribution.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "model/quantile.h"
#include "network/distribution.h"
#include "support/messages.h"

namespace rheobase::test::distributions {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
const DrawKey kOne{1, model::Purpose::weight, 2, 3};
const DrawKey kTwo{0x123456789ABCDEF0ULL, model::Purpose::parameter, 7, 0};

std::vector<float> draws(const Distribution& d, std::size_t n, const DrawKey& key = kOne) {
  std::vector<float> numbers(n);
  Sampler(d).draw_many(key, 0, numbers);
  return numbers;
}

// The words are those of another implementation of Philox, the numbers those of Python's
// statistics.NormalDist, math.exp and math.log1p.
TEST(Distribution, GivesTheNumbersOfAnotherImplementation) {
  EXPECT_EQ(kOne.word(0), 0x793aa569f3002c75ULL);
  EXPECT_EQ(kOne.word(1), 0xc0b8aa806c39a556ULL);
  EXPECT_EQ(kOne.word(12345678901), 0xb87b3a41991cd3bULL);
  EXPECT_EQ(kTwo.word(2), 0x365d8a3d55ca0da8ULL);
  struct Expected {
    DrawKey key;
    std::uint64_t counter;
    float normal, lognormal, uniform, exponential;
  };
  for (const Expected& e :
       {Expected{kOne, 0, -0x1.e2a762p+5F, 0x1.9f2132p+0F, 0x1.d7894ep+3F, 0x1.487feep+0F},
        Expected{kOne, 1, -0x1.c4aa26p+5F, 0x1.f4b548p+0F, 0x1.18736ap+4F, 0x1.65cb0cp+1F},
        Expected{kOne, 2, -0x1.f892d4p+5F, 0x1.69fb3cp+0F, 0x1.963d18p+3F, 0x1.418e8cp-1F},
        Expected{kOne, 36, -0x1.6cbb82p+5F, 0x1.b1be3ap+1F, 0x1.3faefep+4F, 0x1.8e7368p+3F},
        Expected{kOne, 72, -0x1.5beedcp+5F, 0x1.e1c2e4p+1F, 0x1.3fec52p+4F, 0x1.e8ff4ep+3F},
        Expected{kOne, 12345678901, -0x1.11e65p+6F, 0x1.1448e2p+0F, 0x1.4e69a0p+3F, 0x1.7987a6p-4F},
        Expected{kTwo, 0, -0x1.e2db2ep+5F, 0x1.9e9ae8p+0F, 0x1.d6e468p+3F, 0x1.468bb6p+0F},
        Expected{kTwo, 1, -0x1.fe4512p+5F, 0x1.5d522cp+0F, 0x1.87df58p+3F, 0x1.047bacp-1F},
        Expected{kTwo, 2, -0x1.ffee02p+5F, 0x1.59b738p+0F, 0x1.83f4ecp+3F, 0x1.e8e62ap-2F},
        Expected{kTwo, 12345678901, -0x1.d5d432p+5F, 0x1.c1c658p+0F, 0x1.000ebap+4F,
                 0x1.d599f4p+0F}}) {
    SCOPED_TRACE(e.counter);
    EXPECT_EQ(draw(normal(-60, 5), e.key, e.counter), e.normal);
    EXPECT_EQ(draw(lognormal(0.5, 0.25), e.key, e.counter), e.lognormal);
    EXPECT_EQ(draw(uniform(10, 20), e.key, e.counter), e.uniform);
    EXPECT_EQ(draw(exponential(2), e.key, e.counter), e.exponential);
  }
  EXPECT_EQ(draw(normal(-60, 5).within(-62, -55), kOne, 0), -0x1.d7f142p+5F);
}

TEST(Distribution, FunctionsAreThoseOfTheLibrary) {
  double logarithm = 0.0;
  for (double x = 1e-300; x < 1e300; x *= 1.37) {
    logarithm = std::max(logarithm, std::fabs(model::log_of_share(x) / std::log(x) - 1.0));
  }
  EXPECT_LT(logarithm, 1e-13);
  double power = 0.0;
  for (double x = -199.0; x < 199.0; x += 0.0137) {
    power = std::max(power, std::fabs(model::exp_of_number(x) / std::exp(x) - 1.0));
  }
  EXPECT_LT(power, 1e-13);
  // a quantile that is off by e moves its share by about |z| e of itself
  for (double p = 1e-290; p < 0.5; p *= 1.37) {
    const double z = model::normal_quantile(p);
    EXPECT_NEAR(0.5 * std::erfc(-z / std::sqrt(2.0)) / p, 1.0, 1e-14 * (1.0 + z * z)) << p;
    EXPECT_EQ(model::normal_quantile(0.5 + 0x1p-10), -model::normal_quantile(0.5 - 0x1p-10));
  }
}

TEST(Distribution, DrawsAreTheSameOneByOneAndTogether) {
  for (const Distribution& d :
       {normal(0, 1), normal(0, 1).within(-0.5, 3), normal(5, 1).step(0.1), lognormal(0, 1),
        lognormal(0, 1).within(0.5, kInfinity), uniform(-1, 2), exponential(3),
        exponential(3).within(1, 4).step(0.25), normal(7, 0)}) {
    const Sampler sampler(d);
    for (const std::uint64_t first : {0ULL, 1ULL, 7ULL, 0xFFFFFFFFULL, 0x1FFFFFFFFFULL}) {
      for (const std::size_t n : {0U, 1U, 2U, 255U, 256U, 257U, 700U}) {
        std::vector<float> many(n);
        sampler.draw_many(kTwo, first, many);
        for (std::size_t i = 0; i < n; ++i) {
          ASSERT_EQ(many[i], sampler.draw(kTwo, first + i)) << d.describe() << " " << first + i;
        }
      }
    }
  }
}

/// The largest distance between the shares of draws and those of a distribution function, times
/// the root of their number (Kolmogorov and Smirnov): above 1.95 in one of a thousand cases.
double distance(std::vector<float> numbers, const std::function<double(double)>& share) {
  std::sort(numbers.begin(), numbers.end());
  const auto n = static_cast<double>(numbers.size());
  double most = 0.0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const double p = share(numbers[i]);
    const auto at = static_cast<double>(i);
    most = std::max({most, p - at / n, (at + 1.0) / n - p});
  }
  return most * std::sqrt(n);
}

double phi(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

struct Case {
  Distribution distribution;
  std::function<double(double)> share;  ///< without limits
};

std::vector<Case> cases() {
  return {{normal(-60, 5), [](double x) { return phi((x + 60) / 5); }},
          {lognormal(0.5, 0.75),
           [](double x) { return x > 0 ? phi((std::log(x) - 0.5) / 0.75) : 0.0; }},
          {uniform(-3, 5), [](double x) { return std::clamp((x + 3) / 8, 0.0, 1.0); }},
          {exponential(2.5), [](double x) { return x > 0 ? 1 - std::exp(-x / 2.5) : 0.0; }}};
}

TEST(Distribution, DrawsAreDistributedAsTheySay) {
  for (const Case& c : cases()) {
    EXPECT_LT(distance(draws(c.distribution, 200000), c.share), 1.95) << c.distribution.describe();
    EXPECT_LT(distance(draws(c.distribution, 200000, kTwo), c.share), 1.95);
  }
}

/// Limits cut off: what is left has the shares that it had among itself.
TEST(Distribution, LimitsCutOff) {
  for (const Case& c : cases()) {
    const std::vector<float> whole = draws(c.distribution, 4001);
    std::vector<float> sorted = whole;
    std::sort(sorted.begin(), sorted.end());
    const double low = sorted[400];
    const double high = sorted[3000];
    for (const auto& [from, to] : {std::pair(low, high), std::pair(low, kInfinity),
                                   std::pair(-kInfinity, high), std::pair(high, kInfinity),
                                   std::pair(-kInfinity, low), std::pair(-kInfinity, kInfinity)}) {
      const Distribution cut = c.distribution.within(from, to);
      SCOPED_TRACE(cut.describe());
      const std::vector<float> left = draws(cut, 100000);
      const auto [least, most] = std::minmax_element(left.begin(), left.end());
      EXPECT_GE(*least, static_cast<float>(from));
      EXPECT_LE(*most, static_cast<float>(to));
      const double below = from == -kInfinity ? 0.0 : c.share(from);
      const double above = to == kInfinity ? 1.0 : c.share(to);
      EXPECT_NEAR(probability_within(cut), above - below, 1e-12);
      EXPECT_LT(distance(left, [&](double x) { return (c.share(x) - below) / (above - below); }),
                1.95);
    }
    EXPECT_EQ(draws(c.distribution.within(-kInfinity, kInfinity), 100), draws(c.distribution, 100));
  }
}

/// Far from the middle too, on both sides alike.
TEST(Distribution, TailsAreExact) {
  const auto above = [](double z) { return 0.5 * std::erfc(z / std::sqrt(2.0)); };
  const double from = above(4.5);
  const double to = above(5.5);
  const auto share = [&](double x) { return (from - above(x)) / (from - to); };
  const Distribution high = normal(0, 1).within(4.5, 5.5);
  EXPECT_NEAR(probability_within(high) / (from - to), 1.0, 1e-12);
  EXPECT_LT(distance(draws(high, 100000), share), 1.95);
  std::vector<float> low = draws(normal(0, 1).within(-5.5, -4.5), 100000);
  for (float& x : low) {
    x = -x;
  }
  EXPECT_LT(distance(low, share), 1.95);
  // between limits that a double cannot tell from none
  EXPECT_LT(distance(draws(normal(0, 1).within(-0.25, 9.5), 100000),
                     [&](double x) { return (phi(x) - phi(-0.25)) / (1 - phi(-0.25)); }),
            1.95);
}

TEST(Distribution, MeanAndSpreadAreWithinTheirErrors) {
  constexpr std::size_t kDraws = 1000000;
  struct Moments {
    Distribution distribution;
    double mean, sd, kurtosis;
  };
  const double s2 = 0.25 * 0.25;
  const double e = std::exp(s2);
  for (const Moments& m :
       {Moments{normal(3, 2), 3, 2, 3}, Moments{uniform(2, 6), 4, 4 / std::sqrt(12.0), 1.8},
        Moments{exponential(0.5), 0.5, 0.5, 9},
        Moments{lognormal(1, 0.25), std::exp(1 + s2 / 2), std::exp(1 + s2 / 2) * std::sqrt(e - 1),
                e * e * e * e + 2 * e * e * e + 3 * e * e - 3}}) {
    double sum = 0.0;
    double squares = 0.0;
    for (const float x : draws(m.distribution, kDraws)) {
      sum += x - m.mean;
      squares += (x - m.mean) * (x - m.mean);
    }
    EXPECT_NEAR(sum / kDraws, 0.0, 4 * m.sd / std::sqrt(kDraws)) << m.distribution.describe();
    EXPECT_NEAR(squares / kDraws / (m.sd * m.sd), 1.0, 4 * std::sqrt((m.kurtosis - 1) / kDraws))
        << m.distribution.describe();
  }
}

TEST(Distribution, DrawsOfDifferentKeysAreIndependent) {
  const std::vector<float> one = draws(normal(0, 1), 100000);
  for (const DrawKey& other :
       {DrawKey{2, kOne.purpose, 2, 3}, DrawKey{1, model::Purpose::delay, 2, 3},
        DrawKey{1, kOne.purpose, 3, 3}, DrawKey{1, kOne.purpose, 2, 4},
        DrawKey{1ULL << 32U, kOne.purpose, 2, 3}}) {
    const std::vector<float> two = draws(normal(0, 1), 100000, other);
    double products = 0.0;
    for (std::size_t i = 0; i < one.size(); ++i) {
      products += one[i] * two[i];
    }
    EXPECT_LT(std::fabs(products) / std::sqrt(1e5), 4.0);
  }
  double neighbours = 0.0;
  for (std::size_t i = 0; i + 1 < one.size(); ++i) {
    neighbours += one[i] * one[i + 1];
  }
  EXPECT_LT(std::fabs(neighbours) / std::sqrt(1e5), 4.0);
}

TEST(Distribution, StepsRoundToTheNearestMultiple) {
  const Distribution d = normal(1.5, 0.75).within(0.1, 3.0).step(0.1);
  std::map<float, double> counts;
  constexpr int kDraws = 200000;
  for (const float x : draws(d, kDraws)) {
    ++counts[x];
  }
  ASSERT_EQ(counts.size(), 30U);
  // chi-squared over all multiples; those at the limits take half a step
  const auto share = [](double x) { return phi((x - 1.5) / 0.75); };
  const double all = share(3.0) - share(0.1);
  double chi = 0.0;
  int k = 1;
  for (const auto& [x, count] : counts) {
    EXPECT_EQ(x, static_cast<float>(k * 0.1));
    const double low = std::max(0.1, (k - 0.5) * 0.1);
    const double high = std::min(3.0, (k + 0.5) * 0.1);
    const double expected = kDraws * (share(high) - share(low)) / all;
    chi += (count - expected) * (count - expected) / expected;
    ++k;
  }
  EXPECT_LT(chi, 58.3);  // one of a thousand with 29 degrees of freedom
  // limits that are no multiples
  for (const float x : draws(uniform(0, 10).within(0.4, 3.6).step(1), 1000)) {
    EXPECT_TRUE(x == 1.0F || x == 2.0F || x == 3.0F) << x;
  }
  // a step below what floats have digits for changes nothing
  EXPECT_EQ(draws(uniform(1e9, 2e9).step(1e-9), 100), draws(uniform(1e9, 2e9), 100));
}

TEST(Distribution, NumbersAreCanonical) {
  for (const float x : draws(normal(0x1p100, 0x1p99), 1000)) {
    EXPECT_LE(x, 0x1p100F);
  }
  for (const float x : draws(lognormal(-90, 30), 1000)) {
    EXPECT_TRUE(x == 0.0F || x >= 0x1p-126F) << x;
    EXPECT_FALSE(std::signbit(x));
  }
  EXPECT_EQ(draws(normal(7.5, 0), 3), std::vector(3, 7.5F));
  EXPECT_EQ(draws(uniform(2, 2), 2), std::vector(2, 2.0F));
  EXPECT_EQ(draws(lognormal(0, 0).within(0.5, 2), 2), std::vector(2, 1.0F));
  EXPECT_EQ(draws(normal(-0.01, 0).step(1), 1), std::vector(1, 0.0F));
}

TEST(Distribution, SaysWhatCannotBe) {
  EXPECT_SAYS((void)normal(0, -1), "normal(0, -1): the standard deviation is below 0");
  EXPECT_SAYS((void)normal(std::nan(""), 1), "the mean is out of range");
  EXPECT_SAYS((void)normal(0, kInfinity), "the standard deviation is out of range");
  EXPECT_SAYS((void)lognormal(0, -2), "sigma is below 0");
  EXPECT_SAYS((void)lognormal(101, 1), "mu is out of range (a number of at most 100 in size");
  EXPECT_SAYS((void)uniform(2, 1), "uniform(2, 1): the lower limit is above the upper one");
  EXPECT_SAYS((void)exponential(0), "exponential(0): the mean must be above 0");
  EXPECT_SAYS((void)normal(0, 1).within(2, 1), "cannot be within 2 to 1");
  EXPECT_SAYS((void)normal(0, 1).within(std::nan(""), 1), "or no number");
  EXPECT_SAYS((void)normal(0, 1).within(10, 11), "next to nothing of normal(0, 1) lies within");
  EXPECT_SAYS((void)normal(0, 1).within(-1, 1).within(2, 3), "next to nothing");
  EXPECT_SAYS((void)normal(5, 0).within(6, 7), "next to nothing");
  EXPECT_SAYS((void)uniform(0, 1).within(2, 3), "a share of 0");
  EXPECT_SAYS((void)lognormal(0, 1).within(-2, -1), "next to nothing");
  EXPECT_SAYS((void)exponential(1).within(-2, -1), "next to nothing");
  EXPECT_SAYS((void)normal(0, 1).step(0), "a step is above 0");
  EXPECT_SAYS((void)normal(0, 1).step(std::nan("")), "a step is above 0");
  EXPECT_SAYS((void)normal(0, 1).within(0.1, 0.2).step(1), "no multiple of 1 lies within");
  EXPECT_SAYS((void)normal(0, 1).step(1).within(0.1, 0.2), "no multiple of 1 lies within");
}

TEST(Distribution, IsAValue) {
  const Distribution d = normal(-60, 5).within(-70, 0).within(-80, -50).step(0.5);
  EXPECT_EQ(d.describe(), "normal(-60, 5).within(-70, -50).step(0.5)");
  EXPECT_EQ(d, normal(-60, 5).step(0.5).within(-70, -50));
  EXPECT_NE(d, normal(-60, 5));
  EXPECT_NE(normal(1, 2), uniform(1, 2));
  EXPECT_EQ(exponential(2).describe(), "exponential(2)");
  EXPECT_EQ(uniform(0, 1).within(0.5, kInfinity).describe(), "uniform(0, 1).within(0.5, inf)");
  std::vector<float> numbers(4);
  d.sample(9, numbers);
  std::vector<float> again(4);
  Sampler(d).draw_many({9, model::Purpose::sample, 0, 0}, 0, again);
  EXPECT_EQ(numbers, again);
}

}  // namespace
}  // namespace rheobase::test::distributions
