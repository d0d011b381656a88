// SPDX-License-Identifier: Apache-2.0
/// \file
/// An area's genes as parameters of its neurons.
#pragma once

#include <string>

#include "io/genome/document.h"
#include "rheobase/network.h"

namespace rheobase::genome {

struct AreaValues {
  AreaSpec spec;
  float psp = 1.0F;     ///< charge factor of the area's synapses
  bool memory = false;  ///< its neurons would be made at run time
};

/// Reads the genes of an area of the file. \throws Error invalid_file for a wrong type or size.
[[nodiscard]] AreaValues read_area(const AreaRecord& record, Reading& reading);

/// FEAGI's template for a core area that the file lacks.
[[nodiscard]] AreaValues core_template(std::size_t index, const Reading& reading);

}  // namespace rheobase::genome
