// SPDX-License-Identifier: Apache-2.0
/// \file
/// Joined networks on the processor: each member runs a whole batch of bursts alone, so that its
/// state and synapses stay in the cache, and every thread takes the next member that waits.
#pragma once

#include <memory>

#include "engine/backend.h"

namespace rheobase {

/// `setup.network` must have members.
[[nodiscard]] std::unique_ptr<Backend> make_members_backend(const BackendSetup& setup);

}  // namespace rheobase
