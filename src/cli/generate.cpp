// SPDX-License-Identifier: Apache-2.0
#include "rheobase/generate.h"

#include <filesystem>
#include <iostream>
#include <memory>

#include "cli/commands.h"
#include "rheobase/error.h"
#include "rheobase/program.h"

namespace rheobase::cli {
namespace {

struct GenerateArguments {
  std::string kind, out;
  GenerateOptions options;
  bool force = false;
};

}  // namespace

void add_generate(CLI::App& program, int& exit_code) {
  auto arguments = std::make_shared<GenerateArguments>();
  CLI::App* command =
      program.add_subcommand("generate",
                             "Make a brain by rule, of any size: balanced (Brunel 2000), layered, "
                             "microcircuit (Potjans & Diesmann 2014), microcircuit_dc, vision (a "
                             "FEAGI genome)");
  command
      ->add_option("kind", arguments->kind,
                   "balanced, layered, microcircuit, microcircuit_dc or vision")
      ->required()
      ->check(CLI::IsMember(generator_names()));
  command->add_option("out", arguments->out, "File to write (.genome or .json)")->required();
  command->add_option("--neurons", arguments->options.neurons, "About how many neurons")
      ->capture_default_str();
  command->add_option("--seed", arguments->options.seed, "Seed")->capture_default_str();
  command->add_flag("--force", arguments->force, "Overwrite an existing file");
  command->footer(
      "The microcircuit has 77,169 neurons at full size; microcircuit_dc has the mean of its "
      "Poisson "
      "input instead.\nExample: rheobase generate balanced brunel.json --neurons 100000");
  command->callback([arguments, &exit_code] {
    if (!arguments->force && std::filesystem::exists(arguments->out)) {
      throw Error(ErrorCode::io,
                  arguments->out + " exists already. Choose another name or add --force.");
    }
    write_file(arguments->out, generate(arguments->kind, arguments->options));
    std::cout << "wrote " << arguments->out << "; try: rheobase run " << arguments->out << "\n";
    exit_code = kDone;
  });
}

}  // namespace rheobase::cli
