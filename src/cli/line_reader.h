// SPDX-License-Identifier: Apache-2.0
/// \file
/// Lines of bounded length out of bytes that come bit by bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace rheobase::cli {

/// Writes what has come to a place and says how much: 0 at the end, none if nothing came yet.
using ByteSource = std::function<std::optional<std::size_t>(char* to, std::size_t most)>;

class LineReader {
 public:
  /// A line of more than `most` bytes is passed over, and told as too long.
  LineReader(ByteSource source, std::size_t most) : source_(std::move(source)), most_(most) {}

  enum class Got : std::uint8_t { line, too_long, nothing_yet, end };
  /// Asks the source at most once. The last line may lack its line break.
  Got next(std::string& line);

 private:
  std::optional<Got> from_buffer(std::string& line);

  ByteSource source_;
  std::size_t most_;
  std::string buffer_;
  std::size_t begin_ = 0;     ///< of what was not handed out
  std::size_t searched_ = 0;  ///< bytes from there that hold no line break
  bool skipping_ = false;
  bool ended_ = false;
};

}  // namespace rheobase::cli
