// SPDX-License-Identifier: Apache-2.0
/// \file
/// The program as another process, to be sent signals.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace rheobase::test {

/// `rheobase` with these arguments; what it prints goes into a file.
class Process {
 public:
  Process(std::vector<std::string> arguments, std::string output) : output_(std::move(output)) {
    arguments.insert(arguments.begin(), RHEOBASE_PROGRAM);
    std::vector<char*> words;
    for (std::string& word : arguments) {
      words.push_back(word.data());
    }
    words.push_back(nullptr);
    child_ = fork();
    if (child_ == 0) {
      const int file = open(output_.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
      dup2(file, STDOUT_FILENO);
      dup2(file, STDERR_FILENO);
      execv(words[0], words.data());
      _exit(127);
    }
  }
  void send(int signal) const { kill(child_, signal); }
  /// Until something has happened, however long that takes; false if the program ended before.
  template <class Happened>
  [[nodiscard]] bool runs_until(Happened happened) const {
    while (!happened()) {
      siginfo_t ended{};
      if (waitid(P_PID, static_cast<id_t>(child_), &ended, WEXITED | WNOHANG | WNOWAIT) != 0 ||
          ended.si_pid == child_) {
        return happened();
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
  }
  /// The exit code; -1 if a signal ended it.
  int wait() {
    int status = 0;
    waitpid(child_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  [[nodiscard]] std::string output() const {
    std::ifstream file(output_);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

 private:
  std::string output_;
  pid_t child_ = 0;
};

}  // namespace rheobase::test
