// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/run.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::cli {
namespace {

using nlohmann::json;

struct RerunArguments {
  std::string path;
  std::string backend;
  std::uint32_t threads = 0;
};

/// What run.json says of the run.
struct FormerRun {
  RunArguments arguments;
  std::string working_directory, signature, network_hash;
  std::uint64_t first_burst = 1;
};

FormerRun read_run_json(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    throw Error(ErrorCode::io, "cannot read " + path + ". Name the run.json of a recording.");
  }
  try {
    const json j = json::parse(file);
    if (j.at("format") != "rheobase-run") {
      throw Error(ErrorCode::invalid_file, path + ": not a run (its format is another).");
    }
    if (j.at("version") != 2) {
      throw Error(ErrorCode::invalid_file, path + ": a run.json of version " +
                                               j.at("version").dump() +
                                               " (2 is read). Record the run again.");
    }
    if (j.value("finished", true) == false) {
      throw Error(ErrorCode::invalid_file,
                  path +
                      ": the run is not finished (it goes on, or was killed or could not write). "
                      "There is nothing to compare with.");
    }
    if (j.at("bursts") == 0) {
      throw Error(
          ErrorCode::invalid_file,
          path + ": the run was stopped before its first burst. There is nothing to repeat.");
    }
    FormerRun run;
    run.working_directory = j.at("working_directory");
    run.signature = j.at("signature");
    run.network_hash = j.at("network_hash");
    run.first_burst = j.at("first_burst");
    std::vector<std::string> words = j.at("command");
    if (words.size() < 3 || words[1] != "run") {
      throw Error(ErrorCode::invalid_file, path + ": its command is not `rheobase run`.");
    }
    words.erase(words.begin(), words.begin() + 2);
    std::reverse(words.begin(), words.end());  // as CLI11 wants them
    CLI::App command;
    run.arguments.add_to(command);
    command.parse(words);
    // what it did, not what it was meant to do: it may have been stopped
    run.arguments.bursts = j.at("bursts");
    run.arguments.time.clear();
    run.arguments.checkpoint.clear();
    run.arguments.checkpoint_every.clear();
    run.arguments.profile = false;
    return run;
  } catch (const json::exception& error) {
    throw Error(ErrorCode::invalid_file,
                path + ": not the run.json of a `rheobase run` (" + error.what() + ").");
  } catch (const CLI::ParseError& error) {
    throw Error(ErrorCode::invalid_file,
                path + ": its command cannot be read (" + error.what() + ").");
  }
}

int rerun(const RerunArguments& given) {
  FormerRun former = read_run_json(given.path);
  if (!given.backend.empty()) {
    former.arguments.backend = given.backend;
  }
  if (given.threads != 0) {
    former.arguments.threads = given.threads;
  }
  // its paths start where it was started, if that is still there
  std::error_code ignored;
  std::filesystem::current_path(former.working_directory, ignored);
  PreparedRun run = prepare(former.arguments);
  if (hex_text(run.engine.network().hash()) != former.network_hash ||
      run.first_burst != former.first_burst) {
    throw Error(ErrorCode::difference,
                "the brain is another than that of " + given.path + " (its network hash is " +
                    hex_text(run.engine.network().hash()) + ", burst " +
                    number_text(run.first_burst) + " comes next; there it was " +
                    former.network_hash + ", " + number_text(former.first_burst) +
                    "). Bring the old file back.");
  }
  std::vector<ProfileSpan> spans;
  const RunSummary summary = simulate(former.arguments, run, spans);
  if (summary.stopped) {
    return kInterrupted;
  }
  if (hex_text(summary.signature) != former.signature) {
    throw Error(ErrorCode::difference, "the spikes differ from those of " + given.path +
                                           " (signature " + hex_text(summary.signature) +
                                           ", there " + former.signature +
                                           "). If its input files are unchanged, please report "
                                           "it.");
  }
  std::cout << "the same spikes: " << grouped(summary.bursts) << " bursts, "
            << grouped(summary.spikes) << " spikes, signature " << former.signature << " on "
            << run.engine.backend() << "\n";
  return kDone;
}

}  // namespace

void add_rerun(CLI::App& program, int& exit_code) {
  auto arguments = std::make_shared<RerunArguments>();
  CLI::App* command = program.add_subcommand(
      "rerun", "Run a recorded run again, also on another backend, and compare its signature");
  command->add_option("run", arguments->path, "run.json of a recording")->required();
  command->add_option("--backend", arguments->backend, "Another backend than that of the run");
  command->add_option("--threads", arguments->threads, "Another number of threads");
  command->footer("Example: rheobase rerun out/run.json --backend reference");
  command->callback([arguments, &exit_code] { exit_code = rerun(*arguments); });
}

}  // namespace rheobase::cli
