// SPDX-License-Identifier: Apache-2.0
// Processes that are killed while they save. RHEOBASE_KILLS says how many (`make soak`: 1,000).
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "rheobase/generate.h"
#include "support/random_network.h"
#include "support/temporary_folder.h"

namespace rheobase::test {
namespace {

constexpr std::uint64_t kBursts = 20'000;

class Killed : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ofstream(folder_ / "brain.json") << generate("balanced", {1500, 1});
  }

  [[nodiscard]] pid_t start(const std::vector<std::string>& arguments) const {
    std::vector<char*> words;
    std::vector<std::string> all{RHEOBASE_PROGRAM, "run"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    for (std::string& word : all) {
      words.push_back(word.data());
    }
    words.push_back(nullptr);
    const std::string output = folder_ / "output";
    const pid_t child = fork();
    if (child == 0) {
      const int file = open(output.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
      dup2(file, STDOUT_FILENO);
      dup2(file, STDERR_FILENO);
      execv(words[0], words.data());
      _exit(127);
    }
    return child;
  }
  [[nodiscard]] std::string output() const {
    std::ifstream file(folder_ / "output");
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  [[nodiscard]] static int wait_for(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    return status;
  }
  [[nodiscard]] std::string signature() const {
    return nlohmann::json::parse(output())["signature"];
  }

  TemporaryFolder folder_;
};

TEST_F(Killed, AnywhereTheFileIsWholeAndTheRunGoesOn) {
  const char* wanted = std::getenv("RHEOBASE_KILLS");
  const int kills = wanted != nullptr ? std::atoi(wanted) : 60;
  const std::string brain = folder_ / "brain.json";
  const std::string file = folder_ / "state";
  const std::string bursts = std::to_string(kBursts);
  ASSERT_EQ(wait_for(start({brain, "--bursts", bursts, "--threads", "1", "--json"})), 0);
  const std::string whole = signature();

  Chooser choose(1);
  int finished = 0;
  std::uint64_t burst = 0;
  for (int kill_number = 0; kill_number < kills;) {
    std::vector<std::string> arguments{
        "--checkpoint", file, "--checkpoint-every", "1ms", "--threads", "1", "--json"};
    if (std::filesystem::exists(file)) {
      arguments.insert(arguments.end(), {"--resume", file});
    } else {
      arguments.insert(arguments.end(), {brain, "--bursts", bursts});
    }
    const pid_t child = start(arguments);
    std::this_thread::sleep_for(std::chrono::microseconds(choose.below(120'000)));
    kill(child, SIGKILL);
    const int status = wait_for(child);
    if (WIFEXITED(status)) {  // it was faster
      ASSERT_EQ(WEXITSTATUS(status), 0) << output();
      EXPECT_EQ(signature(), whole);
      ++finished;
      burst = 0;
      std::filesystem::remove(file);
      continue;
    }
    ++kill_number;
    if (std::filesystem::exists(file)) {
      // the old one or the new one, never less
      Checkpoint read = load_checkpoint(file);
      EXPECT_GE(read.state.burst, burst);
      burst = read.state.burst;
    }
  }
  // what the last kill left goes on to the same end
  if (std::filesystem::exists(file)) {
    ASSERT_EQ(wait_for(start({"--resume", file, "--json"})), 0) << output();
    EXPECT_EQ(signature(), whole);
    ++finished;
  }
  EXPECT_GT(finished, 0);
  std::cout << kills << " kills, " << finished << " runs brought to their end\n";
}

}  // namespace
}  // namespace rheobase::test
