// SPDX-License-Identifier: Apache-2.0
// How runs end: by signals, by SIGKILL at any moment, beside another run. RHEOBASE_KILLS says how
// many kills (`make soak`: 500).
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "rheobase/checkpoint.h"
#include "rheobase/error.h"
#include "rheobase/network.h"
#include "rheobase/record.h"
#include "support/process.h"
#include "support/random_network.h"
#include "support/shell.h"

namespace rheobase::test {
namespace {

std::vector<std::string> spike_files() {
  std::vector<std::string> names{"spikes.csv", "spikes.npy"};
  if (has_sonata()) {
    names.emplace_back("spikes.h5");
  }
  return names;
}

class Ends : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(shell_.run("$R generate vision v.genome --neurons 300").code, 0);
  }
  /// A run that never ends by itself.
  [[nodiscard]] std::vector<std::string> endless(std::vector<std::string> more = {}) const {
    std::vector<std::string> words{"run",       shell_ / "v.genome",
                                   "--bursts",  "100000000000",
                                   "--drive",   "Camera=200Hz:1",
                                   "--record",  "Camera",
                                   "--record",  "Motor[0:5]:potential:2",
                                   "--backend", "cpu",
                                   "--threads", "1",
                                   "-o",        shell_ / "out"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  [[nodiscard]] bool runs_until_there_is(const Process& child, const std::string& name) const {
    return child.runs_until([&] { return shell_.exists(name); });
  }
  Shell shell_;
};

TEST_F(Ends, KilledAnywhereEveryFileCanBeRead) {
  const char* wanted = std::getenv("RHEOBASE_KILLS");
  const int kills = wanted != nullptr ? std::atoi(wanted) : 25;
  Chooser choose(7);
  int too_early = 0;
  int read = 0;
  std::size_t spikes = 0;
  std::uint32_t slowness = 4;  // in quarters; a machine that has written nothing yet needs longer
  int kill = 0;
  for (; kill < kills || spikes == 0; ++kill) {
    slowness += kill >= kills ? 1 : 0;
    SCOPED_TRACE("kill " + std::to_string(kill));
    if (choose.one_in(2)) {  // the other half meets what the kill before left
      std::filesystem::remove_all(shell_ / "out");
    }
    Process child(endless(), shell_ / "said");
    // soon after the start, or about where files are flushed and copied
    const std::uint32_t most = choose.one_in(3) ? 60'000 : 1'300'000;
    std::this_thread::sleep_for(std::chrono::microseconds(choose.below(most)) * slowness / 4);
    child.send(SIGKILL);
    ASSERT_EQ(child.wait(), -1) << child.output();
    if (!shell_.exists("out/unfinished")) {
      ++too_early;
      continue;
    }
    for (const std::string& name : spike_files()) {
      if (shell_.exists("out/" + name)) {
        SCOPED_TRACE(name);
        SpikeTable table;
        ASSERT_NO_THROW(table = read_spikes(shell_ / ("out/" + name)));
        EXPECT_FALSE(table.finished);
        spikes += table.ids.size();
        ++read;
      }
    }
    if (shell_.exists("out/probes.json")) {
      EXPECT_TRUE(nlohmann::json::accept(shell_.text_of("out/probes.json")));
    }
    if (shell_.exists("out/run.json")) {
      EXPECT_EQ(nlohmann::json::parse(shell_.text_of("out/run.json"))["finished"], false);
    }
  }
  std::cout << kill << " kills, " << too_early << " before a file was there; " << read
            << " files read back with " << spikes << " spikes\n";
  // the next run takes the folder as it finds it
  EXPECT_EQ(shell_.run("$R run v.genome --bursts 20 --backend cpu -o out").code, 0);
  EXPECT_FALSE(shell_.exists("out/unfinished"));
  EXPECT_FALSE(shell_.exists("out/spikes.h5.partial"));
  EXPECT_FALSE(shell_.exists("out/spikes.h5.snapshot"));
}

TEST_F(Ends, WhatIsUnfinishedIsToldByDiffInfoAndRerun) {
  Process child(endless(), shell_ / "said");
  ASSERT_TRUE(runs_until_there_is(child, "out/spikes.npy")) << child.output();
  child.send(SIGKILL);
  child.wait();
  for (const char* name : {"out", "out/spikes.csv"}) {
    const Shell::Outcome diff = shell_.run(std::string("$R diff ") + name + " " + name);
    EXPECT_EQ(diff.code, 0) << diff.err;
    EXPECT_NE(diff.out.find("not finished"), std::string::npos) << diff.out;
    const Shell::Outcome info = shell_.run(std::string("$R info ") + name);
    EXPECT_EQ(info.code, 0) << info.err;
    EXPECT_NE(info.out.find("not finished"), std::string::npos) << info.out;
  }
  const Shell::Outcome again = shell_.run("$R rerun out/run.json");
  EXPECT_EQ(again.code, 1);
  EXPECT_NE(again.err.find("not finished"), std::string::npos) << again.err;

  ASSERT_EQ(shell_.run("$R run v.genome --bursts 20 --backend cpu -o out").code, 0);
  for (const char* command : {"$R diff out out", "$R info out", "$R info out/spikes.npy"}) {
    const Shell::Outcome told = shell_.run(command);
    EXPECT_EQ(told.code, 0) << told.err;
    EXPECT_EQ(told.out.find("not finished"), std::string::npos) << told.out;
  }
}

TEST_F(Ends, EverySignalThatAsksEndsARunWhole) {
  std::signal(SIGHUP, SIG_DFL);  // the tests themselves may run under nohup
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    SCOPED_TRACE(strsignal(signal));
    std::filesystem::remove_all(shell_ / "out");
    Process child(endless({"--checkpoint", shell_ / "state"}), shell_ / "said");
    ASSERT_TRUE(runs_until_there_is(child, "out/spikes.npy")) << child.output();
    child.send(signal);
    ASSERT_EQ(child.wait(), 130) << child.output();
    const auto run = nlohmann::json::parse(shell_.text_of("out/run.json"));
    EXPECT_EQ(run["finished"], true);
    EXPECT_EQ(run["stopped"], true);
    for (const std::string& name : spike_files()) {
      EXPECT_TRUE(read_spikes(shell_ / ("out/" + name)).finished) << name;
    }
    EXPECT_EQ(load_checkpoint(shell_ / "state").state.burst, run["bursts"]);
    EXPECT_FALSE(shell_.exists("out/unfinished"));
  }
}

TEST_F(Ends, UnderNohupAClosedTerminalEndsNothing) {
  std::signal(SIGHUP, SIG_IGN);  // the child inherits it
  Process child(endless(), shell_ / "said");
  std::signal(SIGHUP, SIG_DFL);
  ASSERT_TRUE(runs_until_there_is(child, "out/spikes.npy")) << child.output();
  child.send(SIGHUP);
  child.send(SIGTERM);
  EXPECT_EQ(child.wait(), 130);
  const Shell::Outcome whole = shell_.run(
      "(trap '' HUP; $R run v.genome --bursts 300000 --backend cpu --json --record 'Motor[0:1]' "
      "-o whole & p=$!; until [ -e whole/spikes.npy ]; do sleep 0.01; done; kill -HUP $p; wait "
      "$p)");
  EXPECT_EQ(whole.code, 0) << whole.err;
  EXPECT_NE(whole.out.find("\"bursts\":300000"), std::string::npos) << whole.out;
}

TEST_F(Ends, VerifyStops) {
  Process child({"verify", shell_ / "v.genome", "--bursts", "100000000"}, shell_ / "said");
  // it says what it compares before it begins
  ASSERT_TRUE(child.runs_until([&] { return !child.output().empty(); }));
  child.send(SIGINT);
  EXPECT_EQ(child.wait(), 130) << child.output();
}

TEST_F(Ends, OfTwoRunsIntoOneFolderTheSecondIsRefused) {
  Process first(endless(), shell_ / "said");
  ASSERT_TRUE(runs_until_there_is(first, "out/run.json")) << first.output();
  const Shell::Outcome second = shell_.run("$R run v.genome --bursts 20 --backend cpu -o out");
  EXPECT_EQ(second.code, 1);
  EXPECT_TRUE(is_one_sentence(second.err)) << second.err;
  EXPECT_NE(second.err.find("another run is writing there"), std::string::npos) << second.err;
  first.send(SIGINT);
  EXPECT_EQ(first.wait(), 130);
  EXPECT_TRUE(read_spikes(shell_ / "out/spikes.csv").finished) << "the first is whole";
  EXPECT_EQ(shell_.run("$R run v.genome --bursts 20 --backend cpu -o out").code, 0);
}

TEST_F(Ends, AlsoWithinOneProcess) {
  NetworkBuilder builder;
  builder.population("a", 3, {});
  const Network network = builder.build();
  const RecordPlan plan{{{0, 3}}, {}, false};
  const std::string folder = shell_ / "out";
  const auto first = open_recording(network, plan, {folder, has_sonata(), true, true});
  EXPECT_THROW(static_cast<void>(open_recording(network, plan, {folder, false, true, true})),
               Error);
  EXPECT_FALSE(read_spikes(folder + "/spikes.npy").finished);
  first->close();
  EXPECT_TRUE(read_spikes(folder + "/spikes.npy").finished);
  open_recording(network, plan, {folder, false, true, true})->close();
}

/// A recording that its owner never closed, as where a run threw, has what was written.
TEST_F(Ends, ARecordingThatIsNotClosedIsUnfinished) {
  NetworkBuilder builder;
  builder.population("a", 3, {});
  const Network network = builder.build();
  RecordBatch batch;
  batch.bursts.resize(1);
  batch.bursts[0].burst = 1;
  batch.spike_ids = {2};
  batch.spike_begin = {0, 1};
  open_recording(network, {{{0, 3}}, {}, false}, {shell_ / "out", has_sonata(), true, true})
      ->write(batch);
  for (const std::string& name : spike_files()) {
    const SpikeTable table = read_spikes(shell_ / ("out/" + name));
    EXPECT_EQ(table.ids, std::vector<NeuronId>{2}) << name;
    EXPECT_FALSE(table.finished) << name;
  }
  if (has_sonata()) {  // it knows by itself, also elsewhere
    std::filesystem::rename(shell_ / "out/spikes.h5", shell_ / "alone.h5");
    EXPECT_FALSE(read_spikes(shell_ / "alone.h5").finished);
  }
}

}  // namespace
}  // namespace rheobase::test
