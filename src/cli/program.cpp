// SPDX-License-Identifier: Apache-2.0
#include "cli/program.h"

#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/serve.h"
#include "cli/standard_output.h"
#include "cli/stop.h"
#include "rheobase/error.h"
#include "rheobase/host.h"

namespace rheobase::cli {
namespace {

/// The sentence, after all that was printed. \return the code.
int say(const std::string& sentence, int code) {
  try {
    std::cout.flush();
  } catch (const OutputRefused&) {  // the sentence counts more
  }
  std::cerr << "rheobase: " << sentence << "\n";
  return code;
}

/// FEAGI's clients start an engine as PROGRAM --config FILE: under the name rheobase-feagi, that is
/// `serve`.
std::vector<const char*> as_feagi_calls(int argc, const char* const* argv) {
  std::vector<const char*> arguments(argv, argv + argc);
  const std::string name = argc == 0 ? "" : argv[0];
  if (name.ends_with("rheobase-feagi")) {
    const bool asks_version = argc == 2 && std::string(argv[1]) == "--version";
    if (!asks_version) {
      arguments.insert(arguments.begin() + 1, "serve");
    }
  }
  return arguments;
}

int run(int argc, const char* const* argv) {
  CLI::App program(
      "Rheobase runs spiking brains, with the same spikes bit for bit on every backend.",
      "rheobase");
  program.set_version_flag("--version", "rheobase " + rheobase::version());
  program.require_subcommand(1);
  program.footer(
      "Try: rheobase generate vision camera.genome && rheobase run camera.genome --drive "
      "Camera=20Hz:1");
  int exit_code = kDone;
  add_run(program, exit_code, {argv, argv + argc});
  add_rerun(program, exit_code);
  add_replay(program, exit_code);
  add_why(program, exit_code);
  add_info(program, exit_code);
  add_generate(program, exit_code);
  add_models(program, exit_code);
  add_convert(program, exit_code);
  add_diff(program, exit_code);
  add_devices(program, exit_code);
  add_doctor(program, exit_code);
  add_serve(program, exit_code);
  add_verify(program, exit_code);
  add_bench(program, exit_code);
  try {
    try {
      program.parse(argc, argv);
    } catch (const CLI::Success& wanted) {  // help and version
      return program.exit(wanted);
    }
  } catch (const CLI::ParseError& error) {
    return say(std::string(error.what()) + ". Try rheobase --help.", kWrongUsage);
  }
  return exit_code;
}

}  // namespace

int run_program(int argc, const char* const* argv) {
  try {
    const std::vector<const char*> arguments = as_feagi_calls(argc, argv);
    return run(static_cast<int>(arguments.size()), arguments.data());
  } catch (const OutputRefused&) {
    return kFailed;
  } catch (const Stopped&) {
    return kInterrupted;
  } catch (const UsageError& error) {
    return say(error.what(), kWrongUsage);
  } catch (const Error& error) {
    return say(error.what(), error.code() == ErrorCode::interrupted ? kInterrupted : kFailed);
  } catch (const std::bad_alloc&) {
    return say("there is not enough memory. Make the network smaller or use a larger machine.",
               kFailed);
  } catch (const std::exception& error) {
    return say(error.what(), kFailed);
  }
}

}  // namespace rheobase::cli
