// SPDX-License-Identifier: Apache-2.0
/// \file
/// A network as sections of a file: what was given, from which the rest is derived again.
#pragma once

#include <memory>

#include "io/checkpoint/section_file.h"
#include "network/view.h"

namespace rheobase::checkpoint {

void write_network(SectionWriter& out, const NetworkData& network);
/// \throws Error invalid_file, out_of_memory.
[[nodiscard]] std::shared_ptr<const NetworkData> read_network(SectionReader& in);

}  // namespace rheobase::checkpoint
