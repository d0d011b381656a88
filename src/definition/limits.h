// SPDX-License-Identifier: Apache-2.0
/// \file
/// How large the numbers of a definition can be; what the proofs of ranges start from.
#pragma once

namespace rheobase::language {

/// Of parameters, constants that follow from them, bounds of states.
inline constexpr double kLargestNumber = 0x1p60;
/// Of parameters and states whose range is not given.
inline constexpr double kUsualNumber = 0x1p40;
/// Of entries of matrix exponentials, which no proof says more about.
inline constexpr double kLargestPropagator = 0x1p20;
/// What arrives at a port: a sum of 64 bits of quanta of at most 1.
inline constexpr float kLargestArrival = 0x1p63F;
/// No value of a step is larger, and no argument of a function than the second.
inline constexpr float kLargestValue = 0x1p122F;
inline constexpr float kLargestArgument = 0x1p100F;
/// Bursts, in ms.
inline constexpr double kShortestBurst = 1e-3;
inline constexpr double kLongestBurst = 1e3;
/// Bursts that a refractory period can last: all such numbers are exact in f32.
inline constexpr double kLongestRefractory = 0x1p24;

}  // namespace rheobase::language
