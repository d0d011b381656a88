// SPDX-License-Identifier: Apache-2.0
// The program as a person uses it: a subprocess, its output, its exit code, its files.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "support/program.h"

namespace rheobase::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

class Program : public ProgramInFolder {
 protected:
  void write(const char* name, const std::string& text) const { folder_.write(name, text); }
  [[nodiscard]] bool exists(const char* name) const { return fs::exists(folder_ / name); }
};

#define EXPECT_FAILS(outcome, exit_code, says)                                          \
  {                                                                                     \
    const Outcome got = (outcome);                                                      \
    EXPECT_EQ(got.code, exit_code) << got.output;                                       \
    EXPECT_NE(got.output.find(says), std::string::npos) << got.output;                  \
    EXPECT_LE(std::count(got.output.begin(), got.output.end(), '\n'), 3) << got.output; \
  }

TEST_F(Program, GeneratesAndRunsABrain) {
  ASSERT_EQ(run("generate vision v.genome --neurons 2000").code, 0);
  const Outcome shown = run("run v.genome --bursts 50 --drive Camera=20Hz:1 -o out");
  EXPECT_EQ(shown.code, 0) << shown.output;
  EXPECT_NE(shown.output.find("signature"), std::string::npos);
  for (const char* name :
       {"out/spikes.h5", "out/spikes.csv", "out/spikes.npy", "out/raster.png", "out/run.json"}) {
    EXPECT_TRUE(exists(name)) << name;
  }
  const json file = json::parse(std::ifstream(folder_ / "out/run.json"));
  const json printed = json::parse(
      run("run v.genome --bursts 50 --drive Camera=20Hz:1 --json --backend reference").output);
  EXPECT_EQ(file["signature"], printed["signature"]) << "the same on every backend";
  for (const char* key : {"neurons", "synapses", "areas", "bursts", "spikes", "events", "seconds",
                          "bursts_per_second", "backend", "seed", "signature"}) {
    EXPECT_TRUE(printed.contains(key)) << key;
  }
  EXPECT_GT(printed["spikes"], 100);
  const json other =
      json::parse(run("run v.genome --bursts 50 --drive Camera=20Hz:1 --json --seed 2").output);
  EXPECT_NE(other["signature"], printed["signature"]);
}

TEST_F(Program, GoesOnFromACheckpoint) {
  ASSERT_EQ(run("generate vision v.genome --neurons 2000").code, 0);
  const std::string brain = "run v.genome --drive Camera=20Hz:1 ";
  const json whole = json::parse(run(brain + "--bursts 90 --json").output);
  ASSERT_EQ(run(brain + "--bursts 40 --checkpoint state -o first").code, 0);
  const json rest = json::parse(run("run --resume state --bursts 50 --json -o second").output);
  EXPECT_EQ(rest["signature"], whole["signature"]);
  EXPECT_EQ(rest["bursts"], 50);
  EXPECT_EQ(json::parse(std::ifstream(folder_ / "second/run.json"))["first_burst"], 41);
  EXPECT_EQ(run("info state").code, 0);
  // a run that had come to its end has nothing left, however often it is resumed
  const json over = json::parse(run("run --resume state --json").output);
  EXPECT_EQ(over["bursts"], 0);
  EXPECT_EQ(run("run --resume state -o third").code, 0);
  EXPECT_FAILS(run("run --resume state -o first"), 2, "first holds a recording");
  EXPECT_FAILS(run("run --resume state --seed 2"), 2, "--seed excludes --resume");
  EXPECT_FAILS(run("run --resume v.genome"), 1,
               "v.genome is a JSON file (a checkpoint was expected)");
  EXPECT_FAILS(run("run v.genome --checkpoint-every 1s"), 2, "Add --checkpoint FILE");
  EXPECT_FAILS(run("run v.genome --checkpoint no/state"), 1, "cannot write no/state");
  EXPECT_FAILS(run("run"), 2, "a brain to run is missing");
}

TEST_F(Program, RunsCopiesThatFireAsEachDoesAlone) {
  ASSERT_EQ(run("generate vision v.genome --neurons 600").code, 0);
  write("i.csv", "burst,area,x,y,z,potential\n3,Camera,1,2,0,5\n40,Camera,4,4,0,5\n");
  const std::string given = " --drive Camera=20Hz:1 --input i.csv --bursts 80 --json";
  const json together =
      json::parse(run("run v.genome --seed 7 --copies 3 -o out --checkpoint state" + given).output);
  EXPECT_EQ(together["members"], 3);
  std::uint64_t spikes = 0;
  for (int seed = 7; seed < 10; ++seed) {
    spikes += json::parse(run("run v.genome --seed " + std::to_string(seed) + given).output)
                  .at("spikes")
                  .get<std::uint64_t>();
  }
  EXPECT_EQ(together["spikes"], spikes);
  EXPECT_EQ(run("rerun out/run.json --backend reference").code, 0);
  EXPECT_EQ(run("run --resume state --bursts 5").code, 0);
  EXPECT_EQ(run("why v.genome --copies 2 --neuron '1/Camera[3]'").code, 0);
  EXPECT_FAILS(run("run v.genome --copies 4000000000"), 1, "Join fewer");
}

TEST_F(Program, ReadsABrainFromAPipe) {
  ASSERT_EQ(run("generate vision v.genome --neurons 2000").code, 0);
  ASSERT_EQ(run("run v.genome --bursts 3 --checkpoint c").code, 0);
  for (const std::string file : {"v.genome", "c"}) {
    write("pipe.sh", "cat " + file + " | '" RHEOBASE_PROGRAM "' info /dev/stdin --json");
    const std::string piped = run("--version >/dev/null; sh pipe.sh").output;
    EXPECT_EQ(json::parse(piped)["network_hash"],
              json::parse(run("info " + file + " --json").output)["network_hash"]);
  }
}

TEST_F(Program, RunsARunAgain) {
  ASSERT_EQ(run("generate vision v.genome --neurons 2000").code, 0);
  ASSERT_EQ(run("run v.genome --drive Camera=20Hz:1 --time 1s -o out").code, 0);
  EXPECT_EQ(run("rerun out/run.json").code, 0);
  const Outcome other = run("rerun out/run.json --backend reference");
  EXPECT_NE(other.output.find("on reference"), std::string::npos) << other.output;
  json file = json::parse(std::ifstream(folder_ / "out/run.json"));
  json stopped = file;
  stopped["bursts"] = 0;
  write("none.json", stopped.dump());
  EXPECT_FAILS(run("rerun none.json"), 1, "stopped before its first burst");
  json older = file;
  older["version"] = 1;
  write("older.json", older.dump());
  EXPECT_FAILS(run("rerun older.json"), 1, "a run.json of version 1");
  file["signature"] = "0000000000000000";
  write("out/run.json", file.dump());
  EXPECT_FAILS(run("rerun out/run.json"), 1, "the spikes differ");
  ASSERT_EQ(run("generate vision v.genome --neurons 3000 --force").code, 0);
  EXPECT_FAILS(run("rerun out/run.json"), 1, "the brain is another");
  EXPECT_FAILS(run("rerun v.genome"), 1, "not the run.json");
  EXPECT_FAILS(run("rerun none"), 1, "cannot read none");
}

TEST_F(Program, RecordsWhatIsAskedFor) {
  ASSERT_EQ(run("generate vision v.genome --neurons 2000").code, 0);
  ASSERT_EQ(run("run v.genome --time 200ms --drive Camera=constant:1 --record 'Camera[0:5]' "
                "--record 'Edges[2:4]:potential:2' -o out")
                .code,
            0);
  const json probes = json::parse(std::ifstream(folder_ / "out/probes.json"));
  EXPECT_EQ(probes[0]["count"], 2);
  EXPECT_EQ(probes[0]["bursts"][0]["count"], 5) << "10 bursts of 20 ms, every second";
  std::ifstream csv(folder_ / "out/spikes.csv");
  std::string line;
  std::size_t lines = 0;
  while (std::getline(csv, line)) {
    ++lines;
  }
  EXPECT_EQ(lines, 1U + 5 * 10);
  // what is recorded does not change what is shown
  const Outcome all = run("run v.genome --time 200ms --drive Camera=constant:1");
  const Outcome some =
      run("run v.genome --time 200ms --drive Camera=constant:1 --record 'Camera[0:5]' -o some");
  const auto table = [](const std::string& output) {
    return output.substr(0, output.find(" spikes, "));
  };
  EXPECT_EQ(table(all.output), table(some.output));
  EXPECT_FAILS(run("run v.genome --record Camera"), 2, "Add -o DIR");
  EXPECT_FAILS(run("run v.genome -o x --record 'Camera[nan:5]'"), 2, "is no whole number");
  EXPECT_FAILS(run("run v.genome -o x --record Camera:mood"), 2, "no state field is called 'mood'");
}

TEST_F(Program, DiffFindsTheFirstDifference) {
  ASSERT_EQ(run("generate balanced b.json --neurons 200").code, 0);
  ASSERT_EQ(run("run b.json --bursts 500 -o one").code, 0);
  ASSERT_EQ(run("run b.json --bursts 500 --threads 2 -o two").code, 0);
  ASSERT_EQ(run("run b.json --bursts 500 --seed 9 -o three").code, 0);
  const Outcome same = run("diff one two");
  EXPECT_EQ(same.code, 0);
  EXPECT_NE(same.output.find("equal"), std::string::npos);
  EXPECT_EQ(run("diff one/spikes.h5 two/spikes.csv").code, 0);
  const Outcome other = run("diff one three");
  EXPECT_EQ(other.code, 1);
  EXPECT_NE(other.output.find("the first difference is in burst"), std::string::npos)
      << other.output;
}

TEST_F(Program, InfoConvertDevicesVerify) {
  ASSERT_EQ(run("generate vision v.genome --neurons 2000").code, 0);
  const json info = json::parse(run("info v.genome --json").output);
  for (const char* key : {"areas", "neurons", "synapses", "unique_synapses", "report"}) {
    EXPECT_TRUE(info.contains(key)) << key;
  }
  EXPECT_NE(run("info v.genome").output.find("import report"), std::string::npos);
  ASSERT_EQ(run("convert v.genome w.genome").code, 0);
  const json converted = json::parse(run("info w.genome --json").output);
  EXPECT_EQ(converted["network_hash"], info["network_hash"]);
  const json devices = json::parse(run("devices --json").output);
  EXPECT_EQ(devices[0]["backend"], "cpu");
  EXPECT_EQ(devices[0]["usable"], true);
  const Outcome verified = run("verify v.genome --bursts 20");
  EXPECT_EQ(verified.code, 0) << verified.output;
  EXPECT_NE(verified.output.find("every backend agrees"), std::string::npos);
}

TEST_F(Program, WrongUsageIsOneSentenceAndCode2) {
  ASSERT_EQ(run("generate vision v.genome --neurons 2000").code, 0);
  EXPECT_EQ(run("").code, 2);
  EXPECT_FAILS(run("run"), 2, "rheobase: a brain to run is missing");
  EXPECT_FAILS(run("run v.genome --bursts 5 --time 1s"), 2, "rheobase: ");
  EXPECT_FAILS(run("run v.genome --bursts 0"), 2, "--bursts: '0' is not a number above 0");
  EXPECT_FAILS(run("run v.genome --copies -3"), 2, "--copies: '-3' is not a number above 0");
  EXPECT_FAILS(run("generate nothing x.json"), 2, "rheobase: ");
  EXPECT_FAILS(run("walk v.genome"), 2, "rheobase: ");
  EXPECT_FAILS(run("run v.genome --time 5parsec"), 2, "'5parsec' is no duration");
  EXPECT_FAILS(run("run v.genome --drive Camera"), 2, "is no drive");
  EXPECT_FAILS(run("run v.genome --drive Camera:ge=20Hz:1"), 1, "has no port 'ge'");
  EXPECT_FAILS(run("run v.genome --drive Camera=fast:1"), 2, "is no number of Hz");
  EXPECT_FAILS(run("run v.genome -o x --record 'Camera[5:2]'"), 2, "leaves the area");
  EXPECT_EQ(run("--help").code, 0);
  EXPECT_EQ(run("--version").code, 0);
}

TEST_F(Program, FailuresAreOneSentenceAndCode1) {
  ASSERT_EQ(run("generate vision v.genome --neurons 2000").code, 0);
  EXPECT_FAILS(run("run nowhere.genome"), 1, "nowhere.genome");
  write("broken.genome", "{\"blueprint\": {");
  EXPECT_FAILS(run("run broken.genome -o out"), 1, "broken.genome");
  EXPECT_FALSE(exists("out")) << "nothing is left of a run that could not begin";
  write("text.genome", "hello");
  EXPECT_FAILS(run("info text.genome"), 1, "text.genome");
  EXPECT_FAILS(run("run v.genome --drive Camra=20Hz:1"), 1, "Did you mean 'Camera'?");
  EXPECT_FAILS(run("run v.genome --backend warp"), 1, "no backend is called 'warp'");
  EXPECT_FAILS(run("run v.genome -o v.genome"), 1, "v.genome");
  EXPECT_FAILS(run("generate vision v.genome"), 1, "exists already");
  EXPECT_FAILS(run("diff v.genome v.genome"), 1, "v.genome");
  write("in.csv", "burst,neuron,potential\n1,99999999,1\n");
  EXPECT_FAILS(run("run v.genome --input in.csv"), 1, "in.csv:2");
  EXPECT_FAILS(
      run("generate balanced big.json --neurons 20000000 && '" RHEOBASE_PROGRAM "' run big.json"),
      1, "memory");
}

TEST_F(Program, InterruptEndsTheRunAndWritesEverything) {
  ASSERT_EQ(run("generate vision v.genome --neurons 2000").code, 0);
  const Outcome stopped =
      run("run v.genome --bursts 1000000000 --drive Camera=20Hz:1 --record Camera -o out & pid=$!; "
          "until [ $(cat out/spikes.csv 2>/dev/null | wc -l) -gt 10 ]; do sleep 0.02; done; kill "
          "-INT $pid; wait $pid");
  EXPECT_EQ(stopped.code, 130) << stopped.output;
  const json file = json::parse(std::ifstream(folder_ / "out/run.json"));
  EXPECT_EQ(file["stopped"], true);
  EXPECT_GT(file["bursts"], 0);
  EXPECT_EQ(run("diff out/spikes.h5 out/spikes.npy").code, 0) << "all files hold the same spikes";
}

}  // namespace
}  // namespace rheobase::test
