// SPDX-License-Identifier: Apache-2.0
/// \file
/// The one place that asks what this process is allowed: by the groups that it is in (cgroup v1 and
/// v2, its own and all above it) and by its resource limits.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace rheobase::platform {

inline constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

/// What may still be taken; kNoLimit where nothing forbids more.
struct Limits {
  std::uint64_t memory = kNoLimit;   ///< bytes
  std::uint64_t cores = kNoLimit;    ///< at one time, rounded up
  std::uint64_t threads = kNoLimit;  ///< to start
};

/// Of the control groups. `root`: the folder that holds proc and sys.
[[nodiscard]] Limits group_limits(const std::string& root = {});

/// Of all: groups and resource limits (RLIMIT_AS, RLIMIT_DATA; how much of RLIMIT_NPROC is left the
/// system does not say).
[[nodiscard]] Limits process_limits();

}  // namespace rheobase::platform
