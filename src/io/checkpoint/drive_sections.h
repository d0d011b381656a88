// SPDX-License-Identifier: Apache-2.0
/// \file
/// Drives as parts of sections: those of a network, and those of an engine.
#pragma once

#include <string_view>
#include <vector>

#include "io/checkpoint/section_file.h"
#include "network/view.h"

namespace rheobase::checkpoint {

void write_drives(SectionWriter& out, const std::vector<Drive>& drives);
/// Each is checked against the network.
[[nodiscard]] std::vector<Drive> read_drives(SectionReader& in, const NetworkData& network);
/// The ports of drives, a section of their own that is there only if any is not 0.
void write_drive_ports(SectionWriter& out, std::string_view section,
                       const std::vector<Drive>& drives);
void read_drive_ports(SectionReader& in, std::string_view section, const NetworkData& network,
                      std::vector<Drive>& drives);

}  // namespace rheobase::checkpoint
