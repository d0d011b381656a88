// SPDX-License-Identifier: Apache-2.0
/// \file
/// How many cores a container may use.
#pragma once

#include <cstdint>
#include <string>

namespace rheobase::platform {

/// From the text of cgroup's cpu.max, "QUOTA PERIOD" in microseconds: rounded up. 0: no limit.
[[nodiscard]] std::uint32_t cores_of_quota(const std::string& quota);

}  // namespace rheobase::platform
