// SPDX-License-Identifier: Apache-2.0
// Processes that are killed while they save. RHEOBASE_KILLS says how many (`make soak`: 1,000).
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "rheobase/generate.h"
#include "support/process.h"
#include "support/random_network.h"
#include "support/temporary_folder.h"

namespace rheobase::test {
namespace {

constexpr std::uint64_t kBursts = 20'000;

class Killed : public ::testing::Test {
 protected:
  void SetUp() override { folder_.write("brain.json", generate("balanced", {1500, 1})); }
  [[nodiscard]] Process start(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "run");
    return {std::move(arguments), folder_ / "output"};
  }
  static std::string signature_of(const Process& process) {
    return nlohmann::json::parse(process.output())["signature"];
  }

  TemporaryFolder folder_;
};

TEST_F(Killed, AnywhereTheFileIsWholeAndTheRunGoesOn) {
  const char* wanted = std::getenv("RHEOBASE_KILLS");
  const int kills = wanted != nullptr ? std::atoi(wanted) : 60;
  const std::string brain = folder_ / "brain.json";
  const std::string file = folder_ / "state";
  const std::string bursts = std::to_string(kBursts);
  const auto started = std::chrono::steady_clock::now();
  Process uninterrupted = start({brain, "--bursts", bursts, "--threads", "1", "--json"});
  ASSERT_EQ(uninterrupted.wait(), 0) << uninterrupted.output();
  // a first guess at how long a run needs until it has saved; what comes of it moves it
  auto longest = std::min(std::chrono::duration_cast<std::chrono::microseconds>(
                              std::chrono::steady_clock::now() - started) /
                              8,
                          std::chrono::microseconds(100'000));
  const std::string whole = signature_of(uninterrupted);

  Chooser choose(1);
  int finished = 0;
  int while_saving = 0;
  int read_back = 0;
  std::uint64_t burst = 0;
  for (int kill_number = 0; kill_number < kills || !std::filesystem::exists(file);) {
    std::vector<std::string> arguments{
        "--checkpoint", file, "--checkpoint-every", "1ms", "--threads", "1", "--json"};
    if (std::filesystem::exists(file)) {
      arguments.insert(arguments.end(), {"--resume", file});
    } else {
      arguments.insert(arguments.end(), {brain, "--bursts", bursts});
    }
    Process child = start(arguments);
    std::this_thread::sleep_for(
        std::chrono::microseconds(choose.below(static_cast<std::uint32_t>(longest.count()))));
    child.send(SIGKILL);
    const int code = child.wait();
    if (code >= 0) {  // it was faster
      ASSERT_EQ(code, 0) << child.output();
      EXPECT_EQ(signature_of(child), whole);
      ++finished;
      burst = 0;
      std::filesystem::remove(file);
      longest = std::max(longest * 4 / 5, std::chrono::microseconds(1000));
      continue;
    }
    ++kill_number;
    while_saving += std::filesystem::exists(file + ".partial") ? 1 : 0;
    if (std::filesystem::exists(file)) {
      ++read_back;
      // the old one or the new one, never less
      Checkpoint read = load_checkpoint(file);
      EXPECT_GE(read.state.burst, burst);
      burst = read.state.burst;
    } else {
      longest += longest / 4;  // a slow disk, a busy machine: later, then
    }
  }
  // what the last kill left goes on to the same end
  Process last = start({"--resume", file, "--json"});
  ASSERT_EQ(last.wait(), 0) << last.output();
  EXPECT_EQ(signature_of(last), whole);
  ++finished;
  std::cout << kills << " kills, " << while_saving << " of them while saving, " << read_back
            << " files read back, none damaged, " << finished << " runs brought to their end\n";
}

/// Ctrl-C and SIGTERM: the run ends after the burst at hand, and what was recorded is there.
TEST_F(Killed, ASignalEndsARunCleanly) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const std::string out = folder_ / ("out" + std::to_string(signal));
    const std::string state = folder_ / ("state" + std::to_string(signal));
    Process child = start({folder_ / "brain.json", "--bursts", "100000000", "-o", out,
                           "--checkpoint", state, "--backend", "cpu"});
    // once there are spikes on the disk, it runs
    const auto has_spikes = [&] {
      std::error_code none_yet;
      const std::uintmax_t bytes = std::filesystem::file_size(out + "/spikes.csv", none_yet);
      return !none_yet && bytes > 1000;
    };
    ASSERT_TRUE(child.runs_until(has_spikes)) << child.output();
    child.send(signal);
    ASSERT_EQ(child.wait(), 130) << child.output();
    const nlohmann::json run = nlohmann::json::parse(std::ifstream(out + "/run.json"));
    EXPECT_TRUE(run["stopped"]);
    EXPECT_EQ(read_spikes(out + "/spikes.npy").ids.size(), run["spikes"]);
    const Checkpoint saved = load_checkpoint(state);
    EXPECT_EQ(saved.state.burst, run["bursts"]);
    EXPECT_EQ(saved.last_burst, 100000000U);
  }
}

}  // namespace
}  // namespace rheobase::test
