// SPDX-License-Identifier: Apache-2.0
// add_rn and mul_rn against their integer-only forms, and both against the rules that they keep.
#include "model/float_ops.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "model/random.h"

namespace rheobase::model {
namespace {

/// A canonical float: +0, or normal with an exponent between the two.
float canonical_in(std::uint32_t word, std::uint32_t choice, int low, int high) {
  if (choice % 64 == 0) {
    return 0.0F;
  }
  const auto exponent =
      static_cast<std::uint32_t>(low + 127) + choice % static_cast<std::uint32_t>(high - low + 1);
  // round mantissas meet halfway cases
  const std::uint32_t mantissa =
      choice % 5 == 0 ? (word & 0x7FFFFFU) & ~((1U << (choice % 23)) - 1U) : word & 0x7FFFFFU;
  return float_of((word & 0x80000000U) | (exponent << 23U) | mantissa);
}

void expect_same(float a, float b) {
  ASSERT_EQ(bits_of(add_rn(a, b)), bits_of(add_rn_integer(a, b))) << a << " + " << b;
  ASSERT_EQ(bits_of(mul_rn(a, b)), bits_of(mul_rn_integer(a, b))) << a << " * " << b;
}

TEST(FloatOps, IntegerFormsGiveTheSameBits) {
  for (std::uint32_t i = 0; i < 400000; ++i) {
    const std::uint32_t w = pcg(4 * i);
    const std::uint32_t x = pcg(4 * i + 1);
    const std::uint32_t c = pcg(4 * i + 2);
    const std::uint32_t d = pcg(4 * i + 3);
    // like sizes: cancellation; far sizes: sticky bits; tiny sizes: products near 2^-126
    expect_same(canonical_in(w, c, -2, 2), canonical_in(x, d, -2, 2));
    expect_same(canonical_in(w, c, -30, 30), canonical_in(x, d, -30, 30));
    expect_same(canonical_in(w, c, -66, -60), canonical_in(x, d, -66, -60));
    expect_same(canonical_in(w, c, -126, -100), canonical_in(x, d, -126, -100));
  }
  expect_same(0x1.000002p0F, -0x1.000004p0F);
  expect_same(0x1p-126F, 0x1p-126F);
}

TEST(FloatOps, HalfwayCasesGoToEven) {
  EXPECT_EQ(add_rn(0x1p24F, 1.0F), 0x1p24F);
  EXPECT_EQ(add_rn(0x1p24F + 2.0F, 1.0F), 0x1p24F + 4.0F);
  EXPECT_EQ(add_rn_integer(0x1p24F, 1.0F), 0x1p24F);
  EXPECT_EQ(mul_rn_integer(0x1.000002p0F, 0x1.8p0F), 0x1.000002p0F * 0x1.8p0F);
}

TEST(FloatOps, TinyResultsAndMinusZeroBecomeZero) {
  EXPECT_EQ(bits_of(mul_rn(0x1p-70F, 0x1p-70F)), 0U);
  EXPECT_EQ(bits_of(mul_rn(-0x1p-63F, 0x1p-63F)), 0U) << "exactly 2^-126 counts as tiny";
  EXPECT_EQ(bits_of(add_rn(0x1.8p-126F, -0x1p-126F)), 0U);
  EXPECT_EQ(bits_of(mul_rn(-1.0F, 0.0F)), 0U);
  EXPECT_EQ(bits_of(add_rn(-2.0F, 2.0F)), 0U);
}

TEST(FloatOps, CanonicalClampsAndFlushes) {
  EXPECT_EQ(canonical(0x1p101F), 0x1p100F);
  EXPECT_EQ(canonical(-0x1p127F), -0x1p100F);
  EXPECT_EQ(bits_of(canonical(-0.0F)), 0U);
  EXPECT_EQ(bits_of(canonical(0x1p-127F)), 0U);
  EXPECT_EQ(canonical(0x1p-126F), 0x1p-126F);
  EXPECT_EQ(canonical(-3.5F), -3.5F);
}

TEST(FloatOps, SumsAndProductsAreNeverDenormal) {
  const bool fine =
      rc::check("results are canonical in form",
                [](std::uint32_t w, std::uint32_t x, std::uint32_t c, std::uint32_t d) {
                  const float a = canonical_in(w, c, -126, 60);
                  const float b = canonical_in(x, d, -126, 60);
                  for (const float r : {add_rn(a, b), mul_rn(a, b)}) {
                    const std::uint32_t size = bits_of(r) & 0x7FFFFFFFU;
                    RC_ASSERT(size > 0x00800000U || bits_of(r) == 0U);
                    RC_ASSERT(size < 0x7F800000U);
                  }
                });
  EXPECT_TRUE(fine);
}

}  // namespace
}  // namespace rheobase::model
