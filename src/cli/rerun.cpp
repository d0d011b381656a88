// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <limits>
#include <memory>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/run.h"
#include "io/json_text.h"
#include "io/object_reader.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::cli {
namespace {

constexpr WantedFile kWantedRun{"the run.json of a run", "Name one that `rheobase run -o` wrote."};

struct RerunArguments {
  std::string path;
  std::string backend;
  std::string from;
  std::uint32_t threads = 0;
};

/// What run.json says of the run.
struct FormerRun {
  RunArguments arguments;
  std::string signature, network_hash;
  std::uint64_t first_burst = 1;
  std::vector<std::filesystem::path> folders;  ///< in which its paths may start
};

std::vector<std::string> words_of(ObjectReader& reader) {
  std::vector<std::string> words;
  for (const Json& word : reader.need("command")) {
    if (!word.is_string()) {
      reader.refuse("its command holds " + excerpt_of(word) + " (words were expected).");
    }
    words.push_back(word.get<std::string>());
  }
  if (words.size() < 3 || words[1] != "run") {
    reader.refuse("its command is not `rheobase run`. Name the run.json of a run.");
  }
  return {words.begin() + 2, words.end()};
}

/// The options by which the run was made; not those by which it was shown and written.
RunArguments arguments_of(ObjectReader& reader, const std::string& path) {
  std::vector<std::string> words = words_of(reader);
  std::reverse(words.begin(), words.end());  // as CLI11 wants them
  RunArguments all;
  CLI::App command;
  all.add_to(command);
  try {
    command.parse(words);
  } catch (const CLI::ParseError&) {
    reader.refuse(
        "its command is not understood (another version may have written it). Say "
        "what it was with `rheobase run`.");
  }
  RunArguments made;
  made.brain = all.brain;
  made.backend = all.backend;
  made.threads = all.threads;
  made.seed = all.seed;
  made.copies = all.copies;
  made.input = all.input;
  made.drives = all.drives;
  made.resume = all.resume;
  made.fatigue = all.fatigue;
  made.on_device_loss = all.on_device_loss;
  // what it did, not what it was meant to do: it may have been stopped
  made.bursts = reader.count("bursts", std::nullopt, 0, std::numeric_limits<std::uint64_t>::max());
  if (made.bursts == 0) {
    throw Error(ErrorCode::invalid_file,
                path + ": the run was stopped before its first burst. There is nothing to repeat.");
  }
  return made;
}

FormerRun read_run_json(const std::string& path) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  const Json root = read_json_file(path, kWantedRun);
  ObjectReader reader(root, path);
  if (!reader.has("format") || reader.need("format") != "rheobase-run") {
    throw Error(ErrorCode::invalid_file,
                path + " is not the run.json of a run (its \"format\" is not \"rheobase-run\"). " +
                    std::string(kWantedRun.hint));
  }
  if (const Json& version = reader.need("version"); version != 2) {
    throw Error(ErrorCode::invalid_file, path + ": a run.json of version " + excerpt_of(version) +
                                             " (2 is read). Record the run again.");
  }
  if (!reader.flag("finished", true)) {
    throw Error(ErrorCode::invalid_file,
                path +
                    ": the run is not finished (it goes on, or was killed or could not write). "
                    "There is nothing to compare with.");
  }
  FormerRun run;
  run.arguments = arguments_of(reader, path);
  run.signature = reader.text("signature", std::nullopt);
  run.network_hash = reader.text("network_hash", std::nullopt);
  run.first_burst = reader.count("first_burst", std::nullopt, 1, kMost);
  // seen from run.json, so that a folder that was moved or sent is found; else as it was
  const std::string relative = reader.text("paths_from", "");
  if (!relative.empty()) {
    run.folders.push_back(std::filesystem::path(path).parent_path() / relative);
  }
  run.folders.emplace_back(reader.text("working_directory", std::nullopt));
  return run;
}

/// Where a file of the run is now. The present folder is never changed.
void find_file(std::string& file, const FormerRun& run, const std::string& run_json) {
  if (file.empty()) {
    return;
  }
  std::string looked;
  for (const std::filesystem::path& folder : run.folders) {
    const std::filesystem::path there = folder / file;
    std::error_code failed;
    if (std::filesystem::is_regular_file(there, failed)) {
      file = there.string();
      return;
    }
    if (std::filesystem::exists(there, failed)) {
      throw Error(ErrorCode::io, "cannot read " + there.string() + ", which " + run_json +
                                     " names (it is not a file). Say where its paths start with "
                                     "--from FOLDER.");
    }
    looked += (looked.empty() ? "" : " and ") + there.string();
  }
  throw Error(ErrorCode::io, "cannot find a file of " + run_json + " (looked for " + looked +
                                 "). Say where its paths start with --from FOLDER.");
}

int rerun(const RerunArguments& given) {
  FormerRun former = read_run_json(given.path);
  if (!given.backend.empty()) {
    former.arguments.backend = given.backend;
  }
  if (given.threads != 0) {
    former.arguments.threads = given.threads;
  }
  if (!given.from.empty()) {
    former.folders = {given.from};
  }
  for (std::string* file :
       {&former.arguments.brain.path, &former.arguments.resume, &former.arguments.input}) {
    find_file(*file, former, given.path);
  }
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
  command->add_option("--from", arguments->from,
                      "Folder in which the paths of the run start (default: the one in which it "
                      "was started)");
  command->footer("Example: rheobase rerun out/run.json --backend reference");
  command->callback([arguments, &exit_code] { exit_code = rerun(*arguments); });
}

}  // namespace rheobase::cli
