// SPDX-License-Identifier: Apache-2.0
/// \file
/// Why a neuron with a model fires, or does not: its operations with their values.
#pragma once

#include "engine/explain.h"

namespace rheobase {

/// Fills in what the step does; arrivals and injections must be there.
void explain_model(const Moment& moment, const ModelArea& area, Explanation& explanation);

}  // namespace rheobase
