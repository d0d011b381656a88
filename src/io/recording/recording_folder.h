// SPDX-License-Identifier: Apache-2.0
/// \file
/// Whether a recording is finished, by the folder it is in.
#pragma once

#include <string>

namespace rheobase::recording {

/// For a file of a recording.
[[nodiscard]] bool is_marked_unfinished(const std::string& path);

}  // namespace rheobase::recording
