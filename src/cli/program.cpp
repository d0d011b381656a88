// SPDX-License-Identifier: Apache-2.0
#include "cli/program.h"

#include <exception>
#include <iostream>
#include <string>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "rheobase/error.h"
#include "rheobase/host.h"

namespace rheobase::cli {

namespace {

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
  add_why(program, exit_code);
  add_info(program, exit_code);
  add_generate(program, exit_code);
  add_convert(program, exit_code);
  add_diff(program, exit_code);
  add_devices(program, exit_code);
  add_doctor(program, exit_code);
  add_verify(program, exit_code);
  add_bench(program, exit_code);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // help and version arrive as errors of code 0
    if (error.get_exit_code() == 0) {
      return program.exit(error);
    }
    std::cerr << "rheobase: " << error.what() << ". Try rheobase --help.\n";
    return kWrongUsage;
  }
  return exit_code;
}

}  // namespace

int run_program(int argc, const char* const* argv) {
  try {
    return run(argc, argv);
  } catch (const UsageError& error) {
    std::cerr << "rheobase: " << error.what() << "\n";
    return kWrongUsage;
  } catch (const Error& error) {
    std::cerr << "rheobase: " << error.what() << "\n";
    return error.code() == ErrorCode::interrupted ? kInterrupted : kFailed;
  } catch (const std::bad_alloc&) {
    std::cerr << "rheobase: there is not enough memory. Make the network smaller or use a larger "
                 "machine.\n";
    return kFailed;
  } catch (const std::exception& error) {
    std::cerr << "rheobase: " << error.what() << "\n";
    return kFailed;
  }
}

}  // namespace rheobase::cli
