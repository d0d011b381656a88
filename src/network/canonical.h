// SPDX-License-Identifier: Apache-2.0
/// \file
/// Numbers at the door: refuses what is no number, makes the rest canonical.
#pragma once

#include <string>

#include "rheobase/network.h"

namespace rheobase {

/// Canonical form of a potential, weight or PSP. `what` names it in the error.
/// \throws Error invalid_argument for NaN and infinity.
[[nodiscard]] float canonical_number(float value, const std::string& what);

/// Whether `canonical_number` would return the same value.
[[nodiscard]] bool is_canonical(float value);

/// Canonical parameters; also clamps `leak` to +-2^20, so that no product leaves the range of
/// floats. \throws Error invalid_argument. `where` names the neurons.
[[nodiscard]] NeuronParams canonical_params(const NeuronParams& params, const std::string& where);

/// Weight, PSP and delay of a synapse. \throws Error invalid_argument.
[[nodiscard]] SynapseSpec canonical_synapse(const SynapseSpec& synapse, const std::string& where);

}  // namespace rheobase
