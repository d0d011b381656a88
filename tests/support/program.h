// SPDX-License-Identifier: Apache-2.0
/// \file
/// The program as a person uses it: a shell command in a folder of its own, what it prints, its
/// exit code.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

#include "support/temporary_folder.h"

namespace rheobase::test {

struct Outcome {
  int code = -1;
  std::string output;  ///< standard output and error
};

class ProgramInFolder : public ::testing::Test {
 protected:
  /// `before` may feed it: "printf ... |".
  [[nodiscard]] Outcome run(const std::string& arguments, const std::string& before = "") const {
    return shell(before + " '" + RHEOBASE_PROGRAM "' " + arguments);
  }
  [[nodiscard]] Outcome shell(const std::string& command) const {
    const std::string whole = "cd '" + (folder_ / "") + "' && { " + command + "; } 2>&1";
    Outcome outcome;
    FILE* pipe = popen(whole.c_str(), "r");
    std::array<char, 4096> buffer{};
    for (std::size_t size = 0; (size = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
      outcome.output.append(buffer.data(), size);
    }
    const int status = pclose(pipe);
    outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    return outcome;
  }

  TemporaryFolder folder_;
};

/// The text, in one line.
#define EXPECT_REFUSED(outcome, exit_code, says)                                        \
  {                                                                                     \
    const ::rheobase::test::Outcome got = (outcome);                                    \
    EXPECT_EQ(got.code, exit_code) << got.output;                                       \
    EXPECT_NE(got.output.find(says), std::string::npos) << got.output;                  \
    EXPECT_EQ(std::count(got.output.begin(), got.output.end(), '\n'), 1) << got.output; \
  }

}  // namespace rheobase::test
