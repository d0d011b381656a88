// SPDX-License-Identifier: Apache-2.0
/// \file
/// Areas for the devices of an agent.
#pragma once

#include <set>
#include <vector>

#include "server/brain.h"
#include "server/units.h"

namespace rheobase::server {

/// Adds those that the brain lacks, in one change; those of the same id stay as they are.
void make_device_areas(Brain& brain, const std::vector<WantedArea>& wanted);

[[nodiscard]] std::set<AreaKey> output_keys(const std::vector<WantedArea>& areas);

}  // namespace rheobase::server
