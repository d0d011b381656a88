// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <memory>

#include "cli/commands.h"
#include "cli/output.h"
#include "rheobase/load.h"
#include "rheobase/text.h"

namespace rheobase::cli {

void add_convert(CLI::App& program, int& exit_code) {
  struct Arguments {
    std::string in, out;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = program.add_subcommand(
      "convert", "Write a genome in FEAGI's current schema; nothing is lost");
  command->add_option("in", arguments->in, "Brain to read")->required();
  command->add_option("out", arguments->out, "File to write (.genome or .json)")->required();
  command->callback([arguments, &exit_code] {
    const ImportReport report = convert(arguments->in, arguments->out);
    std::cout << "read " << report.format
              << (report.title.empty() ? "" : " " + quoted_name(report.title)) << ", wrote "
              << arguments->out << "\n"
              << report_text(report, false);
    exit_code = kDone;
  });
}

}  // namespace rheobase::cli
