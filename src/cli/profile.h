// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a profile looks like: a table, and a trace for chrome://tracing or Perfetto.
#pragma once

#include <string>
#include <vector>

#include "rheobase/record.h"

namespace rheobase::cli {

/// Median time of each part over the bursts, summed over the dispatches of a burst, the slowest
/// thread counting.
[[nodiscard]] std::string profile_table(const std::vector<ProfileSpan>& spans);

/// Trace events in Chrome's JSON form.
[[nodiscard]] std::string chrome_trace(const std::vector<ProfileSpan>& spans,
                                       const std::string& device);

}  // namespace rheobase::cli
