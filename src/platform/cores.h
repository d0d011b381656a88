// SPDX-License-Identifier: Apache-2.0
/// \file
/// How many cores there are to use, and how to wait on one.
#pragma once

#include <cstdint>

namespace rheobase::platform {

/// Cores that this process may use: of the affinity mask and of the quotas of its groups, the
/// smallest.
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
