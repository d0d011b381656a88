// SPDX-License-Identifier: Apache-2.0
// `rheobase rerun`, also of a run.json that came from somebody else.
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>

#include "support/program.h"

namespace rheobase::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr const char* kRerunBrain = R"({"format": "rheobase-network", "version": 1, "dt_ms": 1,
  "populations": [{"name": "a", "count": 20, "params": {"threshold": 1.0}}],
  "drives": [{"population": "a", "kind": "poisson", "rate_hz": 100, "amplitude": 2}]})";

class Rerun : public ProgramInFolder {
 protected:
  void SetUp() override {
    fs::create_directories(folder_ / "work");
    folder_.write("work/b.json", kRerunBrain);
    folder_.write("work/i.csv", "burst,neuron,potential\n3,4,2\n");
    ASSERT_EQ(shell("cd work && '" RHEOBASE_PROGRAM
                    "' run b.json --bursts 20 --backend cpu --input i.csv -o out > /dev/null")
                  .code,
              0);
  }
  /// run.json with one thing changed, as another file beside it.
  [[nodiscard]] std::string changed(const std::function<void(ordered_json&)>& change) const {
    ordered_json run = ordered_json::parse(text_of(folder_ / "work/out/run.json"));
    change(run);
    return folder_.write("work/out/changed.json", run.dump());
  }
  static std::string text_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
};

TEST_F(Rerun, FindsItsFilesFromAnywhere) {
  const Outcome here = run("rerun work/out/run.json");
  EXPECT_EQ(here.code, 0) << here.output;
  EXPECT_EQ(
      shell("cd / && '" RHEOBASE_PROGRAM "' rerun '" + (folder_ / "work/out/run.json") + "'").code,
      0);
  // moved, with its files
  fs::rename(folder_ / "work", folder_ / "moved");
  const Outcome moved = run("rerun moved/out/run.json");
  EXPECT_EQ(moved.code, 0) << moved.output;
  // moved without them
  fs::rename(folder_ / "moved/out/run.json", folder_ / "alone.json");
  EXPECT_REFUSED(run("rerun alone.json"), 1, "Say where its paths start with --from FOLDER.");
  EXPECT_EQ(run("rerun alone.json --from moved").code, 0);
}

/// The present folder stays what it is, nothing is written, and only files are opened.
TEST_F(Rerun, OfAStrangerTouchesNothing) {
  const auto names_before = folder_.names();
  const std::string path = changed([&](ordered_json& run) {
    run["command"] = {
        "rheobase", "run",       "b.json", "--bursts",     "20",       "--input",
        "i.csv",    "-o",        "stolen", "--checkpoint", "stolen2",  "--checkpoint-every",
        "1ms",      "--backend", "cpu",    "--profile",    "--record", "a:potential"};
  });
  const Outcome again = run("rerun work/out/changed.json");
  EXPECT_EQ(again.code, 0) << again.output;
  EXPECT_EQ(folder_.names().size(), names_before.size());
  for (const char* name : {"stolen", "work/stolen", "stolen2", "work/stolen2", "work/out/stolen"}) {
    EXPECT_FALSE(fs::exists(folder_ / name)) << name;
  }
  // a brain relative to the present folder is another than that of the run
  folder_.write("b.json", "{\"planted\": true}");
  EXPECT_EQ(run("rerun work/out/changed.json").code, 0);
  for (const char* device : {"/dev/zero", "/dev/tty", "/"}) {
    static_cast<void>(changed([&](ordered_json& run) {
      run["command"] = {"rheobase", "run", device, "--bursts", "20"};
    }));
    EXPECT_REFUSED(run("rerun work/out/changed.json"), 1, "it is not a file");
  }
}

TEST_F(Rerun, WhateverStandsInRunJsonIsOneSentence) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  const std::string whole = text_of(folder_ / "work/out/run.json");
  const auto with = [&](const std::string& text) {
    folder_.write("x.json", text);
    return run("rerun x.json");
  };
  EXPECT_REFUSED(with("{\"genome_id\": 1}"), 1, "is not the run.json of a run");
  EXPECT_REFUSED(with("[]"), 1, "an object was expected");
  EXPECT_REFUSED(with(""), 1, "is empty (the run.json of a run was expected)");
  EXPECT_REFUSED(with("{\"format\":" + deep + "}"), 1, "nested deeper than");
  EXPECT_REFUSED(with("{\"format\": \"rheobase-run\", \"format\": 1}"), 1, "stands twice");
  EXPECT_REFUSED(with("\x1f\x8b\x08"), 1, "is a gzip file (the run.json of a run was expected)");
  EXPECT_REFUSED(run("rerun work"), 1, "it is a folder");
  EXPECT_REFUSED(run("rerun -"), 1, "it means standard input");
  struct Change {
    const char* key;
    ordered_json value;
    const char* says;
  };
  const std::vector<Change> changes{
      {"version", 1, "a run.json of version 1"},
      {"version", std::string(4000, 'x'), "xxx…"},
      {"version", nullptr, "a run.json of version null"},
      {"command", nullptr, "its command is not `rheobase run`"},
      {"command", {1, 2, 3}, "its command holds 1"},
      {"command", {"rheobase", "run"}, "its command is not `rheobase run`"},
      {"command", {"rheobase", "run", "b.json", "--no-such"}, "its command is not understood"},
      {"command", {"rheobase", "run", "--help"}, "its command is not understood"},
      {"command", {"rheobase", "run", "b.json", "--bursts", "-4"}, "its command is not understood"},
      {"bursts", -1, "a whole number from 0"},
      {"bursts", 0, "There is nothing to repeat."},
      {"bursts", 1e30, "a whole number from 0"},
      {"signature", 5, "signature is 5 (text was expected)"},
      {"signature", "", "the spikes differ"},
      {"network_hash", nullptr, "network_hash is null (text was expected)"},
      {"network_hash", "00", "the brain is another"},
      {"first_burst", "1", "first_burst is"},
      {"first_burst", 2, "the brain is another"},
      {"working_directory", 1, "working_directory is 1 (text was expected)"},
  };
  for (const Change& change : changes) {
    static_cast<void>(changed([&](ordered_json& run) { run[change.key] = change.value; }));
    EXPECT_REFUSED(run("rerun work/out/changed.json"), 1, change.says);
  }
  for (const char* key : {"version", "command", "bursts", "signature", "network_hash",
                          "first_burst", "working_directory"}) {
    static_cast<void>(changed([&](ordered_json& run) { run.erase(key); }));
    EXPECT_REFUSED(run("rerun work/out/changed.json"), 1, "is missing");
  }
  for (std::size_t size = 0; size < whole.size(); size += 37) {
    const Outcome cut = with(whole.substr(0, size));
    EXPECT_EQ(cut.code, 1) << cut.output;
    EXPECT_EQ(cut.output.find("json.exception"), std::string::npos) << cut.output;
  }
}

}  // namespace
}  // namespace rheobase::test
