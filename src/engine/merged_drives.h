// SPDX-License-Identifier: Apache-2.0
/// \file
/// Drives of neighbours that are alike, as one.
#pragma once

#include <vector>

#include "model/drive.h"

namespace rheobase {

/// The same events for every neuron, and in the same order, from as few drives as are easily found:
/// ten thousand populations with equal drives of their own are driven as one.
[[nodiscard]] std::vector<model::CompiledDrive> merged_drives(
    const std::vector<model::CompiledDrive>& drives);

}  // namespace rheobase
