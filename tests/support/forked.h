// SPDX-License-Identifier: Apache-2.0
/// \file
/// Work in a forked child.
#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <string>
#include <thread>

namespace rheobase::test {

/// What `work` says in a child that is forked here; "hangs" if it does not end within a minute, and
/// what ended it if it was not its own will.
inline std::string in_child(const std::function<std::string()>& work) {
  int ends[2];
  if (pipe(ends) != 0) {
    return "no pipe";
  }
  const pid_t child = fork();
  if (child == 0) {
    std::string said;
    try {
      said = work();
    } catch (const std::exception& error) {
      said = error.what();
    }
    const bool whole =
        write(ends[1], said.data(), said.size()) == static_cast<ssize_t>(said.size());
    _exit(whole ? 0 : 1);
  }
  close(ends[1]);
  int status = 0;
  pid_t ended = 0;
  for (int i = 0; i < 6000 && ended == 0; ++i) {
    ended = waitpid(child, &status, WNOHANG);
    if (ended == 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  std::string said(1 << 16, '\0');
  if (ended == 0) {
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    said = "hangs";
  } else if (WIFSIGNALED(status)) {
    said = "ended by signal " + std::to_string(WTERMSIG(status));
  } else {
    const ssize_t length = read(ends[0], said.data(), said.size());
    said.resize(length > 0 ? static_cast<std::size_t>(length) : 0U);
  }
  close(ends[0]);
  return said;
}

}  // namespace rheobase::test
