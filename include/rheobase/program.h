// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a program around the library needs so that nothing it writes is lost in silence.
#pragma once

#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "rheobase/export.h"

namespace rheobase {

/// Writes a file whole: the old one is there or the new one, whatever happens, never a part. The
/// old one's mode and owner stay; a link is followed. \throws Error io if it cannot be written, or
/// if another process is writing it.
RHEOBASE_API void write_file(const std::string& path, std::string_view bytes);
/// The same for parts that follow one another.
RHEOBASE_API void write_file(const std::string& path, const std::vector<std::string_view>& parts);

/// To be called first in `main`. What a pipe without a reader or a file that may not grow refuses
/// is from then on an error of that write, and no longer the end of the process; a standard stream
/// that is closed cannot be mistaken for a file that is opened later.
RHEOBASE_API void guard_standard_streams();

/// Writes to standard output, all of it. \return what went wrong, such as
/// std::errc::no_space_on_device or std::errc::broken_pipe.
[[nodiscard]] RHEOBASE_API std::error_code write_standard_output(std::string_view bytes);

}  // namespace rheobase
