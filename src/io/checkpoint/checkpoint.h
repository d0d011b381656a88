// SPDX-License-Identifier: Apache-2.0
/// \file
/// Checkpoints among the files that may hold a brain.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "rheobase/network.h"

namespace rheobase::checkpoint {

/// Whether the bytes start as checkpoints do.
[[nodiscard]] bool is_checkpoint(std::string_view bytes);

/// The network of a checkpoint, and the burst that its state is of.
struct NetworkAlone {
  Network network;
  std::uint64_t burst = 0;
};

/// Also of checkpoints from which this version cannot go on. \throws Error as read_checkpoint.
[[nodiscard]] NetworkAlone read_network_alone(std::string_view bytes, const std::string& name);

}  // namespace rheobase::checkpoint
