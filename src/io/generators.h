// SPDX-License-Identifier: Apache-2.0
/// \file
/// The generators behind `generate`.
#pragma once

#include "io/json_text.h"
#include "rheobase/generate.h"

namespace rheobase {

/// Brunel's balanced random network, as a recipe.
[[nodiscard]] Json generate_balanced(const GenerateOptions& options);
/// Layers that feed the next one, each with inhibition of its own, as a recipe.
[[nodiscard]] Json generate_layered(const GenerateOptions& options);
/// The cortical microcircuit of Potjans and Diesmann, with Poisson input or its mean, as a recipe.
[[nodiscard]] Json generate_microcircuit(const GenerateOptions& options);
[[nodiscard]] Json generate_microcircuit_dc(const GenerateOptions& options);
/// Camera, edges, directions, motor, as a FEAGI genome of the current schema.
[[nodiscard]] Json generate_vision(const GenerateOptions& options);

}  // namespace rheobase
