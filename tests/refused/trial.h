// SPDX-License-Identifier: Apache-2.0
/// \file
/// The program run on a system that has no more to give.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "support/temporary_folder.h"

namespace rheobase::test {

/// What refuse.c counted.
struct Counts {
  long allocations = 0;
  long threads = 0;
};

struct Outcome {
  int exit_code = -1;  ///< -1: a signal ended it
  int signal = 0;
  bool hung = false;
  std::string out, err;

  /// Done, or refused with one sentence.
  [[nodiscard]] bool is_fine() const {
    return exit_code == 0 || (exit_code == 1 && err.starts_with("rheobase: ") &&
                              err.find('\n') == err.size() - 1 && err.find('.') != err.npos);
  }
  [[nodiscard]] std::string text() const {
    return (hung ? std::string("hangs")
                 : "exit " + std::to_string(exit_code) + ", signal " + std::to_string(signal)) +
           ": " + err;
  }
};

inline std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream all;
  all << file.rdbuf();
  return all.str();
}

/// Runs the program in `folder` with refuse.c before all else and these settings of it.
inline Outcome try_program(const TemporaryFolder& folder, const std::vector<std::string>& arguments,
                           const std::vector<std::string>& settings, const std::string& input) {
  std::vector<std::string> all{RHEOBASE_PROGRAM};
  all.insert(all.end(), arguments.begin(), arguments.end());
  std::vector<char*> words;
  for (std::string& word : all) {
    words.push_back(word.data());
  }
  words.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    const auto to = [](const std::string& path, int flags, int stream) {
      dup2(open(path.c_str(), flags, 0600), stream);
    };
    if (chdir((folder / "").c_str()) != 0) {
      _exit(126);
    }
    to(input.empty() ? "/dev/null" : folder / input, O_RDONLY, STDIN_FILENO);
    to(folder / "out", O_CREAT | O_TRUNC | O_WRONLY, STDOUT_FILENO);
    to(folder / "err", O_CREAT | O_TRUNC | O_WRONLY, STDERR_FILENO);
    setenv("LD_PRELOAD", RHEOBASE_REFUSE, 1);
    for (const std::string& setting : settings) {
      const std::size_t equal = setting.find('=');
      setenv(setting.substr(0, equal).c_str(), setting.substr(equal + 1).c_str(), 1);
    }
    execv(words[0], words.data());
    _exit(127);
  }
  Outcome outcome;
  int status = 0;
  constexpr int kPatience = 120'000;  // milliseconds: the machine may be busy
  for (int waited = 0; waitpid(child, &status, WNOHANG) == 0; ++waited) {
    if (waited == kPatience) {
      outcome.hung = true;
      kill(child, SIGKILL);
      waitpid(child, &status, 0);
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  outcome.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  outcome.out = text_of(folder / "out");
  outcome.err = text_of(folder / "err");
  return outcome;
}

/// What a run of the program asks for.
inline Counts count_of(const TemporaryFolder& folder, const std::vector<std::string>& arguments,
                       const std::string& input) {
  try_program(folder, arguments, {"RHEOBASE_REFUSE_COUNT=" + folder / "count"}, input);
  Counts counts;
  std::ifstream(folder / "count") >> counts.allocations >> counts.threads;
  return counts;
}

}  // namespace rheobase::test
