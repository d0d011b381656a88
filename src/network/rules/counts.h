// SPDX-License-Identifier: Apache-2.0
/// \file
/// How many of many draws fall into a part: what splits a number of synapses among neurons. Draws
/// of few are counted one by one; those of many are drawn by the ratio of uniforms, with
/// probabilities that are met within 10^-8 of their value.
/// Source: E. Stadlober, "The ratio of uniforms approach for generating discrete random variates",
/// J. Comput. Appl. Math. 31 (1990).
#pragma once

#include <cstdint>

#include "network/rules/draws.h"

namespace rheobase {

/// How many of m draws, each among `total` places, fall into the first `left` of them.
/// 0 <= left <= total, m < 2^52.
[[nodiscard]] std::uint64_t binomial(Draws& draws, std::uint64_t m, std::uint64_t left,
                                     std::uint64_t total);
/// The same for m <= total draws of different places.
[[nodiscard]] std::uint64_t hypergeometric(Draws& draws, std::uint64_t m, std::uint64_t left,
                                           std::uint64_t total);

}  // namespace rheobase
