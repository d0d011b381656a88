// SPDX-License-Identifier: Apache-2.0
/// \file
/// Tokens one after the other, and what is said when another one was expected.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "definition/lexer.h"
#include "definition/words.h"
#include "rheobase/text.h"

namespace rheobase::language {

class TokenReader {
 public:
  explicit TokenReader(const Source& source) : source_(source), tokens_(tokens_of(source)) {}

  [[nodiscard]] const Source& source() const { return source_; }
  [[nodiscard]] const Token& now() const { return tokens_[at_]; }
  [[nodiscard]] const Token& after() const {
    return tokens_[at_ + 1 < tokens_.size() ? at_ + 1 : at_];
  }
  [[nodiscard]] bool at_sign(std::string_view sign) const {
    return now().kind == TokenKind::sign && now().text == sign;
  }
  [[nodiscard]] bool at_word(std::string_view word) const {
    return now().kind == TokenKind::name && now().text == word;
  }
  /// A name that is no keyword.
  [[nodiscard]] bool at_name() const {
    return now().kind == TokenKind::name && !is_keyword(now().text);
  }
  [[nodiscard]] bool at_end() const { return now().kind == TokenKind::end; }

  Token take() {
    const Token taken = now();
    if (!at_end()) {
      ++at_;
    }
    return taken;
  }
  bool take_sign(std::string_view sign) { return at_sign(sign) && (take(), true); }
  bool take_word(std::string_view word) { return at_word(word) && (take(), true); }
  void skip_line_ends() {
    while (now().kind == TokenKind::line_end) {
      take();
    }
  }

  void need_sign(std::string_view sign, const std::string& why) {
    if (!take_sign(sign)) {
      expected(quoted_name(sign), why);
    }
  }
  void need_line_end(const std::string& after) {
    if (now().kind != TokenKind::line_end) {
      expected("the end of the line", "after " + after);
    }
    take();
  }
  /// A name that may be given to something.
  Token need_name(const std::string& of);

  [[noreturn]] void expected(const std::string& what, const std::string& why) const;

 private:
  const Source& source_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

}  // namespace rheobase::language
