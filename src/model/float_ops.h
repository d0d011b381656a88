// SPDX-License-Identifier: Apache-2.0
/// \file
/// The two float operations of the step, with one result on every machine, and their integer-only
/// forms. Arguments are canonical: finite, normal or +0, at most 2^122 in size.
#pragma once

#include <bit>
#include <cstdint>

namespace rheobase::model {

inline constexpr float kLeastNormal = 0x1p-126F;
inline constexpr float kLargestPotential = 0x1p100F;

inline std::uint32_t bits_of(float x) { return std::bit_cast<std::uint32_t>(x); }
inline float float_of(std::uint32_t bits) { return std::bit_cast<float>(bits); }

/// WGSL's select: `yes` if the condition holds, else `no`. Masks instead of ?:, which compilers
/// turn into jumps too early to make vector code of a loop.
inline std::uint32_t select(std::uint32_t no, std::uint32_t yes, bool condition) {
  const std::uint32_t mask = 0U - static_cast<std::uint32_t>(condition);
  return (yes & mask) | (no & ~mask);
}
inline float select(float no, float yes, bool condition) {
  return float_of(select(bits_of(no), bits_of(yes), condition));
}

/// Zero, written so that no compiler may fuse or reassociate across it when `guard` is a 0 that it
/// cannot see. Builds with -ffp-contract=off pass a constant, which costs nothing.
inline float guarded(float x, std::uint32_t guard) { return float_of(bits_of(x) ^ guard); }

/// Results at or below the least normal number become +0, so that flushing modes do not show and
/// -0 cannot arise. At, not below: whether a product that rounds up to 2^-126 counts as tiny is
/// left open by IEEE 754.
inline float flushed(float x) {
  const std::uint32_t bits = bits_of(x);
  return select(x, 0.0F, (bits & 0x7FFFFFFFU) <= 0x00800000U);
}

inline float add_rn(float a, float b, std::uint32_t guard = 0) {
  return flushed(guarded(a + b, guard));
}
inline float mul_rn(float a, float b, std::uint32_t guard = 0) {
  return flushed(guarded(a * b, guard));
}

/// The same without the flush, for results that cannot be tiny, or are then only added to something
/// so much larger that they do not show.
inline float plus(float a, float b, std::uint32_t guard = 0) { return guarded(a + b, guard); }
inline float times(float a, float b, std::uint32_t guard = 0) { return guarded(a * b, guard); }

/// `mantissa` x 2^exponent rounded to nearest even, flushed as above; mantissa < 2^63, `sign` is
/// bit 31.
inline float assembled(std::uint32_t sign, std::uint64_t mantissa, int exponent) {
  if (mantissa == 0) {
    return 0.0F;
  }
  const int shift = std::countl_zero(mantissa);
  const std::uint64_t norm = mantissa << static_cast<unsigned>(shift);
  const std::uint32_t top = static_cast<std::uint32_t>(norm >> 40U);
  const std::uint64_t rest = norm & 0xFFFFFFFFFFULL;
  const std::uint64_t half = 0x8000000000ULL;
  const std::uint32_t up = (rest > half || (rest == half && (top & 1U) != 0U)) ? 1U : 0U;
  const int biased = exponent + 63 - shift + 126;  // the leading one of `top` adds the missing 1
  if (biased < 0) {
    return 0.0F;
  }
  return flushed(float_of(sign | ((static_cast<std::uint32_t>(biased) << 23U) + top + up)));
}

/// add_rn in integers alone.
inline float add_rn_integer(float a, float b) {
  std::uint32_t big = bits_of(a);
  std::uint32_t small = bits_of(b);
  if ((big & 0x7FFFFFFFU) < (small & 0x7FFFFFFFU)) {
    const std::uint32_t swap = big;
    big = small;
    small = swap;
  }
  if ((small & 0x7FFFFFFFU) == 0U) {
    return flushed(float_of(big));
  }
  const int exponent_big = static_cast<int>((big >> 23U) & 255U);
  const int distance = exponent_big - static_cast<int>((small >> 23U) & 255U);
  // 36 bits below the leading one; what falls out is kept as one sticky bit
  const std::uint64_t m_big = std::uint64_t{(big & 0x7FFFFFU) | 0x800000U} << 36U;
  std::uint64_t m_small = std::uint64_t{(small & 0x7FFFFFU) | 0x800000U} << 36U;
  if (distance > 60) {
    m_small = 1;
  } else {
    const std::uint64_t lost =
        m_small & ((std::uint64_t{1} << static_cast<unsigned>(distance)) - 1U);
    m_small = (m_small >> static_cast<unsigned>(distance)) | (lost != 0 ? 1U : 0U);
  }
  const std::uint64_t sum = ((big ^ small) >> 31U) != 0U ? m_big - m_small : m_big + m_small;
  return assembled(big & 0x80000000U, sum, exponent_big - 150 - 36);
}

/// mul_rn in integers alone.
inline float mul_rn_integer(float a, float b) {
  const std::uint32_t x = bits_of(a);
  const std::uint32_t y = bits_of(b);
  if ((x & 0x7FFFFFFFU) == 0U || (y & 0x7FFFFFFFU) == 0U) {
    return 0.0F;
  }
  const std::uint64_t product =
      std::uint64_t{(x & 0x7FFFFFU) | 0x800000U} * ((y & 0x7FFFFFU) | 0x800000U);
  const int exponent =
      static_cast<int>((x >> 23U) & 255U) + static_cast<int>((y >> 23U) & 255U) - 300;
  return assembled((x ^ y) & 0x80000000U, product, exponent);
}

/// The one exit of the step: within +-2^100, no denormal, no -0.
inline float canonical(float u) {
  const float below = select(u, kLargestPotential, u > kLargestPotential);
  const float within = select(below, -kLargestPotential, below < -kLargestPotential);
  return select(within, 0.0F, (bits_of(within) & 0x7FFFFFFFU) < 0x00800000U);
}

}  // namespace rheobase::model
