// SPDX-License-Identifier: Apache-2.0
/// \file
/// The synapses of a network as sections of a file: their kinds, and their rows block by block.
#pragma once

#include "io/checkpoint/section_file.h"
#include "network/view.h"

namespace rheobase::checkpoint {

void write_synapses(SectionWriter& out, const NetworkData& network);
/// Into a network whose neurons are known; counts them too. \throws Error invalid_file.
void read_synapses(SectionReader& in, NetworkData& network);

}  // namespace rheobase::checkpoint
