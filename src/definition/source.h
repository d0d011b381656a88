// SPDX-License-Identifier: Apache-2.0
/// \file
/// The text of a definition, and how its errors name a place in it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace rheobase::language {

inline constexpr std::size_t kMostText = 65536;

class Source {
 public:
  /// \throws Error invalid_file for a text that is too long or holds what no text holds.
  Source(std::string_view text, std::string_view where);

  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] std::size_t line_of(std::size_t at) const;
  /// \throws Error invalid_file "WHERE, line 3, column 12: PROBLEM". The problem is whole
  /// sentences.
  [[noreturn]] void fail(std::size_t at, const std::string& problem) const;
  /// "'weihgt' is no parameter. Did you mean 'weight'?", or the hint if nothing is like it.
  [[noreturn]] void unknown(std::size_t at, const std::string& problem, std::string_view name,
                            std::span<const std::string_view> names, const std::string& hint) const;

 private:
  std::string_view text_;
  std::string where_;
};

}  // namespace rheobase::language
