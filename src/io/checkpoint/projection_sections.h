// SPDX-License-Identifier: Apache-2.0
/// \file
/// The sections of synapses that learn: `learning`, what they are; `learned`, what became of them.
/// A network without them has neither.
#pragma once

#include "io/checkpoint/section_file.h"
#include "network/view.h"
#include "rheobase/state.h"

namespace rheobase::checkpoint {

void write_projections(SectionWriter& out, const NetworkData& network);
/// \throws Error invalid_file.
void read_projections(SectionReader& in, NetworkData& network);

void write_learned(SectionWriter& out, const State& state);
/// \throws Error invalid_file.
void read_learned(SectionReader& in, const NetworkData& network, State& state);

}  // namespace rheobase::checkpoint
