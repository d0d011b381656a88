// SPDX-License-Identifier: Apache-2.0
#include "model/fixed_point.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <limits>

namespace rheobase::model {
namespace {

/// sum * 2^-k rounded to f32 by the long double of this machine, which holds 64 bits exactly.
float expected_float(std::int64_t sum, std::uint32_t k) {
  static_assert(std::numeric_limits<long double>::digits >= 64);
  return static_cast<float>(std::ldexp(static_cast<long double>(sum), -static_cast<int>(k)));
}

TEST(FixedPoint, ToFloatRoundsToNearestEven) {
  const std::int64_t edges[] = {0,
                                1,
                                (1LL << 24) - 1,
                                1LL << 24,
                                (1LL << 24) + 1,
                                (1LL << 24) + 3,
                                (1LL << 31) - 1,
                                (1LL << 53) + 1,
                                (1LL << 62) - 1,
                                (3LL << 23) + 1,
                                0x1FFFFFFLL};
  for (const std::int64_t edge : edges) {
    for (std::uint32_t k = 0; k <= 40; ++k) {
      EXPECT_EQ(bits_of(fixed_to_f32(edge, k)), bits_of(expected_float(edge, k)))
          << edge << " k " << k;
      EXPECT_EQ(bits_of(fixed_to_f32(-edge, k)), bits_of(expected_float(-edge, k) + 0.0F))
          << -edge << " k " << k;
    }
  }
}

TEST(FixedPoint, BothWidthsAgree) {
  EXPECT_TRUE(rc::check("i32 and i64 give the same float", [](std::int32_t sum) {
    for (const std::uint32_t k : {0U, 1U, 7U, 24U, 40U}) {
      RC_ASSERT(bits_of(fixed_to_f32(sum, k)) == bits_of(fixed_to_f32(std::int64_t{sum}, k)));
      RC_ASSERT(fixed_to_f32(sum, k) == expected_float(sum, k));
    }
  }));
  for (const std::int32_t edge : {INT32_MIN, INT32_MAX, -1, 1, 0, 16777217, -16777219, 33554433}) {
    EXPECT_EQ(bits_of(fixed_to_f32(edge, 3)), bits_of(fixed_to_f32(std::int64_t{edge}, 3))) << edge;
  }
}

TEST(FixedPoint, WideSumsOfEverySizeRoundToNearestEven) {
  EXPECT_TRUE(rc::check("i64 against long double", [](std::uint64_t word, std::uint64_t low) {
    for (std::uint32_t bits = 1; bits <= 62; ++bits) {
      // a sum of that many bits, and one halfway between two floats or just beside
      const std::uint64_t random = (word >> (63U - bits)) | (std::uint64_t{1} << (bits - 1U));
      const std::uint64_t step = bits > 24U ? std::uint64_t{1} << (bits - 24U) : 1U;
      const std::uint64_t halfway = random / step * step + step / 2U + low % 3U - 1U;
      for (const std::uint64_t magnitude : {random, halfway}) {
        const auto sum = static_cast<std::int64_t>(magnitude);
        const auto k = static_cast<std::uint32_t>(low % 41U);
        RC_ASSERT(fixed_to_f32(sum, k) == expected_float(sum, k));
        RC_ASSERT(fixed_to_f32(-sum, k) == expected_float(-sum, k));
      }
    }
  }));
}

TEST(FixedPoint, ToFixedRoundsHalfAway) {
  EXPECT_TRUE(rc::check("to_fixed against long double", [](std::uint32_t word, std::uint32_t low) {
    const std::uint32_t exponent = 127U - 45U + low % 60U;  // 2^-45 to 2^14
    const float x = float_of((word & 0x80000000U) | (exponent << 23U) | (word & 0x7FFFFFU));
    for (std::uint32_t k = 0; k <= 40; ++k) {
      const long double scaled = std::ldexp(static_cast<long double>(x), static_cast<int>(k));
      RC_ASSERT(to_fixed(x, k) == std::llround(scaled));
      const long double share = std::ceil(std::abs(scaled) / (1 + word % 1000));
      const std::int64_t got = to_fixed_share(x, k, 1 + word % 1000);
      RC_ASSERT((x < 0.0F ? -got : got) == static_cast<std::int64_t>(share));
    }
  }));
}

TEST(FixedPoint, ToFixedIsExactWhereItCanBe) {
  EXPECT_EQ(to_fixed(0.125F, 3), 1);
  EXPECT_EQ(to_fixed(-65025.0F, 0), -65025);
  EXPECT_EQ(to_fixed(0.5F, 0), 1) << "half away from zero";
  EXPECT_EQ(to_fixed(-2.5F, 0), -3);
  EXPECT_EQ(to_fixed(0.49F, 0), 0);
  EXPECT_EQ(to_fixed(0x1p100F, 0), kLargestCharge);
  EXPECT_EQ(to_fixed(0.1F, 24), std::llround(0.1F * 16777216.0));
}

TEST(FixedPoint, EqualSharesReachTheWhole) {
  EXPECT_TRUE(rc::check("n shares are at least the whole and at most n quanta more",
                        [](std::uint32_t word, std::uint16_t parts) {
                          const std::uint32_t n = 1U + parts;
                          const float x = float_of(0x3F800000U | (word & 0x03FFFFFFU));  // 1 to 512
                          const std::int64_t share = to_fixed_share(x, 24, n);
                          const std::int64_t whole = to_fixed(x, 24);
                          RC_ASSERT(share * n >= whole);
                          RC_ASSERT(share * n < whole + n);
                          RC_ASSERT(to_fixed_share(-x, 24, n) == -share);
                        }));
  EXPECT_EQ(to_fixed_share(1.0F, 24, 3), 5592406);
  EXPECT_EQ(to_fixed_share(1e-20F, 24, 7), 1) << "the least share is one quantum";
  EXPECT_EQ(to_fixed_share(0.0F, 24, 7), 0);
}

TEST(FixedPoint, DrivenPspIsBounded) {
  EXPECT_EQ(driven_psp(2.5F, true, 0, 1), 3U);
  EXPECT_EQ(driven_psp(1000.0F, true, 0, 1), 255U);
  EXPECT_EQ(driven_psp(-2.0F, true, 24, 1), 0U);
  EXPECT_EQ(driven_psp(1000.0F, false, 24, 1), 1000ULL << 24U);
  EXPECT_EQ(driven_psp(1e9F, false, 24, 1), 65536ULL << 24U);
  EXPECT_EQ(driven_psp(1.0F, false, 24, 3), 5592406U);
  EXPECT_EQ(driven_psp(2.5F, true, 24, 2), 3U << 23U) << "rounded first, then divided";
  EXPECT_EQ(driven_psp(0.0F, true, 24, 0), 0U) << "a neuron without synapses";
  EXPECT_EQ(driven_psp(0.49F, true, 24, 1), 0U);
  EXPECT_EQ(driven_psp(65536.0F, false, 40, 1), 1ULL << 56U);
}

TEST(FixedPoint, DrivenChargeRoundsAway) {
  EXPECT_TRUE(
      rc::check("ceil(numerator * psp / 2^shift)", [](std::uint32_t numerator, std::uint32_t low) {
        const std::uint64_t psp = (std::uint64_t{low} << 8U) | 1U;
        for (const std::uint32_t shift : {0U, 1U, 24U, 31U, 32U, 33U, 40U}) {
          const unsigned __int128 product = static_cast<unsigned __int128>(numerator) * psp;
          const unsigned __int128 unit = static_cast<unsigned __int128>(1) << shift;
          const auto expected = static_cast<std::uint64_t>((product + unit - 1U) / unit);
          RC_PRE(expected < (std::uint64_t{1} << 62U));
          RC_ASSERT(static_cast<std::uint64_t>(driven_charge(numerator, shift, psp)) == expected);
        }
      }));
}

}  // namespace
}  // namespace rheobase::model
