// SPDX-License-Identifier: Apache-2.0
/// \file
/// One run of a brain as the command line asks for it; `run` and `rerun` share it.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "cli/load_options.h"
#include "rheobase/engine.h"

namespace rheobase::cli {

struct RunArguments {
  BrainOptions brain;
  std::uint64_t bursts = 0;
  std::string time;
  std::string backend = "auto";
  std::uint32_t threads = 0;
  std::uint64_t seed = 1;
  std::uint32_t copies = 1;
  std::string input;
  std::vector<std::string> drives, recordings;
  bool fatigue = false;
  std::string directory;
  bool json = false;
  bool stdio = false;
  std::vector<std::string> outputs;  ///< of --stdio
  std::string log;                   ///< the same: folder of the session
  bool branches = false;
  bool profile = false;
  std::string on_device_loss = "fail";
  std::string resume, checkpoint, checkpoint_every;
  std::vector<std::string> command_line;  ///< what was written, the program's name first

  void add_to(CLI::App& command);
  /// Only what says which engine is made: brain or checkpoint, input, drives, seed, backend.
  void add_engine_to(CLI::App& command);
};

struct PreparedRun {
  Engine engine;
  ImportReport report;
  std::uint64_t bursts = 0;       ///< to run
  std::uint64_t first_burst = 1;  ///< the first of them
};
/// Loads the brain or the checkpoint and makes the engine.
[[nodiscard]] PreparedRun prepare(const RunArguments& arguments);

/// Runs it with a progress bar; a signal (StopOnSignals) ends it after the burst at hand. With
/// `--profile`, `spans` gets the parts of the last bursts.
[[nodiscard]] RunSummary simulate(const RunArguments& arguments, PreparedRun& run,
                                  std::vector<ProfileSpan>& spans);

}  // namespace rheobase::cli
