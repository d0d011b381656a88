// SPDX-License-Identifier: Apache-2.0
/// \file
/// Checkpoints among the files that may hold a brain.
#pragma once

#include <string_view>

namespace rheobase::checkpoint {

/// Whether the bytes start as checkpoints do.
[[nodiscard]] bool is_checkpoint(std::string_view bytes);

}  // namespace rheobase::checkpoint
