// SPDX-License-Identifier: Apache-2.0
#include "definition/token_reader.h"

#include "rheobase/text.h"

namespace rheobase::language {

Token TokenReader::need_name(const std::string& of) {
  if (now().kind != TokenKind::name) {
    expected("a name", "that of " + of);
  }
  if (is_reserved(now().text)) {
    source_.fail(now().at, quoted_name(now().text) + " cannot be the name of " + of +
                               " (it is a word of the language). Choose another one.");
  }
  return take();
}

void TokenReader::expected(const std::string& what, const std::string& why) const {
  std::string found = "the end of the text";
  switch (now().kind) {
    case TokenKind::line_end: found = "the end of the line"; break;
    case TokenKind::text: found = "the text " + quoted_name(now().text); break;
    case TokenKind::end: break;
    default: found = quoted_name(now().text);
  }
  source_.fail(now().at, "expected " + what + ", found " + found + " (" + why + "). Correct it.");
}

}  // namespace rheobase::language
