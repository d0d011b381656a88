// SPDX-License-Identifier: Apache-2.0
// Every thread and every allocation that the system may refuse, in load, run and save: the program
// ends with its result or with one sentence; it never crashes and never hangs.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "refused/trial.h"

namespace rheobase::test {
namespace {

struct Command {
  std::string name;
  std::vector<std::string> arguments;
  std::string input{};  ///< of the folder
};

std::ostream& operator<<(std::ostream& out, const Command& command) { return out << command.name; }

/// The smallest brains that go through all of the code, and a checkpoint.
void fill(const TemporaryFolder& folder) {
  folder.write("lines", "{\"neurons\":[[8,1]]}\n{}\n{}\n");
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"generate", "vision", "brain.genome", "--neurons", "300"},
           {"generate", "balanced", "net.json", "--neurons", "300"},
           {"run", "net.json", "--bursts", "20", "--backend", "cpu", "--checkpoint", "state"}}) {
    const Outcome made = try_program(folder, arguments, {}, "");
    ASSERT_EQ(made.exit_code, 0) << made.text();
  }
}

std::vector<Command> commands() {
  return {
      {"run",
       {"run", "net.json", "--bursts", "10", "--backend", "cpu", "--threads", "3", "--json"}},
      {"run_auto", {"run", "net.json", "--bursts", "10", "--json"}},
      {"run_copies",
       {"run", "net.json", "--bursts", "10", "--copies", "3", "--backend", "cpu", "--threads", "3",
        "--json"}},
      {"run_o",
       {"run", "net.json", "--bursts", "10", "--backend", "cpu", "-o", "made", "--record",
        "excitatory[0:5]:potential", "--json"}},
      {"run_checkpoint",
       {"run", "net.json", "--bursts", "10", "--backend", "cpu", "--checkpoint", "made_state",
        "--checkpoint-every", "0.001ms", "--json"}},
      {"resume", {"run", "--resume", "state", "--bursts", "10", "--backend", "cpu", "--json"}},
      {"stdio",
       {"run", "net.json", "--stdio", "--backend", "cpu", "--checkpoint", "made_state"},
       "lines"},
      {"info", {"info", "brain.genome"}},
      {"generate", {"generate", "vision", "made.genome", "--neurons", "300"}},
      {"convert", {"convert", "brain.genome", "made.genome"}},
      {"why", {"why", "net.json", "--neuron", "excitatory[7]", "--burst", "5"}},
  };
}

class Refused : public ::testing::TestWithParam<Command> {
 protected:
  void SetUp() override {
    fill(folder_);
    if (!HasFatalFailure()) {
      counts_ = count_of(folder_, GetParam().arguments, GetParam().input);
      ASSERT_GT(counts_.allocations, 0) << "refuse.c was not loaded";
    }
  }
  Outcome attempt(const std::vector<std::string>& settings) {
    std::error_code ignored;
    for (const char* made : {"made", "made_state", "made_state.partial", "made.genome"}) {
      std::filesystem::remove_all(folder_ / made, ignored);
    }
    return try_program(folder_, GetParam().arguments, settings, GetParam().input);
  }

  TemporaryFolder folder_;
  Counts counts_;
};

TEST_P(Refused, Threads) {
  const Outcome whole = attempt({});
  ASSERT_EQ(whole.exit_code, 0) << whole.text();
  for (long n = 1; n <= counts_.threads; ++n) {
    const Outcome outcome = attempt({"RHEOBASE_REFUSE_THREAD=" + std::to_string(n)});
    EXPECT_TRUE(outcome.is_fine()) << "thread " << n << ": " << outcome.text();
    if (GetParam().name == "run_auto") {
      EXPECT_EQ(outcome.exit_code, 0) << "nobody asked for threads, " << outcome.text();
    }
  }
  std::cout << GetParam().name << ": " << counts_.threads << " threads refused\n";
}

TEST_P(Refused, Memory) {
  if (GetParam().name == "run_o") {
    GTEST_SKIP() << "libhdf5 and fontconfig themselves crash or hang without memory";
  }
  // in `make soak` each, or each n-th; here some, spread over all
  const char* every = std::getenv("RHEOBASE_EVERY_ALLOCATION");
  constexpr long kSome = 20;
  long tried = 0;
  for (const char* later : {"0", "1"}) {
    const long step =
        std::max(every != nullptr ? std::atol(every) : counts_.allocations / kSome, 1L);
    for (long n = 1 + step / 2 * (*later == '1' ? 1 : 0); n <= counts_.allocations; n += step) {
      ++tried;
      const Outcome outcome = attempt({"RHEOBASE_REFUSE_MEMORY=" + std::to_string(n),
                                       std::string("RHEOBASE_REFUSE_ALL=") + later});
      EXPECT_TRUE(outcome.is_fine())
          << "allocation " << n << " of " << counts_.allocations
          << (*later == '1' ? " and all after it: " : ": ") << outcome.text();
    }
  }
  std::cout << GetParam().name << ": " << tried << " allocations of " << counts_.allocations
            << " refused, alone or with all after them\n";
}

INSTANTIATE_TEST_SUITE_P(Commands, Refused, ::testing::ValuesIn(commands()),
                         [](const auto& command) { return command.param.name; });

}  // namespace
}  // namespace rheobase::test
