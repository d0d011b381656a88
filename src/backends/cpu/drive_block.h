// SPDX-License-Identifier: Apache-2.0
/// \file
/// Drives of many neurons at once, by the single definition in model/drive.h.
#pragma once

#include <cstdint>
#include <vector>

#include "model/drive.h"

namespace rheobase {

inline constexpr std::uint32_t kDriveBlock = 512;

/// What a block of neurons gets; count <= kDriveBlock.
template <class Word>
struct DriveBlock {
  const model::CompiledDrive* drive = nullptr;
  std::uint64_t burst = 0;
  std::uint32_t first = 0;  ///< id
  std::uint32_t count = 0;
  std::uint32_t stride = 1;   ///< from a neuron's entry below to that of the next
  float* injected = nullptr;  ///< grows by what the drive gives
  /// Accumulators: one that counts no event yet counts one where something was injected.
  Word* words = nullptr;
  Word event_mask = 0;
  Word one_event = 0;  ///< 0: events are not counted
};

/// The drive must not be one of which is_rare holds. \return whether any neuron got something.
template <class Word>
bool drive_block(const DriveBlock<Word>& block);

/// Whether most neurons get nothing in most bursts, so that those who do are listed.
[[nodiscard]] constexpr bool is_rare(const model::CompiledDrive& drive) {
  return drive.unit_shift != 0;
}

/// What a rare drive gives a neuron.
struct RareEvents {
  std::uint32_t id = 0;
  std::uint32_t events = 0;
};

/// Appends those of neurons first .. last - 1 (first < last) that get something from a rare drive,
/// in the order of ids.
void find_rare_events(const model::CompiledDrive& drive, std::uint64_t burst, std::uint32_t first,
                      std::uint32_t last, std::vector<RareEvents>& found);

}  // namespace rheobase
