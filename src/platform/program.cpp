// SPDX-License-Identifier: Apache-2.0
#include "rheobase/program.h"

#include <csignal>

#include "platform/descriptor.h"
#include "platform/output_file.h"

#if !defined(_WIN32)
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#endif

namespace rheobase {
namespace {

constexpr int kStandardOutput = 1;

}  // namespace

void write_file(const std::string& path, std::string_view bytes) {
  platform::replace_file(path, bytes);
}

void write_file(const std::string& path, const std::vector<std::string_view>& parts) {
  platform::OutputFile file(path);
  for (const std::string_view part : parts) {
    file.append(part);
  }
  file.commit();
}

void guard_standard_streams() {
#if !defined(_WIN32)
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  // for reading: input is at its end, and writing stays the error that it is
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
    if (fcntl(stream, F_GETFD) < 0 && errno == EBADF && open("/dev/null", O_RDONLY) < 0) {
      return;
    }
  }
#endif
}

std::error_code write_standard_output(std::string_view bytes) {
  return {platform::write_all(kStandardOutput, bytes), std::generic_category()};
}

}  // namespace rheobase
