// SPDX-License-Identifier: Apache-2.0
/// \file
/// `rheobase run --stdio`: one JSON line in, one out for each burst (docs/formats/stdio.md).
#pragma once

#include <istream>
#include <ostream>
#include <string>
#include <vector>

#include "rheobase/engine.h"

namespace rheobase::cli {

/// Serves until the input ends or says quit. `outputs`: areas whose spikes are told; none: those
/// whose role is output, or all if there are none.
/// \throws Error invalid_argument for an unknown area, and what ends the engine.
void serve_lines(Engine& engine, const std::vector<std::string>& outputs, std::istream& in,
                 std::ostream& out);

}  // namespace rheobase::cli
