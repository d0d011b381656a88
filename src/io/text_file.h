// SPDX-License-Identifier: Apache-2.0
/// \file
/// Whole text files: read in one go, written through a temporary file so that none is ever half
/// there.
#pragma once

#include <string>

namespace rheobase {

/// The file's bytes. \throws Error io naming the file and the reason.
[[nodiscard]] std::string read_text_file(const std::string& path);

/// Writes beside `path`, then renames: `path` holds the old bytes or the new ones, nothing between.
/// \throws Error io naming the file and the reason.
void write_text_file(const std::string& path, const std::string& text);

}  // namespace rheobase
