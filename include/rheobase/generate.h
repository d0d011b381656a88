// SPDX-License-Identifier: Apache-2.0
/// \file
/// Brains made by rule, as text that `load` reads.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rheobase/export.h"

namespace rheobase {

struct GenerateOptions {
  std::uint64_t neurons = 10000;  ///< about so many, at least 100
  std::uint64_t seed = 1;
};

/// "balanced" (Brunel 2000), "layered", "microcircuit" (Potjans & Diesmann 2014: 77,169 neurons at
/// full size, 3,873 synapses into each at any size; with Poisson input) and "microcircuit_dc" (with
/// the mean of that input), "vision" (a FEAGI genome: camera, features, motor).
[[nodiscard]] RHEOBASE_API std::vector<std::string> generator_names();
/// The file's text. \throws Error invalid_argument for an unknown kind or a size out of range.
[[nodiscard]] RHEOBASE_API std::string generate(std::string_view kind,
                                                const GenerateOptions& options = {});

}  // namespace rheobase
