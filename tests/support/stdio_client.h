// SPDX-License-Identifier: Apache-2.0
/// \file
/// `rheobase run --stdio` as a child at two pipes.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>
#include <vector>

namespace rheobase::test {

class StdioClient {
 public:
  /// Starts it in a folder and reads its first line.
  StdioClient(const std::string& folder, std::vector<std::string> arguments) {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (pipe(in.data()) != 0 || pipe(out.data()) != 0) {
      return;
    }
    child_ = fork();
    if (child_ == 0) {
      std::signal(SIGHUP, SIG_DFL);  // the tests themselves may run under nohup
      dup2(in[0], STDIN_FILENO);
      dup2(out[1], STDOUT_FILENO);
      for (const int descriptor : {in[0], in[1], out[0], out[1]}) {
        close(descriptor);
      }
      arguments.insert(arguments.begin(), RHEOBASE_PROGRAM);
      std::vector<char*> words;
      for (std::string& word : arguments) {
        words.push_back(word.data());
      }
      words.push_back(nullptr);
      if (chdir(folder.c_str()) == 0) {
        execv(words[0], words.data());
      }
      _exit(127);
    }
    close(in[0]);
    close(out[1]);
    in_ = in[1];
    out_ = out[0];
    read_line();
  }
  ~StdioClient() {
    close_input();
    close_output();
    if (child_ > 0) {
      wait();
    }
  }
  StdioClient(const StdioClient&) = delete;
  StdioClient& operator=(const StdioClient&) = delete;

  void say(const std::string& line) const {
    const std::string text = line + "\n";
    if (write(in_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
      std::perror("write");
    }
  }
  std::string read_line() const {
    std::string line;
    for (char c = 0; read(out_, &c, 1) == 1 && c != '\n';) {
      line += c;
    }
    return line;
  }
  /// Says a line and reads its answers.
  void ask(const std::string& line, int answers = 1) const {
    say(line);
    for (int i = 0; i < answers; ++i) {
      read_line();
    }
  }
  void close_input() { close_one(in_); }
  void close_output() { close_one(out_); }
  void send(int signal) const { kill(child_, signal); }
  /// The exit code; -1 if a signal ended it.
  int wait() {
    int status = 0;
    waitpid(child_, &status, 0);
    child_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  static void close_one(int& descriptor) {
    if (descriptor >= 0) {
      close(descriptor);
    }
    descriptor = -1;
  }

  pid_t child_ = 0;
  int in_ = -1, out_ = -1;
};

}  // namespace rheobase::test
