// SPDX-License-Identifier: Apache-2.0
/// \file
/// How a network is run on a GPU. None of it changes a result; bench/README.md says what wins
/// where.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rheobase::wgpu {

struct Tuning {
  enum class Index : std::uint8_t { dense, hash };
  enum class Delivery : std::uint8_t { automatic, push, sweep };
  /// Accumulators of 64 bits: as one word, or as two where the device has no such atomics.
  enum class Sum : std::uint8_t { automatic, i64, pair };
  enum class Arithmetic : std::uint8_t { automatic, native, integer };

  Index index = Index::dense;
  Delivery delivery = Delivery::automatic;
  Sum sum = Sum::automatic;
  Arithmetic arithmetic = Arithmetic::automatic;
  std::uint32_t deliver_workgroup = 0;   ///< 0: chosen
  std::uint32_t deliver_groups = 0;      ///< 0: chosen
  std::uint32_t update_workgroup = 0;    ///< 0: chosen
  std::uint32_t neurons_per_thread = 0;  ///< 0: chosen
  std::uint32_t team = 0;                ///< 0: chosen
  std::uint32_t ahead = 0;               ///< 0: chosen
  std::uint32_t long_row = 0;            ///< 0: chosen
  std::uint32_t shard_shift = 0;         ///< 0: chosen
  std::uint32_t tile = 0;                ///< neurons; 0: chosen
};

/// A backend's name behind "wgpu": the adapter, then options. "" , ":software", ":0+index=hash".
struct Selection {
  std::string adapter;
  Tuning tuning;
};
/// Options: index=dense|hash, delivery=push|sweep, sum=i64|pair, arithmetic=native|integer,
/// deliver_workgroup=, deliver_groups=, update_workgroup=, neurons_per_thread=, team=, ahead=,
/// long_row=, shard_shift=, tile= (numbers).
/// \throws Error invalid_argument that lists what is possible.
[[nodiscard]] Selection parse_selection(std::string_view text);

}  // namespace rheobase::wgpu
