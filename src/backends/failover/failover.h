// SPDX-License-Identifier: Apache-2.0
/// \file
/// Goes on with another backend when a device is lost, with the same spikes.
#pragma once

#include <functional>
#include <memory>

#include "engine/backend.h"

namespace rheobase {

/// Runs on `first`. Every `mirror_seconds` of running it keeps a copy of the state, and since then
/// the injections and edits; when `first` reports a lost device it starts `second` from the copy,
/// repeats what came after it, and goes on there. Spikes are the same on every backend, so nobody
/// who looks at the results can tell.
[[nodiscard]] std::unique_ptr<Backend> make_failover_backend(
    NetworkPointer network, std::unique_ptr<Backend> first,
    std::function<std::unique_ptr<Backend>(NetworkPointer)> second, double mirror_seconds = 1.0);

}  // namespace rheobase
