// SPDX-License-Identifier: Apache-2.0
/// \file
/// Counting in a plain number while other threads do too. (std::atomic_ref is missing in libc++
/// before LLVM 19.)
#pragma once

#include <cstdint>

namespace rheobase::platform {

/// Adds and returns what was there before; orders nothing else.
inline std::uint32_t add_shared(std::uint32_t& count, std::uint32_t more) {
  return __atomic_fetch_add(&count, more, __ATOMIC_RELAXED);
}

}  // namespace rheobase::platform
