// SPDX-License-Identifier: Apache-2.0
/// \file
/// Text that the program leaves behind.
#pragma once

#include <cstdint>
#include <string>

#include "rheobase/load.h"

namespace rheobase::cli {

/// 1234567 as "1,234,567".
[[nodiscard]] std::string grouped(std::uint64_t value);

/// The remarks of a report; `all`: those of kind "taken" too.
[[nodiscard]] std::string report_text(const ImportReport& report, bool all);
/// "taken", "changed" or "ignored".
[[nodiscard]] const char* name_of(ImportNote::Kind kind);

}  // namespace rheobase::cli
