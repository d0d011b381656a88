// SPDX-License-Identifier: Apache-2.0
// Prints a hash over sums and products written without guards. A variant that is as hostile as its
// flags say fuses, reorders or flushes some of them, so its line differs from the plain build's.
#include <bit>
#include <cinttypes>
#include <cstdint>
#include <cstdio>

#include "model/random.h"

int main() {
  std::uint64_t hash = 14695981039346656037ULL;
  std::uint32_t state = 1;
  const auto real = [&](std::uint32_t exponent) {
    state = rheobase::model::pcg(state);
    return std::bit_cast<float>((state & 0x807FFFFFU) | (exponent << 23U));
  };
  for (int i = 0; i < 100000; ++i) {
    const float a = real(127);
    const float b = real(128);
    const float c = real(126);
    const float tiny = real(3) * real(120);
    for (const float x : {a * b + c, (a + b) - a, tiny}) {
      hash = (hash ^ std::bit_cast<std::uint32_t>(x)) * 1099511628211ULL;
    }
  }
  std::printf("%016" PRIx64 "\n", hash);
  return 0;
}
