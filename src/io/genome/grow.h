// SPDX-License-Identifier: Apache-2.0
/// \file
/// From a genome to a network: areas, neurons, synapses, the power drive, and the report.
#pragma once

#include "io/genome/document.h"
#include "rheobase/load.h"

namespace rheobase::genome {

/// \throws Error invalid_file, out_of_range, out_of_memory; each names the file.
[[nodiscard]] Brain grow(const Document& document, Reading& reading, const LoadOptions& options);

}  // namespace rheobase::genome
