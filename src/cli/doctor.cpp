// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "cli/commands.h"
#include "rheobase/engine.h"

namespace rheobase::cli {

void add_doctor(CLI::App& program, int& exit_code) {
  CLI::App* command =
      program.add_subcommand("doctor", "Find out why a GPU cannot be used, and what mends it");
  command->footer("Exit code 0 if a GPU can be used, else 1.");
  command->callback([&exit_code] {
    bool usable = false;
    for (const Finding& finding : diagnose_gpu()) {
      std::cout << (finding.fine ? "  ok     " : "  WRONG  ") << finding.subject << ": "
                << finding.what << "\n";
      if (!finding.mend.empty()) {
        std::cout << "         -> " << finding.mend << "\n";
      }
      usable = usable || (finding.subject == "GPU" && finding.fine);
    }
    exit_code = usable ? kDone : kFailed;
  });
}

}  // namespace rheobase::cli
