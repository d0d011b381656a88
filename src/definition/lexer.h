// SPDX-License-Identifier: Apache-2.0
/// \file
/// The words of a definition.
#pragma once

#include <string_view>
#include <vector>

#include "definition/source.h"
#include "definition/syntax.h"

namespace rheobase::language {

enum class TokenKind : std::uint8_t { name, number, text, sign, line_end, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;  ///< of a text without its quotes
  Place at = 0;
  double number = 0.0;
};

/// All of them, the last one is `end`. Line ends within parentheses and after operators are left
/// out, `;` is one. \throws Error invalid_file.
[[nodiscard]] std::vector<Token> tokens_of(const Source& source);

}  // namespace rheobase::language
