// SPDX-License-Identifier: Apache-2.0
#include "definition/source.h"

#include <algorithm>

#include "platform/nearest.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::language {
namespace {

/// Bytes of the UTF-8 sequence that begins the text; 0 if none does, or a control character.
std::size_t character_at(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned first = byte(0);
  if (first < 0x80) {
    return first >= 0x20 ? (first != 0x7F ? 1 : 0) : (first == '\n' || first == '\t' ? 1 : 0);
  }
  if (first >= 0xC2 && first < 0xE0) {
    return follows(1) ? 2 : 0;
  }
  if (first >= 0xE0 && first < 0xF0) {
    const bool overlong = first == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = first == 0xED && byte(1) >= 0xA0;
    return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xF0 && first < 0xF5) {
    const bool outside = (first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) >= 0x90);
    return follows(1) && follows(2) && follows(3) && !outside ? 4 : 0;
  }
  return 0;
}

}  // namespace

Source::Source(std::string_view text, std::string_view where) : text_(text), where_(where) {
  if (text.size() > kMostText) {
    throw Error(ErrorCode::invalid_file, where_ + ": the definition is too long (" +
                                             number_text(text.size()) + " bytes, at most " +
                                             number_text(kMostText) + "). Shorten it.");
  }
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = text.substr(at, 2) == "\r\n" ? 2 : character_at(text.substr(at));
    if (length == 0) {
      fail(at, "this is no text (the byte " + quoted_name(text.substr(at, 1)) +
                   "). Definitions are UTF-8.");
    }
    at += length;
  }
}

std::size_t Source::line_of(std::size_t at) const {
  const auto end = text_.begin() + static_cast<std::ptrdiff_t>(std::min(at, text_.size()));
  return static_cast<std::size_t>(std::count(text_.begin(), end, '\n')) + 1;
}

void Source::fail(std::size_t at, const std::string& problem) const {
  const std::string_view before = text_.substr(0, at);
  const std::size_t end = before.rfind('\n');
  const std::string_view line = end == before.npos ? before : before.substr(end + 1);
  throw Error(ErrorCode::invalid_file, where_ + ", line " + number_text(line_of(at)) + ", column " +
                                           number_text(columns_of(line) + 1) + ": " + problem);
}

void Source::unknown(std::size_t at, const std::string& problem, std::string_view name,
                     std::span<const std::string_view> names, const std::string& hint) const {
  const std::string_view like = nearest(name, names);
  fail(at, problem + ". " + (like.empty() ? hint : "Did you mean " + quoted_name(like) + "?"));
}

}  // namespace rheobase::language
