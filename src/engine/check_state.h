// SPDX-License-Identifier: Apache-2.0
/// \file
/// Whether a state that was handed in fits a network.
#pragma once

#include "rheobase/network.h"
#include "rheobase/state.h"

namespace rheobase {

/// Makes its numbers canonical. \throws Error invalid_argument if sizes differ, a number is none,
/// or a fire queue is damaged.
void check_state(State& state, const Network& network);

}  // namespace rheobase
