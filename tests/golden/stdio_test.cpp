// SPDX-License-Identifier: Apache-2.0
// `rheobase run --stdio` as a client sees it: what lines do, what refused lines leave alone, and
// that nothing is lost however the session ends.
#include <csignal>
#include <nlohmann/json.hpp>
#include <vector>

#include "support/program.h"
#include "support/stdio_client.h"

namespace rheobase::test {
namespace {

using nlohmann::json;

constexpr const char* kBrain = R"({"format": "rheobase-network", "version": 1, "dt_ms": 1,
  "populations": [
    {"name": "in", "size": [4, 2, 1], "params": {"threshold": 1.0}},
    {"name": "Left, \"eye\"=1:[2]", "count": 3, "role": "output", "params": {"threshold": 1.0}},
    {"name": "Left", "count": 2, "params": {"threshold": 1.0}}],
  "connections": [{"pre": "in", "post": "Left", "rule": {"name": "all_to_all"}, "weight": 2.0}]})";

class Stdio : public ProgramInFolder {
 protected:
  void SetUp() override { folder_.write("b.json", kBrain); }
  /// What the program says to these lines, one object for each.
  [[nodiscard]] std::vector<json> said(const std::string& lines,
                                       const std::string& options = "") const {
    folder_.write("lines", lines);
    const Outcome outcome = run("run b.json --stdio --backend cpu " + options + " < lines");
    std::vector<json> told;
    for (std::size_t at = 0; at < outcome.output.size();) {
      const std::size_t end = std::min(outcome.output.find('\n', at), outcome.output.size());
      told.push_back(json::parse(outcome.output.substr(at, end - at), nullptr, false));
      EXPECT_FALSE(told.back().is_discarded()) << outcome.output.substr(at, end - at);
      at = end + 1;
    }
    return told;
  }
  [[nodiscard]] std::uint64_t saved_burst(const std::string& name) const {
    const Outcome outcome = run("run --resume " + name + " --stdio < /dev/null");
    const json hello =
        json::parse(outcome.output.substr(0, outcome.output.find('\n')), nullptr, false);
    return hello.is_discarded() ? 0 : hello.value("burst", std::uint64_t{0});
  }
};

TEST_F(Stdio, WholeNumbersMayBeWrittenAsFractions) {
  const auto told = said(
      "{\"input\":{\"in\":[[1.0,1e0,0.0,1.5]]},\"bursts\":2.0}\n"
      "{\"neurons\":[[8.0,1.5],[1e1,2]],\"bursts\":1e0}\n"
      "{\"neurons\":[[-0.0,2]]}\n");
  ASSERT_EQ(told.size(), 6U);
  EXPECT_EQ(told[1]["spikes"], 1) << "voxel (1, 1, 0)";
  EXPECT_EQ(told[3]["fired"].begin().value(), json::parse("[[0,0,0],[2,0,0]]"));
  EXPECT_EQ(told[4]["burst"], 4);
}

TEST_F(Stdio, ARefusedLineChangesNothing) {
  const std::string deep = std::string(5000, '[') + std::string(5000, ']');
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"{\"neurons\":[[0,2],[1,2],[99,2]]}", "there is no neuron 99"},
      {"{\"neurons\":[[0,2],[1.5,2]]}", "a neuron's id is 1.5"},
      {"{\"neurons\":[[0,2],[-1,2]]}", "a neuron's id is -1"},
      {"{\"neurons\":[[0,2],[4294967296,2]]}", "a neuron's id is 4294967296"},
      {"{\"neurons\":[[0,2],[1,1e39]]}", "beyond 32-bit floating point"},
      {"{\"neurons\":[[0,2],[1,\"2\"]]}", "a number was expected"},
      {"{\"input\":{\"in\":[[0,0,0,2],[9,0,0,2]]}}", "lies outside"},
      {"{\"input\":{\"in\":[[0,0,0,2]],\"iin\":[]}}", "Did you mean"},
      {"{\"neurons\":[[0,2]],\"bursts\":0}", "a whole number from 1 to 1000000 was expected"},
      {"{\"neurons\":[[0,2]],\"bursts\":1.5}", "a whole number from 1 to 1000000 was expected"},
      {"{\"neurons\":[[0,2]],\"quit\":0}", "true or false was expected"},
      {"{\"neurons\":[[0,2]],\"burst\":1}", "is not understood"},
      {"{\"neurons\":[[0,2]],\"neurons\":[[0,2]]}", "stands twice"},
      {"{\"neurons\":[[0,2]],\"bursts\":" + deep + "}", "nested deeper than"},
      {"{\"neurons\":" + deep + "}", "nested deeper than"},
      {"{\"neurons\":[[0,2]]", "ends too early"},
      {"[1]", "Give an object"},
      {"{\"neurons\":[[0,2]],\"bursts\":\"" + std::string(3000, 'x') + "\"}", "xxx…"},
  };
  std::string lines;
  for (const auto& [line, reason] : wrong) {
    lines += line + "\n";
  }
  const auto told = said(lines + "{}\n");
  ASSERT_EQ(told.size(), wrong.size() + 3);
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    ASSERT_TRUE(told[i + 1].contains("error")) << told[i + 1];
    const std::string error = told[i + 1]["error"];
    EXPECT_NE(error.find(wrong[i].second), std::string::npos) << error;
    EXPECT_LT(error.size(), 300U) << error;
    EXPECT_EQ(told[i + 1]["line"], i + 1);
  }
  EXPECT_EQ(told[wrong.size() + 1], json::parse("{\"burst\":1,\"spikes\":0,\"fired\":" +
                                                told[wrong.size() + 1]["fired"].dump() + "}"))
      << "nothing of the refused lines was injected, and no burst ran";
}

TEST_F(Stdio, ALineHasABound) {
  std::string lines = "{\"neurons\":[[0,2]],\"bursts\":1";
  lines.append(std::size_t{17} << 20U, ' ');
  lines += "}\n{\"neurons\":[[1,2]]}\n";
  const auto told = said(lines);
  ASSERT_EQ(told.size(), 4U);
  EXPECT_NE(told[1].value("error", "").find("longer than 16 MiB"), std::string::npos) << told[1];
  EXPECT_EQ(told[1]["line"], 1);
  EXPECT_EQ(told[2]["burst"], 1) << "the next line is read from its begin";
  EXPECT_EQ(told[2]["spikes"], 1);
}

TEST_F(Stdio, OutputsOfAnyName) {
  const auto outputs = [&](const std::string& names) {
    return said("", "--outputs '" + names + "'")[0]["outputs"].dump();
  };
  const std::string whole = R"("Left, \"eye\"=1:[2]")";
  EXPECT_EQ(outputs("Left"), R"(["Left"])");
  EXPECT_EQ(outputs("in,Left"), R"(["in","Left"])");
  EXPECT_EQ(outputs(R"(Left, "eye"=1:[2],in)"), R"(["in",)" + whole + "]");
  EXPECT_EQ(outputs(R"("Left, ""eye""=1:[2]",in)"), R"(["in",)" + whole + "]");
  EXPECT_EQ(outputs(R"("in","Left")"), R"(["in","Left"])");
  EXPECT_REFUSED(run("run b.json --stdio --outputs '\"Left, eye'"), 2, "no closing quote");
  EXPECT_REFUSED(run("run b.json --stdio --outputs 'Right,in'"), 1, "no area is called 'Right'");
}

/// The same rule of names in every option that names an area.
TEST_F(Stdio, OptionsTakeNamesOfAnyKind) {
  const std::string quoted = R"("Left, ""eye""=1:[2]")";
  for (const std::string& name : {quoted, std::string(R"(Left, "eye"=1:[2])")}) {
    const Outcome driven =
        run("run b.json --bursts 10 --json --backend cpu --drive '" + name + "=constant:2'");
    EXPECT_EQ(json::parse(driven.output, nullptr, false).value("spikes", 0), 30) << driven.output;
    EXPECT_EQ(run("run b.json --bursts 10 --backend cpu -o out --record '" + name + "[0:2]' " +
                  "--record '" + name + "[0:2]:potential:3'")
                  .code,
              0);
    EXPECT_EQ(run("why b.json --backend cpu --neuron '" + name + "[1]'").code, 0);
  }
  // the name of another area begins like it
  const Outcome driven = run("run b.json --bursts 10 --json --backend cpu --drive Left=constant:2");
  EXPECT_EQ(json::parse(driven.output, nullptr, false).value("spikes", 0), 20) << driven.output;
}

TEST_F(Stdio, EverySignalSavesWhatHappened) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    StdioClient client(folder_ / "",
                       {"run", "b.json", "--stdio", "--backend", "cpu", "--checkpoint", "state"});
    for (int i = 0; i < 20; ++i) {
      client.ask("{\"neurons\":[[1,2]]}");
    }
    client.send(signal);
    EXPECT_EQ(client.wait(), 130);
    EXPECT_EQ(saved_burst("state"), 20U) << signal;
  }
}

TEST_F(Stdio, ClosedPipesSaveWhatHappened) {
  {
    StdioClient client(folder_ / "",
                       {"run", "b.json", "--stdio", "--backend", "cpu", "--checkpoint", "in"});
    client.ask("{\"bursts\":7}", 7);
    client.close_input();
    EXPECT_EQ(client.wait(), 0);
    EXPECT_EQ(saved_burst("in"), 7U);
  }
  StdioClient client(folder_ / "",
                     {"run", "b.json", "--stdio", "--backend", "cpu", "--checkpoint", "out"});
  client.ask("{\"bursts\":7}", 7);
  client.close_output();
  client.say("{}");  // its answer cannot be told
  EXPECT_EQ(client.wait(), 1) << "whoever does not look at the pipe sees the code";
  EXPECT_EQ(saved_burst("out"), 8U);
}

TEST_F(Stdio, SavesWhileItRuns) {
  StdioClient client(folder_ / "", {"run", "b.json", "--stdio", "--backend", "cpu", "--checkpoint",
                                    "state", "--checkpoint-every", "1ms"});
  client.ask("{\"bursts\":5}", 5);
  client.ask("{\"bursts\":5}", 5);
  // it comes to the disk although no further line comes
  while (saved_burst("state") != 10) {
    usleep(20'000);
  }
  client.send(SIGKILL);
  EXPECT_EQ(client.wait(), -1);
  EXPECT_EQ(saved_burst("state"), 10U);
}

}  // namespace
}  // namespace rheobase::test
