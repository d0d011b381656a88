// SPDX-License-Identifier: Apache-2.0
/// \file
/// model::unit_events for many units at once, for several sets of instructions.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <vector>

#include "backends/cpu/processor.h"
#include "model/drive.h"

// what is computed for a few vectors at once stays in registers only where loops over them are gone
#define RHEOBASE_UNROLLED _Pragma("GCC unroll 16")

namespace rheobase::units {

/// Events of kUnitsOfCalls units.
using Counts = std::array<std::uint16_t, model::kUnitsOfCalls>;

/// Of a table, what upper halves are compared with. A word is surely at or beyond an entry whose
/// upper half is below its own, and surely before one whose upper half is above it; where they are
/// equal the lower half decides. Many entries share the least and the greatest upper half, the
/// tails of the distribution: words with these are always looked up as a whole.
struct UpperTable {
  const std::uint32_t* begin;
  const std::uint32_t* end;
  std::uint16_t before;  ///< entries before `begin`: all words that are not looked up pass them

  explicit UpperTable(const std::vector<std::uint32_t>& cumulative) {
    const auto* const first = cumulative.data();
    const auto* const last = first + cumulative.size();
    begin = std::lower_bound(first, last, 0x10000U);
    end = std::lower_bound(begin, last, 0xFFFF0000U);
    before = static_cast<std::uint16_t>(begin - first);
  }
};

/// Units first .. first + kUnitsOfCalls - 1; `first` is a multiple of that.
struct UnitRequest {
  const model::CompiledDrive* drive = nullptr;
  const UpperTable* table = nullptr;
  std::uint32_t first = 0;
  std::uint64_t burst = 0;
};

inline std::uint32_t look_up_one(const UnitRequest& r, std::uint32_t number, std::uint32_t unit,
                                 std::uint32_t upper) {
  const std::uint32_t lower =
      model::half_for(*r.drive, model::lower_part(number), r.first + unit, r.burst);
  return model::table_count(r.drive->cumulative, upper << 16U | lower);
}

inline bool any_bit(const void* bytes, std::size_t size) {
  const auto* from = static_cast<const unsigned char*>(bytes);
  std::uint64_t all = 0;
  for (std::size_t at = 0; at < size; at += sizeof all) {
    std::uint64_t word = 0;
    std::memcpy(&word, from + at, sizeof word);
    all |= word;
  }
  return all != 0;
}

// A vector's operations are translated where they are written, for the instructions in force there.
namespace anywhere {
#define RHEOBASE_VECTOR_BYTES 16
#include "backends/cpu/unit_counts_loop.h"
#undef RHEOBASE_VECTOR_BYTES
}  // namespace anywhere
/// Where the halves of words do not lie in order.
inline bool count_one_by_one(const UnitRequest& r, Counts& counts) {
  for (std::uint32_t i = 0; i < counts.size(); ++i) {
    counts[i] = static_cast<std::uint16_t>(model::unit_events(*r.drive, r.first + i, r.burst));
  }
  return any_bit(counts.data(), sizeof counts);
}
#if defined(__x86_64__)
RHEOBASE_BEGIN_AVX2
namespace avx2 {
#define RHEOBASE_VECTOR_BYTES 32
#include "backends/cpu/unit_counts_loop.h"
#undef RHEOBASE_VECTOR_BYTES
}  // namespace avx2
RHEOBASE_END
RHEOBASE_BEGIN_AVX512
namespace avx512 {
#define RHEOBASE_VECTOR_BYTES 64
#include "backends/cpu/unit_counts_loop.h"
#undef RHEOBASE_VECTOR_BYTES
}  // namespace avx512
RHEOBASE_END
#endif

}  // namespace rheobase::units
