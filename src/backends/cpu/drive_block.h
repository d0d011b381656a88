// SPDX-License-Identifier: Apache-2.0
/// \file
/// Drives of many neurons at once, by the single definition in model/drive.h.
#pragma once

#include <cstdint>

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
  Word one_event = 0;
};

/// \return whether any neuron got something.
template <class Word>
bool drive_block(const DriveBlock<Word>& block);

}  // namespace rheobase
