// SPDX-License-Identifier: Apache-2.0
/// \file
/// Recordings as users name them: a folder of a run, or one of its files.
#pragma once

#include <string>

#include "rheobase/record.h"

namespace rheobase::cli {

/// Whether the path names a recording and no brain.
[[nodiscard]] bool is_recording(const std::string& path);

/// Its spikes, from the best of its files. \throws Error io, invalid_file.
[[nodiscard]] SpikeTable spikes_of(const std::string& path);

/// A line that says so of a recording that is not finished; else nothing.
[[nodiscard]] std::string unfinished_note(const std::string& path, const SpikeTable& table);

/// What `info` says of a recording.
[[nodiscard]] std::string recording_text(const std::string& path);
/// The same as one JSON object.
[[nodiscard]] std::string recording_json(const std::string& path);

}  // namespace rheobase::cli
