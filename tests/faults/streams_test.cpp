// SPDX-License-Identifier: Apache-2.0
// Standard output that is full, closed, or a pipe whose reader left, for every command.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "rheobase/checkpoint.h"
#include "rheobase/record.h"
#include "support/shell.h"

namespace rheobase::test {
namespace {

struct Command {
  const char* name;
  const char* words;
};

const std::vector<Command>& commands() {
  static const std::vector<Command> list{
      {"run", "run v.genome --bursts 5 --backend cpu"},
      {"run_json", "run v.genome --bursts 5 --backend cpu --json"},
      {"stdio", "run v.genome --backend cpu --stdio"},
      {"rerun", "rerun made/run.json"},
      {"why", "why v.genome --area Motor"},
      {"info", "info v.genome"},
      {"info_json", "info v.genome --json"},
      {"generate", "generate balanced other.json --neurons 100 --force"},
      {"convert", "convert v.genome other.genome"},
      {"diff", "diff made made"},
      {"devices", "devices"},
      {"doctor", "doctor"},
      {"verify", "verify v.genome --bursts 2"},
      {"bench", "bench edit --synapses 1000 --sizes 10"},
      {"help", "--help"},
      {"help_of_run", "run --help"},
      {"version", "--version"},
  };
  return list;
}

class Streams : public ::testing::TestWithParam<Command> {
 protected:
  void SetUp() override {
    ASSERT_EQ(shell_
                  .run("$R generate vision v.genome --neurons 300 && $R run v.genome --bursts 5 "
                       "--backend cpu -o made")
                  .code,
              0);
  }
  [[nodiscard]] std::string command() const { return std::string("$R ") + GetParam().words; }
  Shell shell_;
};

TEST_P(Streams, RefuseAndTheCommandSaysSo) {
  const Shell::Outcome fine = shell_.run(command());
  EXPECT_NE(fine.out, "");

  const Shell::Outcome full = shell_.run(command() + " >/dev/full");
  EXPECT_EQ(full.code, 1);
  EXPECT_TRUE(is_one_sentence(full.err)) << full.err;
  EXPECT_NE(full.err.find("standard output (No space left on device)"), std::string::npos)
      << full.err;

  const Shell::Outcome closed = shell_.run(command() + " >&-");
  EXPECT_EQ(closed.code, 1);
  EXPECT_TRUE(is_one_sentence(closed.err)) << closed.err;
  EXPECT_NE(closed.err.find("standard output"), std::string::npos) << closed.err;

  // the reader is gone before the first byte
  const Shell::Outcome left =
      shell_.run("{ until [ -e gone ]; do sleep 0.01; done; " + command() +
                 "; echo $? >code; } | { exec <&-; touch gone; }\ncat code");
  EXPECT_EQ(left.out, "1\n");
  EXPECT_EQ(left.err, "") << "as other programs before `head`";

  // nothing can be told there, but all is done
  const Shell::Outcome mute = shell_.run(command() + " 2>&-");
  EXPECT_EQ(mute.code, fine.code);
  EXPECT_NE(mute.out, "");
}

INSTANTIATE_TEST_SUITE_P(Of, Streams, ::testing::ValuesIn(commands()),
                         [](const auto& info) { return std::string(info.param.name); });

class RunsAndStreams : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(shell_.run("$R generate vision v.genome --neurons 300").code, 0);
  }
  Shell shell_;
};

/// What was asked for besides the text is there, whole: it is written first.
TEST_F(RunsAndStreams, FilesAreWholeWhereTheSummaryIsRefused) {
  EXPECT_EQ(shell_
                .run("$R run v.genome --bursts 50 --drive Camera=100Hz:1 --backend cpu -o out "
                     "--checkpoint state >/dev/full")
                .code,
            1);
  EXPECT_EQ(nlohmann::json::parse(shell_.text_of("out/run.json"))["finished"], true);
  EXPECT_TRUE(read_spikes(shell_ / "out/spikes.npy").finished);
  EXPECT_EQ(load_checkpoint(shell_ / "state").state.burst, 50U);
}

/// A file that is opened while standard output is closed is not taken for it.
TEST_F(RunsAndStreams, NothingPrintedGoesIntoAFile) {
  EXPECT_EQ(shell_
                .run("$R run v.genome --bursts 50 --drive Camera=100Hz:1 --backend cpu -o out "
                     "--checkpoint state <&- >&- 2>&-")
                .code,
            1);
  for (const char* name : {"spikes.csv", "spikes.npy", "spikes.h5"}) {
    if (has_sonata() || std::string(name) != "spikes.h5") {
      EXPECT_TRUE(read_spikes(shell_ / (std::string("out/") + name)).finished) << name;
    }
  }
  EXPECT_EQ(load_checkpoint(shell_ / "state").state.burst, 50U);
}

TEST_F(RunsAndStreams, StdioKeepsItsStateWhereItsReaderLeaves) {
  for (const char* output : {">/dev/full", "| head -3 >/dev/null"}) {
    // lines come for as long as somebody reads them
    const Shell::Outcome outcome = shell_.run(
        "(while echo '{}'; do sleep 0.01; done) 2>/dev/null | $R run v.genome --stdio --backend "
        "cpu --checkpoint state " +
        std::string(output) + "\ntrue");
    EXPECT_GT(load_checkpoint(shell_ / "state").state.burst + (output[1] == '/' ? 1 : 0), 0U)
        << outcome.err;
  }
}

/// A limit on the size of files whose signal nobody ignores (`ulimit -f`).
TEST_F(RunsAndStreams, NoDeathByALimitOfFileSizes) {
  const Shell::Outcome outcome = shell_.run(
      "ulimit -f 8; $R run v.genome --bursts 5000 --drive Camera=200Hz:1 --backend cpu --json -o "
      "out; echo $? >&1");
  EXPECT_EQ(outcome.out, "1\n");
  EXPECT_TRUE(is_one_sentence(outcome.err)) << outcome.err;
  EXPECT_NE(outcome.err.find("File too large"), std::string::npos) << outcome.err;
}

}  // namespace
}  // namespace rheobase::test
