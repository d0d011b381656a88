// SPDX-License-Identifier: Apache-2.0
/// \file
/// Whole files, read in one go.
#pragma once

#include <string>

namespace rheobase {

/// The file's bytes. \throws Error io naming the file and the reason.
[[nodiscard]] std::string read_text_file(const std::string& path);

}  // namespace rheobase
