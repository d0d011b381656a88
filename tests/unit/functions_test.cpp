// SPDX-License-Identifier: Apache-2.0
// The functions of users' models: values worked out by hand, errors against libm in double
// precision (all 2^32 floats with RHEOBASE_EVERY_FLOAT=1, a few minutes), and results that stay
// canonical.
#include "model/functions.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <iostream>
#include <vector>

#include "model/random.h"

namespace rheobase::model {
namespace {

constexpr std::uint32_t kMany = 1000000;

/// Any canonical float; now and then an extreme one.
float canonical_from(std::uint32_t word) {
  switch (word % 64U) {
    case 0: return 0.0F;
    case 1: return kLargestPotential;
    case 2: return -kLargestPotential;
    case 3: return kLeastNormal;
    case 4: return -kLeastNormal;
    default: break;
  }
  const std::uint32_t bits = pcg(word);
  return float_of((bits & 0x807FFFFFU) | ((1U + ((bits >> 23U) & 255U) % 226U) << 23U));
}

bool is_canonical(float x) {
  const std::uint32_t size = bits_of(x) & 0x7FFFFFFFU;
  return bits_of(x) == 0U || (size >= 0x00800000U && size <= 0x71800000U);
}

/// How far a result is from the exact one, in units of its last place.
double error_of(float result, double exact) {
  int power = 0;
  std::frexp(exact, &power);
  return std::abs(static_cast<double>(result) - exact) /
         std::ldexp(1.0, std::max(power, -125) - 24);
}

/// The largest error over floats of both signs, `exact` being libm's in double precision.
template <class Ours, class Exact>
double worst_error(const char* name, Ours ours, Exact exact, double low, double high) {
  const bool every = std::getenv("RHEOBASE_EVERY_FLOAT") != nullptr;
  double worst = 0.0;
  float at = 0.0F;
  std::uint64_t count = 0;
  for (std::uint64_t bits = 0; bits >> 32U == 0; bits += every ? 1U : 2003U) {
    const float x = float_of(static_cast<std::uint32_t>(bits));
    // 2^-126 becomes 0, as where it is a sum
    if (!(x >= low && x <= high) || std::abs(x) <= kLeastNormal) {
      continue;
    }
    ++count;
    const double error = error_of(ours(x), exact(static_cast<double>(x)));
    if (!(error <= worst)) {
      worst = error;
      at = x;
    }
  }
  std::cout << name << ": " << count << " arguments, at most " << worst << " units, at " << at
            << "\n";
  return worst;
}

TEST(Functions, WorkedByHand) {
  EXPECT_EQ(div_rn(1.0F, 3.0F), 0x1.555556p-2F);
  EXPECT_EQ(div_rn(-6.0F, 2.0F), -3.0F);
  EXPECT_EQ(sqrt_rn(9.0F), 3.0F);
  EXPECT_EQ(sqrt_rn(2.0F), 0x1.6A09E6p0F);
  EXPECT_EQ(exp_rn(0.0F), 1.0F);
  EXPECT_EQ(exp_rn(1.0F), 0x1.5BF0A8p1F);
  EXPECT_EQ(bits_of(log_rn(1.0F)), 0U);
  EXPECT_EQ(log_rn(2.0F), 0x1.62E430p-1F);
  EXPECT_EQ(tanh_rn(20.0F), 1.0F);
  EXPECT_EQ(tanh_rn(-20.0F), -1.0F);
  EXPECT_EQ(cos_rn(0.0F), 1.0F);
  EXPECT_EQ(sin_rn(0x1.921FB6p0F), 1.0F);
  EXPECT_EQ(sin_rn(0x1.921FB6p1F), -0x1.777A5Cp-24F) << "pi rounds up by that";
  EXPECT_EQ(floor_rn(2.5F), 2.0F);
  EXPECT_EQ(floor_rn(-2.5F), -3.0F);
  EXPECT_EQ(floor_rn(-kLeastNormal), -1.0F);
  EXPECT_EQ(bits_of(floor_rn(0.75F)), 0U);
  EXPECT_EQ(floor_rn(8388607.5F), 8388607.0F);
  EXPECT_EQ(floor_rn(-0x1.8p99F), -0x1.8p99F);
  EXPECT_EQ(uniform_of(0U), 0.0F);
  EXPECT_EQ(uniform_of(0x80000000U), 0.5F);
  EXPECT_EQ(uniform_of(0xFFFFFFFFU), 1.0F - 0x1p-24F);
}

TEST(Functions, WhereTheyAreNotDefined) {
  EXPECT_EQ(div_rn(2.0F, 0.0F), kLargestPotential);
  EXPECT_EQ(div_rn(-2.0F, 0.0F), -kLargestPotential);
  EXPECT_EQ(bits_of(div_rn(0.0F, 0.0F)), 0U);
  EXPECT_EQ(bits_of(div_rn(0.0F, -3.0F)), 0U);
  EXPECT_EQ(div_rn(-kLargestPotential, kLeastNormal), -kLargestPotential);
  EXPECT_EQ(bits_of(div_rn(-kLeastNormal, kLargestPotential)), 0U);
  EXPECT_EQ(bits_of(sqrt_rn(-4.0F)), 0U);
  EXPECT_EQ(bits_of(exp_rn(-87.5F)), 0U);
  EXPECT_GT(exp_rn(-87.0F), kLeastNormal);
  EXPECT_EQ(exp_rn(69.4F), kLargestPotential);
  EXPECT_EQ(exp_rn(kLargestPotential), kLargestPotential);
  EXPECT_EQ(log_rn(0.0F), log_rn(kLeastNormal));
  EXPECT_EQ(log_rn(-5.0F), log_rn(kLeastNormal));
  EXPECT_EQ(bits_of(sin_rn(-kLeastNormal)), 0U);
  EXPECT_EQ(bits_of(tanh_rn(0.0F)), 0U);
}

TEST(Functions, QuotientsAndRootsAreTheNearest) {
  for (std::uint32_t i = 0; i < 2 * kMany; ++i) {
    const float a = canonical_from(pcg(2 * i));
    const float b = i % 4 == 0 ? float_of((bits_of(a) & 0x7FFFFFFFU) ^ (pcg(i) & 7U))
                               : canonical_from(pcg(2 * i + 1));
    if (b != 0.0F) {
      ASSERT_EQ(bits_of(div_rn(a, b)), bits_of(canonical(flushed(a / b)))) << a << " / " << b;
    }
    ASSERT_EQ(bits_of(sqrt_rn(a)), bits_of(a > 0.0F ? std::sqrt(a) : 0.0F)) << a;
  }
}

TEST(Functions, GuessesAndIntegersGiveTheNearestToo) {
  for (std::uint32_t i = 0; i < 2 * kMany; ++i) {
    const float a = digits_of(float_of(pcg(2 * i)));
    const float b = i % 4 == 0 ? digits_of(float_of(bits_of(a) + (pcg(i) & 7U)))
                               : digits_of(float_of(pcg(2 * i + 1)));
    const std::uint32_t off = pcg(i ^ 77U) % 15U - 7U;
    const float ratio = a / b;
    ASSERT_EQ(ratio_from(a, b, float_of(bits_of(ratio) + off)), ratio) << a << " / " << b;
    ASSERT_EQ(ratio_integer(a, b), ratio) << a << " / " << b;
    const float x = i % 2 == 0 ? a : a * 2.0F;
    const float root = std::sqrt(x);
    ASSERT_EQ(root_from(x, float_of(bits_of(root) + off)), root) << x;
    ASSERT_EQ(root_integer(x), root) << x;
  }
  for (const float x : {1.0F, 2.0F, 0x1.fffffep0F, 0x1.fffffep1F}) {
    EXPECT_EQ(root_integer(x), std::sqrt(x));
    EXPECT_EQ(root_from(x, std::sqrt(x) - 0x1p-22F), std::sqrt(x));
  }
}

TEST(Functions, ErrorsAgainstDoublePrecision) {
  const auto exact = [](auto f) { return [f](double x) { return f(x); }; };
  EXPECT_LE(worst_error(
                "exp", [](float x) { return exp_rn(x); },
                exact([](double x) { return std::exp(x); }), -87.0, 69.3147),
            1.0);
  EXPECT_LE(worst_error(
                "log", [](float x) { return log_rn(x); },
                exact([](double x) { return std::log(x); }), 0.0, 0x1p100),
            1.0);
  EXPECT_LE(worst_error(
                "tanh", [](float x) { return tanh_rn(x); },
                exact([](double x) { return std::tanh(x); }), -0x1p100, 0x1p100),
            1.5);
  EXPECT_LE(worst_error(
                "sin", [](float x) { return sin_rn(x); },
                exact([](double x) { return std::sin(x); }), -0x1.fffffep30, 0x1.fffffep30),
            1.5);
  EXPECT_LE(worst_error(
                "cos", [](float x) { return cos_rn(x); },
                exact([](double x) { return std::cos(x); }), -0x1.fffffep30, 0x1.fffffep30),
            1.5);
}

TEST(Functions, PowersByProductsAndByTheLogarithm) {
  EXPECT_EQ(pow_rn(3.0F, 2.0F), 9.0F);
  EXPECT_EQ(pow_rn(-2.0F, 3.0F), -8.0F);
  EXPECT_EQ(pow_rn(-2.0F, -3.0F), -0.125F);
  EXPECT_EQ(pow_rn(2.0F, 0.5F), 0x1.6A09E6p0F);
  EXPECT_EQ(pow_rn(-3.0F, 9.0F), -19683.0F);
  EXPECT_EQ(pow_rn(-3.0F, 10.0F), 59049.0F);
  EXPECT_EQ(bits_of(pow_rn(-2.0F, 0.5F)), 0U);
  EXPECT_EQ(bits_of(pow_rn(0.0F, 0.5F)), 0U);
  EXPECT_EQ(pow_rn(0.0F, 0.0F), 1.0F);
  EXPECT_EQ(pow_rn(0.0F, -0.5F), kLargestPotential);
  EXPECT_EQ(pow_rn(0.0F, -2.0F), kLargestPotential);
  EXPECT_EQ(pow_rn(2.0F, kLargestPotential), kLargestPotential);
  EXPECT_EQ(bits_of(pow_rn(2.0F, -kLargestPotential)), 0U);
  EXPECT_EQ(pow_rn(1.0F, kLargestPotential), 1.0F);
  EXPECT_EQ(pow_rn(-kLargestPotential, 7.0F), -kLargestPotential);
  double products = 0.0;
  double middle = 0.0;
  double all = 0.0;
  for (std::uint32_t i = 0; i < 2 * kMany; ++i) {
    const float a = float_of((pcg(2 * i) & 0x7FFFFFU) | ((107U + pcg(i ^ 5U) % 41U) << 23U));
    if (i % 4 == 0) {
      const float x = with_sign(a, pcg(i) & 0x80000000U);
      ASSERT_EQ(bits_of(pow_rn(x, 2.0F)), bits_of(mul_rn(x, x)));
      ASSERT_EQ(bits_of(pow_rn(x, 3.0F)), bits_of(mul_rn(x, mul_rn(x, x))));
    }
    const float wide = static_cast<float>(1U << (pcg(i ^ 9U) % 8U));
    const float b = i % 4 == 1 ? static_cast<float>(static_cast<int>(pcg(i) % 17U) - 8)
                               : (uniform_of(pcg(2 * i + 1)) * 2.0F - 1.0F) * wide;
    const double exact = std::pow(static_cast<double>(a), static_cast<double>(b));
    if (!(exact > 0x1p-125 && exact < 0x1p99)) {
      continue;
    }
    const double error = error_of(pow_rn(a, b), exact);
    double& worst = i % 4 == 1 ? products : (exact > 0x1p-16 && exact < 0x1p16 ? middle : all);
    worst = std::max(worst, error);
  }
  std::cout << "pow: at most " << products << " units by products, " << middle
            << " from 2^-16 to 2^16, " << all << " elsewhere\n";
  EXPECT_LE(products, 8.0);
  EXPECT_LE(middle, 2.0);
  EXPECT_LE(all, 8.0);
}

TEST(Functions, ResultsAreCanonical) {
  for (std::uint32_t i = 0; i < 2 * kMany; ++i) {
    const float a = canonical_from(pcg(2 * i));
    const float b = canonical_from(pcg(2 * i + 1));
    for (const float r :
         {div_rn(a, b), sqrt_rn(a), exp_rn(a), log_rn(a), tanh_rn(a), sin_rn(a), cos_rn(a),
          pow_rn(a, b), floor_rn(a), uniform_of(bits_of(a)), normal_of(pcg(i), pcg(i ^ 1U))}) {
      ASSERT_TRUE(is_canonical(r)) << a << " " << b << " " << r;
    }
    ASSERT_LE(std::abs(sin_rn(a)), 1.0F) << a;
    ASSERT_LE(std::abs(cos_rn(a)), 1.0F) << a;
    ASSERT_LE(std::abs(tanh_rn(a)), 1.0F) << a;
    ASSERT_EQ(bits_of(sin_rn(-a)), a == 0.0F ? 0U : bits_of(canonical(-sin_rn(a)))) << a;
  }
  for (std::uint32_t i = 0; i < kMany / 10; ++i) {
    const float number = poisson_of(canonical_from(pcg(i)), pcg(~i));
    ASSERT_TRUE(is_canonical(number) && number >= 0.0F && number < 2400.0F);
  }
}

TEST(Functions, NormalNumbersAreNormal) {
  EXPECT_LE(std::abs(normal_of(0U, 0U)), 6.8F);
  EXPECT_EQ(bits_of(normal_of(0xFFFFFFFFU, 0x40000000U)), 0U);
  // words spread evenly over the plane
  constexpr std::uint32_t kCount = 1U << 20U;
  double sum = 0.0;
  double squares = 0.0;
  double fourth = 0.0;
  std::uint32_t beyond = 0;
  for (std::uint32_t i = 0; i < kCount; ++i) {
    const double x = normal_of(i << 12U | 2048U, i * 2654435769U);
    sum += x;
    squares += x * x;
    fourth += x * x * x * x;
    beyond += std::abs(x) > 3.0 ? 1U : 0U;
  }
  EXPECT_NEAR(sum / kCount, 0.0, 1e-4);
  EXPECT_NEAR(squares / kCount, 1.0, 1e-3);
  EXPECT_NEAR(fourth / kCount, 3.0, 1e-2);
  EXPECT_NEAR(static_cast<double>(beyond) / kCount, 0.0026998, 5e-5);
}

TEST(Functions, PoissonNumbersHaveTheirProbabilities) {
  EXPECT_EQ(poisson_of(0.0F, 0xFFFFFFFFU), 0.0F);
  EXPECT_EQ(poisson_of(-3.0F, 0xFFFFFFFFU), 0.0F);
  EXPECT_EQ(bits_of(poisson_of(kLargestPotential, 12345U)), bits_of(poisson_of(2000.0F, 12345U)));
  for (const float mean : {1e-3F, 0.3F, 1.0F, 3.7F, 7.99F, 8.0F, 20.5F, 100.25F, 2000.0F}) {
    // words spread evenly: each probability is met to a word or two
    constexpr std::uint32_t kCount = 1U << 17U;
    std::vector<std::uint32_t> met(3000);
    for (std::uint32_t i = 0; i < kCount; ++i) {
      ++met[static_cast<std::size_t>(poisson_of(mean, (i << 15U) + (1U << 14U)))];
    }
    double first = 0.0;
    for (std::uint32_t k = 0; k < met.size(); ++k) {
      const double exact =
          std::exp(k * std::log(static_cast<double>(mean)) - mean - std::lgamma(k + 1.0));
      EXPECT_NEAR(met[k], exact * kCount, 2.5) << mean << " " << k;
      first += static_cast<double>(k) * met[k] / kCount;
    }
    EXPECT_NEAR(first, mean, 1e-3 * std::max(0.1F, mean)) << mean;
  }
}

}  // namespace
}  // namespace rheobase::model
