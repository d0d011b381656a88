// SPDX-License-Identifier: Apache-2.0
/// \file
/// Charge as a whole number of quanta 2^-k: how it is made from floats, and back. Integers only.
#pragma once

#include <bit>
#include <cstdint>

#include "model/float_ops.h"

namespace rheobase::model {

/// Largest number of fraction bits of a quantum.
inline constexpr std::uint32_t kMostQuantumBits = 40;
/// A charge larger than this cannot be held; builders refuse it.
inline constexpr std::int64_t kLargestCharge = std::int64_t{1} << 61;

/// sum x 2^-k, rounded to nearest even. Exact up to 24 significant bits. k <= 100.
inline float fixed_to_f32(std::int64_t sum, std::uint32_t k) {
  const std::uint32_t sign = sum < 0 ? 0x80000000U : 0U;
  const std::uint64_t magnitude = sum < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(sum)
                                          : static_cast<std::uint64_t>(sum);
  return assembled(sign, magnitude, -static_cast<int>(k));
}

/// The same for a 32-bit sum: the conversion rounds to nearest even, scaling by 2^-k is exact. WGSL
/// leaves the rounding of a conversion open, so the twin goes another way to the same number.
inline float fixed_to_f32(std::int32_t sum, std::uint32_t k) {
  const float quantum = float_of((127U - k) << 23U);  // 2^-k
  return static_cast<float>(sum) * quantum;
}

/// A canonical float as sign, mantissa (24 bits) and exponent: x = +-mantissa * 2^exponent.
struct Parts {
  bool negative;
  std::uint64_t mantissa;
  int exponent;
};
inline Parts parts_of(float x) {
  const std::uint32_t bits = bits_of(x);
  if ((bits & 0x7FFFFFFFU) == 0U) {
    return {false, 0, 0};
  }
  return {(bits >> 31U) != 0U, (bits & 0x7FFFFFU) | 0x800000U,
          static_cast<int>((bits >> 23U) & 255U) - 150};
}

/// |x| * 2^k rounded to nearest (half away from zero); saturates at kLargestCharge.
inline std::int64_t magnitude_rounded(float x, std::uint32_t k) {
  const Parts p = parts_of(x);
  const int shift = p.exponent + static_cast<int>(k);
  if (p.mantissa == 0 || shift < -25) {
    return 0;
  }
  if (shift > 37) {
    return kLargestCharge;
  }
  const std::uint64_t value =
      shift >= 0 ? p.mantissa << static_cast<unsigned>(shift)
                 : (p.mantissa + (std::uint64_t{1} << static_cast<unsigned>(-shift - 1))) >>
                       static_cast<unsigned>(-shift);
  return static_cast<std::int64_t>(value);
}

/// x * 2^k rounded to nearest (half away from zero).
inline std::int64_t to_fixed(float x, std::uint32_t k) {
  const std::int64_t magnitude = magnitude_rounded(x, k);
  return x < 0.0F ? -magnitude : magnitude;
}

/// A share of x among n: sign * ceil(|x| * 2^k / n), so that n equal shares reach the whole. n
/// >= 1.
inline std::int64_t to_fixed_share(float x, std::uint32_t k, std::uint32_t n) {
  const Parts p = parts_of(x);
  const int shift = p.exponent + static_cast<int>(k);
  if (p.mantissa == 0) {
    return 0;
  }
  std::uint64_t quotient = 1;  // the least share of something is one quantum
  if (shift > 37) {
    quotient = static_cast<std::uint64_t>(kLargestCharge);
  } else if (shift >= 0) {
    quotient = ((p.mantissa << static_cast<unsigned>(shift)) + n - 1U) / n;
  } else if (shift > -25) {
    const std::uint64_t divisor = std::uint64_t{n} << static_cast<unsigned>(-shift);
    quotient = (p.mantissa + divisor - 1U) / divisor;
  }
  return p.negative ? -static_cast<std::int64_t>(quotient) : static_cast<std::int64_t>(quotient);
}

/// Bounds of a potential-driven PSP. \see driven_psp
inline constexpr float kLargestRoundedPsp = 255.0F;
inline constexpr float kLargestDrivenPsp = 65536.0F;

/// PSP made from the potential at firing, in quanta, divided among n synapses (n = 1: whole).
/// `rounded`: rounded half away from zero and clamped to 0..255; else clamped to 0..65536.
inline std::uint64_t driven_psp(float potential, bool rounded, std::uint32_t k, std::uint32_t n) {
  const float most = rounded ? kLargestRoundedPsp : kLargestDrivenPsp;
  const float clamped = potential > most ? most : (potential > 0.0F ? potential : 0.0F);
  const std::uint64_t whole = rounded
                                  ? static_cast<std::uint64_t>(magnitude_rounded(clamped, 0)) << k
                                  : static_cast<std::uint64_t>(magnitude_rounded(clamped, k));
  return n <= 1U ? whole : (whole + n - 1U) / n;
}

/// ceil(weight_numerator * psp * 2^-weight_shift), in 96-bit steps of integers. weight_shift <= 40.
inline std::int64_t driven_charge(std::uint32_t weight_numerator, std::uint32_t weight_shift,
                                  std::uint64_t psp) {
  const std::uint64_t low = std::uint64_t{weight_numerator} * (psp & 0xFFFFFFFFU);
  const std::uint64_t high = std::uint64_t{weight_numerator} * (psp >> 32U) + (low >> 32U);
  const std::uint64_t bottom = low & 0xFFFFFFFFU;  // product = high * 2^32 + bottom
  if (weight_shift == 0U) {
    return static_cast<std::int64_t>((high << 32U) | bottom);
  }
  if (weight_shift >= 32U) {
    const std::uint32_t s = weight_shift - 32U;
    const std::uint64_t lost = (high & ((std::uint64_t{1} << s) - 1U)) | bottom;
    return static_cast<std::int64_t>((high >> s) + (lost != 0 ? 1U : 0U));
  }
  const std::uint64_t lost = bottom & ((std::uint64_t{1} << weight_shift) - 1U);
  return static_cast<std::int64_t>((high << (32U - weight_shift)) + (bottom >> weight_shift) +
                                   (lost != 0 ? 1U : 0U));
}

}  // namespace rheobase::model
