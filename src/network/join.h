// SPDX-License-Identifier: Apache-2.0
/// \file
/// Members of joined networks.
#pragma once

#include "network/view.h"

namespace rheobase {

/// Member i of a joined network as it is alone, taken out of its rows. `members[i]` must have its
/// ranges.
[[nodiscard]] std::shared_ptr<const NetworkData> take_member(const NetworkData& joined,
                                                             std::size_t i);
/// Fills the data of all members; equal ones share theirs.
void take_members(NetworkData& joined);

}  // namespace rheobase
