// SPDX-License-Identifier: Apache-2.0
#include "definition/lexer.h"

#include <algorithm>
#include <array>

#include "rheobase/text.h"

namespace rheobase::language {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// longer ones first
constexpr std::array<std::string_view, 20> kSigns{
    "..", "+=", "-=", "*=", "<=", ">=", "==", "!=", "+", "-",
    "*",  "/",  "^",  "(",  ")",  ",",  "=",  "<",  ">", "'"};
// a line goes on after them
constexpr std::array<std::string_view, 5> kWords{"and", "or", "not", "if", "else"};

class Lexer {
 public:
  explicit Lexer(const Source& source) : source_(source), text_(source.text()) {}

  std::vector<Token> run() {
    while (at_ < text_.size()) {
      next();
    }
    if (!open_.empty()) {
      source_.fail(open_.back(), "this '(' is never closed. Add the ')'.");
    }
    add(TokenKind::line_end, 0);
    add(TokenKind::end, 0);
    return std::move(tokens_);
  }

 private:
  void next() {
    const char c = text_[at_];
    if (c == ' ' || c == '\t' || c == '\r') {
      ++at_;
    } else if (c == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (c == '\n' || c == ';') {
      if (open_.empty() && !goes_on()) {
        add(TokenKind::line_end, 1);
      } else if (c == ';') {
        source_.fail(at_, open_.empty() ? "something is missing before this ';'. Add it."
                                        : "this ';' stands within parentheses. Close them first.");
      } else {
        ++at_;
      }
    } else if (begins_name(c)) {
      add(TokenKind::name, run_of([](char d) { return begins_name(d) || is_digit(d); }, at_));
    } else if (is_digit(c) || (c == '.' && is_digit(at(at_ + 1)))) {
      number();
    } else if (c == '"') {
      quoted();
    } else {
      sign();
    }
  }

  [[nodiscard]] char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }

  template <class Belongs>
  [[nodiscard]] std::size_t run_of(Belongs belongs, std::size_t from) const {
    std::size_t end = from;
    while (end < text_.size() && belongs(text_[end])) {
      ++end;
    }
    return end - from;
  }

  void add(TokenKind kind, std::size_t length) {
    tokens_.push_back({kind, text_.substr(at_, length), static_cast<Place>(at_), 0.0});
    at_ += length;
  }

  [[nodiscard]] bool goes_on() const {
    if (tokens_.empty()) {
      return false;
    }
    const Token& last = tokens_.back();
    const bool word = last.kind == TokenKind::name &&
                      std::find(kWords.begin(), kWords.end(), last.text) != kWords.end();
    return word || (last.kind == TokenKind::sign && last.text != ")" && last.text != "'");
  }

  void number() {
    std::size_t end = at_ + run_of(is_digit, at_);
    if (at(end) == '.' && at(end + 1) != '.') {  // 1..2 is a range
      end += 1 + run_of(is_digit, end + 1);
    }
    if (at(end) == 'e' || at(end) == 'E') {
      const std::size_t sign = at(end + 1) == '-' || at(end + 1) == '+' ? 1 : 0;
      if (is_digit(at(end + 1 + sign))) {
        end += 1 + sign + run_of(is_digit, end + 1 + sign);
      }
    }
    const std::string_view digits = text_.substr(at_, end - at_);
    const std::optional<double> value = parse_number<double>(digits);
    if (!value || *value > 0x1p100) {
      source_.fail(at_, "the number " + shown(digits, 40) +
                            (value ? " is too large (at most 2^100)" : " cannot be read") +
                            ". Correct it.");
    }
    add(TokenKind::number, digits.size());
    tokens_.back().number = *value;
  }

  void quoted() {
    const std::size_t end = text_.find_first_of("\"\n\r\t", at_ + 1);
    if (end == text_.npos || text_[end] != '"') {
      source_.fail(at_, "this text has no end (it has to close on its line). Add the '\"'.");
    }
    ++at_;
    add(TokenKind::text, end - at_);
    ++at_;
  }

  void sign() {
    for (const std::string_view known : kSigns) {
      if (text_.substr(at_, known.size()) == known) {
        parenthesis(known);
        add(TokenKind::sign, known.size());
        return;
      }
    }
    std::size_t length = 1;  // a whole character of UTF-8
    while ((static_cast<unsigned char>(at(at_ + length)) & 0xC0U) == 0x80U) {
      ++length;
    }
    source_.fail(at_, "the character " + quoted_name(text_.substr(at_, length)) +
                          " means nothing here. Remove it.");
  }

  void parenthesis(std::string_view sign) {
    if (sign == "(") {
      open_.push_back(at_);
    } else if (sign == ")") {
      if (open_.empty()) {
        source_.fail(at_, "this ')' closes nothing. Remove it.");
      }
      open_.pop_back();
    }
  }

  const Source& source_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
  std::vector<std::size_t> open_;
};

}  // namespace

std::vector<Token> tokens_of(const Source& source) { return Lexer(source).run(); }

}  // namespace rheobase::language
