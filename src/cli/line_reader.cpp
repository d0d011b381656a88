// SPDX-License-Identifier: Apache-2.0
#include "cli/line_reader.h"

#include <utility>

namespace rheobase::cli {

LineReader::Got LineReader::next(std::string& line) {
  constexpr std::size_t kStep = std::size_t{1} << 16U;
  if (const auto got = from_buffer(line)) {
    return *got;
  }
  if (!ended_) {
    buffer_.erase(0, begin_);
    begin_ = 0;
    const std::size_t held = buffer_.size();
    buffer_.resize(held + kStep);
    const std::optional<std::size_t> came = source_(buffer_.data() + held, kStep);
    buffer_.resize(held + came.value_or(0));
    if (!came) {
      return Got::nothing_yet;
    }
    ended_ = *came == 0;
    if (const auto got = from_buffer(line)) {
      return *got;
    }
  }
  return ended_ ? Got::end : Got::nothing_yet;
}

std::optional<LineReader::Got> LineReader::from_buffer(std::string& line) {
  const std::size_t found = buffer_.find('\n', begin_ + searched_);
  const bool has_break = found != std::string::npos;
  const std::size_t length = (has_break ? found : buffer_.size()) - begin_;
  const bool is_last = !has_break && ended_ && (length > 0 || skipping_);
  if (!has_break && !is_last) {
    searched_ = length;
    if (skipping_ || length > most_) {
      skipping_ = true;
      begin_ = buffer_.size();
      searched_ = 0;
    }
    return std::nullopt;
  }
  const bool too_long = std::exchange(skipping_, false) || length > most_;
  line.assign(buffer_, begin_, too_long ? 0 : length);
  begin_ += length + (has_break ? 1 : 0);
  searched_ = 0;
  return too_long ? Got::too_long : Got::line;
}

}  // namespace rheobase::cli
