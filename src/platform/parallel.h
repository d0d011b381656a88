// SPDX-License-Identifier: Apache-2.0
/// \file
/// Work on several threads that need not go on together. (Backends have a team of their own.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

namespace rheobase::platform {

/// Calls work(i) once for each i below `count`, on up to `threads` threads, the caller's among
/// them; the first exception is thrown on when all have ended.
void parallel_for(std::size_t count, std::uint32_t threads,
                  const std::function<void(std::size_t)>& work);

}  // namespace rheobase::platform
