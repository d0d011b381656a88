// SPDX-License-Identifier: Apache-2.0
/// \file
/// Genomes of the form before 2.0: areas by name, each with `neuron_params`, joined by
/// `neighbor_locator_rule`s.
#pragma once

#include "io/genome/reading.h"

namespace rheobase::genome {

[[nodiscard]] bool is_before_2(const Json& root);

/// The same genome with the properties, mappings and morphologies of hierarchical files since 2.0.
/// What has no counterpart keeps its key. Everything that was assumed is reported.
/// \throws Error invalid_file, also if the reading is strict: no FEAGI since 2.0 reads the form.
[[nodiscard]] Json since_2(Json root, Reading& reading);

}  // namespace rheobase::genome
