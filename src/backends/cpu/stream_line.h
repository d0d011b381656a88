// SPDX-License-Identifier: Apache-2.0
/// \file
/// A cache line written past the cache.
#pragma once

#include <cstdint>
#include <cstring>
#if defined(__x86_64__)
#include <emmintrin.h>
#endif

namespace rheobase {

inline constexpr std::uint32_t kLineWords = 16;  ///< 32-bit words of a cache line

/// Both ends are aligned to a line.
inline void stream_line(std::uint32_t* to, const std::uint32_t* from) {
#if defined(__x86_64__)
  for (std::uint32_t i = 0; i < kLineWords; i += 4) {
    _mm_stream_si128(reinterpret_cast<__m128i*>(to + i),
                     _mm_load_si128(reinterpret_cast<const __m128i*>(from + i)));
  }
#else
  std::memcpy(to, from, kLineWords * sizeof *to);
#endif
}

/// What was streamed is there for whoever reads it next.
inline void stream_fence() {
#if defined(__x86_64__)
  _mm_sfence();
#endif
}

}  // namespace rheobase
