// SPDX-License-Identifier: Apache-2.0
/// \file
/// Edits of a network as numbers of a section.
#pragma once

#include "io/checkpoint/section_file.h"
#include "rheobase/network.h"

namespace rheobase::session {

void put_edit(checkpoint::SectionWriter& out, const NetworkEdit& edit);
/// What it says is checked when a network takes it. \throws Error invalid_file.
[[nodiscard]] NetworkEdit get_edit(checkpoint::SectionReader& in);

}  // namespace rheobase::session
