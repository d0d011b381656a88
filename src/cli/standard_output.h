// SPDX-License-Identifier: Apache-2.0
/// \file
/// Standard output, whose failures are heard.
#pragma once

#include <streambuf>
#include <system_error>
#include <vector>

namespace rheobase::cli {

/// Thrown where standard output cannot be written, out of whatever prints.
struct OutputRefused {};

/// While it lives, std::cout goes through it. A failure ends the command: those that hold state
/// (StopOnSignals) as a signal does, all others at once.
class StandardOutput final : public std::streambuf {
 public:
  StandardOutput();
  ~StandardOutput() override;
  StandardOutput(const StandardOutput&) = delete;
  StandardOutput& operator=(const StandardOutput&) = delete;

  /// Writes what is left. \return the exit code: that of the command, or kFailed if its output did
  /// not get through, which is said on standard error unless a reader just left, as `head` does.
  [[nodiscard]] int end(int code);

 protected:
  int_type overflow(int_type c) override;
  int sync() override;

 private:
  /// False if it could not, and whoever prints is to come to an end by itself.
  bool write_out();

  std::vector<char> buffer_;
  std::streambuf* former_;
  std::error_code failure_;
};

}  // namespace rheobase::cli
