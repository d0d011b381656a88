// SPDX-License-Identifier: Apache-2.0
#include "cli/standard_output.h"

#include <iostream>
#include <string_view>

#include "cli/commands.h"
#include "cli/stop.h"
#include "rheobase/program.h"

namespace rheobase::cli {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 16U;

}  // namespace

StandardOutput::StandardOutput() : buffer_(kBufferBytes), former_(std::cout.rdbuf(this)) {
  setp(buffer_.data(), buffer_.data() + buffer_.size());
  std::cout.exceptions(std::ios::badbit);  // what is thrown here comes out of what prints
  std::cerr.tie(nullptr);                  // but not out of what tells an error
}

StandardOutput::~StandardOutput() {
  std::cout.exceptions(std::ios::goodbit);
  std::cout.rdbuf(former_);
  std::cerr.tie(&std::cout);
}

bool StandardOutput::write_out() {
  const std::string_view bytes(pbase(), static_cast<std::size_t>(pptr() - pbase()));
  const bool is_first = !failure_;
  if (is_first) {
    failure_ = write_standard_output(bytes);
  }
  setp(buffer_.data(), buffer_.data() + buffer_.size());
  if (!failure_) {
    return true;
  }
  if (is_first && !StopOnSignals::request()) {
    throw OutputRefused{};
  }
  std::cout.exceptions(std::ios::goodbit);
  return false;
}

StandardOutput::int_type StandardOutput::overflow(int_type c) {
  if (!write_out()) {
    return traits_type::eof();
  }
  if (!traits_type::eq_int_type(c, traits_type::eof())) {
    *pptr() = traits_type::to_char_type(c);
    pbump(1);
  }
  return traits_type::not_eof(c);
}

int StandardOutput::sync() { return write_out() ? 0 : -1; }

int StandardOutput::end(int code) {
  try {
    static_cast<void>(write_out());
  } catch (const OutputRefused&) {  // told below
  }
  if (!failure_) {
    return code;
  }
  if (failure_ != std::errc::broken_pipe) {
    std::cerr << "rheobase: cannot write to standard output (" << failure_.message()
              << "). What was asked for is not all there; send it elsewhere.\n";
  }
  return code == kWrongUsage ? code : kFailed;
}

}  // namespace rheobase::cli
