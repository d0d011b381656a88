// SPDX-License-Identifier: Apache-2.0
/// \file
/// What host and device must agree on. Twins of the structures in shaders/layout.wgsl.
#pragma once

#include <cstdint>

namespace rheobase::wgpu {

struct Params {
  std::uint32_t zero = 0;
  std::uint32_t neuron_count = 0;
  std::uint32_t word_count = 0;
  std::uint32_t quantum_bits = 0;
  std::uint32_t event_bits = 0;
  std::uint32_t one_event = 0;
  std::uint32_t rounded_psp = 0;
  std::uint32_t slots = 0;
  std::uint32_t slot_words = 0;
  std::uint32_t long_at = 0;
  std::uint32_t mask_at = 0;
  std::uint32_t potentials_at = 0;
  std::uint32_t class_vectors = 0;
  std::uint32_t delay_count = 0;
  std::uint32_t delays_at = 0;
  std::uint32_t driven_at = 0;
  std::uint32_t pieces_at = 0;
  std::uint32_t rows_at = 0;
  std::uint32_t piece_count = 0;
  std::uint32_t long_row = 0;
  std::uint32_t most_pieces = 0;
  std::uint32_t sweep_from = 0;
  std::uint32_t hash_mask = 0;
  std::uint32_t member_count = 0;
  std::uint32_t members_at = 0;
  std::uint32_t drive_count = 0;
  std::uint32_t uses_extra = 0;
  std::uint32_t shard_first = 0;
  std::uint32_t shard_last = 0;
  std::uint32_t writes_potentials = 0;
  std::uint32_t first_dispatch = 0;
  std::uint32_t drives_at = 0;
  std::uint32_t tiles_at = 0;
  std::uint32_t tile_count = 0;
  std::uint32_t rows_per_edge = 0;
  std::uint32_t member_size = 1;
};

struct Burst {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  std::uint32_t slot = 0;
  std::uint32_t counters_at = 0;
  std::uint32_t record_at = 0;
  std::uint32_t record_first = 0;
  std::uint32_t record_count = 0;
  std::uint32_t flags = 0;
  std::uint32_t injection_begin = 0;
  std::uint32_t injection_count = 0;
  std::uint32_t sums_at = 0;
  std::uint32_t next_sums_at = 0;
  std::uint32_t next_counters_at = 0;
  std::uint32_t tile = 0;
};

struct Sample {
  std::uint32_t field = 0;
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  std::uint32_t to = 0;
};

inline constexpr std::uint32_t kCountBranches = 1;
inline constexpr std::uint32_t kHasInjections = 2;
inline constexpr std::uint32_t kDeliverNow = 4;
inline constexpr std::uint32_t kCounterCopies = 16;
inline constexpr std::uint32_t kCountersPerCopy = 16;
inline constexpr std::uint32_t kCounterWords = kCounterCopies * kCountersPerCopy;
inline constexpr std::uint32_t kQueueCounts = 4;
inline constexpr std::uint32_t kNotInjected = 0x80000000U;
inline constexpr std::uint32_t kLongRows = 0x80000000U;
inline constexpr std::uint32_t kNoKey = 0xFFFFFFFFU;
// bits of a row's length
inline constexpr std::uint32_t kRowWide = 0x80000000U;
inline constexpr std::uint32_t kRowDriven = 0x40000000U;
inline constexpr std::uint32_t kRowDivided = 0x20000000U;
inline constexpr std::uint32_t kRowLength = 0x1FFFFFFFU;

}  // namespace rheobase::wgpu
