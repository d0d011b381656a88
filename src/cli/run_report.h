// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a run leaves behind: the summary on the screen and run.json.
#pragma once

#include <string>

#include "cli/activity.h"
#include "cli/run.h"

namespace rheobase::cli {

/// One line of JSON.
[[nodiscard]] std::string summary_line(const RunArguments& arguments, const Engine& engine,
                                       const RunSummary& summary);

/// run.json: all that is needed to run the same again and to see that it was the same. Without a
/// summary it says that the run is not finished.
void write_run_json(const RunArguments& arguments, const PreparedRun& run,
                    const RunSummary* summary);

void print_summary(const RunArguments& arguments, const PreparedRun& run, const RunSummary& summary,
                   const Activity& activity);

}  // namespace rheobase::cli
