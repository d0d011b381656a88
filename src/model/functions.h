// SPDX-License-Identifier: Apache-2.0
/// \file
/// Functions of numbers with one result on every machine, made of `add_rn`, `mul_rn` and integers.
/// Arguments and results are canonical: finite, normal or +0, within +-2^100.
#pragma once

#include <cstdint>

#include "model/float_ops.h"

namespace rheobase::model {

/// a / b, rounded to nearest even; x / 0 is +-2^100 with the sign of x, 0 / 0 is 0.
inline float div_rn(float a, float b, std::uint32_t guard = 0) {
  const float safe = select(b, 1.0F, b == 0.0F);
  const float largest = select(kLargestPotential, -kLargestPotential, a < 0.0F);
  const float none = select(largest, 0.0F, a == 0.0F);
  return canonical(flushed(select(guarded(a / safe, guard), none, b == 0.0F)));
}

/// The square root, rounded to nearest even; 0 for x <= 0.
float sqrt_rn(float x, std::uint32_t guard = 0);
/// e^x; 0 below -87, at most 2^100.
float exp_rn(float x, std::uint32_t guard = 0);
/// The natural logarithm; that of 2^-126 for x <= 0.
float log_rn(float x, std::uint32_t guard = 0);
float tanh_rn(float x, std::uint32_t guard = 0);
/// Of an angle within +-2^15; of larger ones the sign and nothing more can be trusted, the bits
/// can.
float sin_rn(float x, std::uint32_t guard = 0);
float cos_rn(float x, std::uint32_t guard = 0);
/// a^b: by products for whole b from -8 to 8, else exp(b log a); 0 for a < 0 and a broken b.
float pow_rn(float a, float b, std::uint32_t guard = 0);
/// The largest whole number that is not above x.
float floor_rn(float x);
/// In [0, 1), from 24 bits of a random word.
float uniform_of(std::uint32_t word);
/// Of mean 0 and standard deviation 1, from two random words.
float normal_of(std::uint32_t word, std::uint32_t other, std::uint32_t guard = 0);
/// A Poisson number of that mean, at most 2000; 0 for a mean <= 0.
float poisson_of(float mean, std::uint32_t word, std::uint32_t guard = 0);

}  // namespace rheobase::model
