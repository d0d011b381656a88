// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>
#include <system_error>

#include "rheobase/error.h"
#include "rheobase/host.h"

#if defined(__unix__) || defined(__APPLE__)
#include <poll.h>
#include <unistd.h>
#else
#include <cstdio>
#endif

namespace rheobase {
namespace {

[[noreturn]] void fail(int error) {
  throw Error(ErrorCode::io, "cannot read standard input (" +
                                 std::generic_category().message(error) +
                                 "). Give it a pipe, a file or a terminal.");
}

}  // namespace

std::optional<std::size_t> read_standard_input(char* to, std::size_t most, double seconds) {
#if defined(__unix__) || defined(__APPLE__)
  // poll is never taken up again after a signal, so the caller hears of it; one that comes just
  // before is heard when the time is over
  pollfd input{STDIN_FILENO, POLLIN, 0};
  const int ready = poll(&input, 1, static_cast<int>(std::clamp(seconds, 0.0, 1e6) * 1e3));
  if (ready < 0 && errno != EINTR) {
    fail(errno);
  }
  if (ready <= 0) {
    return std::nullopt;
  }
  const ssize_t got = read(STDIN_FILENO, to, most);
  if (got >= 0) {
    return static_cast<std::size_t>(got);
  }
  if (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK) {
    return std::nullopt;
  }
  // closed from the start, or a terminal that is gone
  if (errno == EBADF || errno == EIO) {
    return 0;
  }
  fail(errno);
#else
  static_cast<void>(seconds);
  const std::size_t got = most == 0 ? 0 : std::fread(to, 1, 1, stdin);  // no more than has come
  if (got == 0 && std::ferror(stdin) != 0) {
    fail(errno);
  }
  return got;
#endif
}

}  // namespace rheobase
