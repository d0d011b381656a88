// SPDX-License-Identifier: Apache-2.0
/// \file
/// Whether a GPU runs the steps of a network's models as the host does.
#pragma once

#include "engine/backend.h"

namespace rheobase::wgpu {

/// A few hundred neurons of each of the network's models, unconnected; empty if it has none.
[[nodiscard]] NetworkPointer self_test_network(const NetworkData& network);

/// Runs some bursts from random states with random input on `device`, a backend of a network that
/// self_test_network made, whose seed is 1. \return whether any state differs from what
/// model::run_step says.
[[nodiscard]] bool differs_from_host(Backend& device, const NetworkData& test);

}  // namespace rheobase::wgpu
