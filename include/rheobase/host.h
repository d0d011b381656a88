// SPDX-License-Identifier: Apache-2.0
/// \file
/// Facts about the machine that a program around the library wants to know.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "rheobase/export.h"

namespace rheobase {

struct HostInfo {
  std::uint32_t cores = 1;
  std::uint64_t memory_available = 0;  ///< bytes that can be used now; container limits counted
  std::string processor;
};
[[nodiscard]] RHEOBASE_API HostInfo host_info();

/// Columns of the terminal behind standard error (2) or output (1); 0 where it is not a terminal.
[[nodiscard]] RHEOBASE_API std::uint32_t terminal_columns(int descriptor);

/// What came on standard input: waits for it at most `seconds`, and ends sooner for a signal.
/// \return bytes read; 0: the input has ended; none: nothing came yet. Not to be mixed with
/// std::cin. \throws Error io.
[[nodiscard]] RHEOBASE_API std::optional<std::size_t> read_standard_input(char* to,
                                                                          std::size_t most,
                                                                          double seconds);

/// "0.1.0"
[[nodiscard]] RHEOBASE_API std::string version();

}  // namespace rheobase
