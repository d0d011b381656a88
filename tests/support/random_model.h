// SPDX-License-Identifier: Apache-2.0
/// \file
/// Models of users made by chance: what backends are compared on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "definition/definition.h"

namespace rheobase::test {

/// The text of a definition that can be read and whose constants exist for its own parameters at
/// dt = 0.1, 0.5 and 1 ms: every operation comes up among some hundred, with several states and
/// ports, all kinds of ports and methods, and draws.
[[nodiscard]] std::string random_model(std::uint64_t seed);

/// States within their ranges: usual numbers, and now and then the ends of the range, 0, the
/// least ones.
[[nodiscard]] std::vector<float> random_states(const Definition& definition, std::uint64_t seed);
/// What arrives at its ports, mostly a little, sometimes much.
[[nodiscard]] std::vector<float> random_arrivals(const Definition& definition, std::uint64_t seed);

}  // namespace rheobase::test
