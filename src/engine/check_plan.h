// SPDX-License-Identifier: Apache-2.0
/// \file
/// Whether a recording fits a network.
#pragma once

#include "rheobase/network.h"
#include "rheobase/record.h"

namespace rheobase {

/// \throws Error invalid_argument if it leaves the network, names a neuron twice or samples every 0
/// bursts.
void check_plan(const RecordPlan& plan, const Network& network);

}  // namespace rheobase
