// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "cli/commands.h"
#include "rheobase/engine.h"
#include "rheobase/realtime.h"

namespace rheobase::cli {
namespace {

void show(const Finding& finding, const char* unless_fine) {
  std::cout << (finding.fine ? "  ok     " : unless_fine) << finding.subject << ": " << finding.what
            << "\n";
  if (!finding.mend.empty()) {
    std::cout << "         -> " << finding.mend << "\n";
  }
}

}  // namespace

void add_doctor(CLI::App& program, int& exit_code) {
  CLI::App* command =
      program.add_subcommand("doctor",
                             "Find out why a GPU cannot be used, and what mends it; what "
                             "a real-time loop is allowed");
  command->footer("Exit code 0 if a GPU can be used, else 1.");
  command->callback([&exit_code] {
    bool usable = false;
    for (const Finding& finding : diagnose_gpu()) {
      show(finding, "  WRONG  ");
      usable = usable || (finding.subject == "GPU" && finding.fine);
    }
    for (const Finding& finding : diagnose_realtime()) {
      show(finding, "  no     ");
    }
    exit_code = usable ? kDone : kFailed;
  });
}

}  // namespace rheobase::cli
