// SPDX-License-Identifier: Apache-2.0
/// \file
/// How many cores there are to use, and how to wait on one.
#pragma once

#include <cstdint>
#include <string>

namespace rheobase::platform {

/// From the text of cgroup's cpu.max, "QUOTA PERIOD" in microseconds: rounded up. 0: no limit.
[[nodiscard]] std::uint32_t cores_of_quota(const std::string& quota);

/// Cores that this process may use: of the affinity mask and the container's quota, the smaller.
[[nodiscard]] std::uint32_t usable_cores();

/// Tells the processor that a loop only waits.
inline void relax() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("yield");
#endif
}

}  // namespace rheobase::platform
