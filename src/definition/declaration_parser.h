// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the definitions of neurons and of synapses have in common: parameters, states, lets, and
/// the statements that change states.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "definition/expression_parser.h"
#include "definition/source.h"
#include "definition/syntax.h"
#include "definition/token_reader.h"

namespace rheobase::language {

class DeclarationParser {
 public:
  DeclarationParser(const DeclarationParser&) = delete;
  DeclarationParser& operator=(const DeclarationParser&) = delete;

 protected:
  /// `words` begin statements. `named_bounds`: ranges of states may end at parameters.
  DeclarationParser(const Source& source, std::span<const std::string_view> words,
                    bool named_bounds)
      : source_(source),
        tokens_(source),
        expressions_(tokens_, syntax_.expressions, syntax_.sites),
        words_(words),
        named_bounds_(named_bounds) {}
  ~DeclarationParser() = default;

  /// `WORD NAME "title"`, the first line.
  void head(std::string_view word, const std::string& of);
  /// What begins the next statement; `hint` says which words do.
  Token statement_word(const std::string& hint);
  /// \throws Error if the statement was there before.
  void once(const Token& word, bool again, const std::string& of) const;

  template <class One>
  void list(One one) {
    do {
      one();
    } while (tokens_.take_sign(","));
    tokens_.need_line_end("a declaration");
  }

  Declared parameter();
  Declared state();
  Declared let();
  /// `NAME =`.
  Declared named(const std::string& what);
  /// What may follow a value: a unit, a range, a meaning.
  void rest(Declared& d);
  std::string_view text();
  /// The values of states and the weights of ports are in the units that the step computes in.
  void need_base(const Declared& d) const;
  /// Changes of states, one a line.
  std::vector<Statement> statements(const std::string& of);

  const Source& source_;
  Syntax syntax_;
  TokenReader tokens_;
  ExpressionParser expressions_;

 private:
  Range range(Declared& d);
  double bound(const Declared& d, std::string_view& parameter, bool highest);
  double named_bound(const Declared& d, const Expression& name, bool highest) const;
  [[nodiscard]] bool at_change() const;
  Statement change();
  [[nodiscard]] std::string_view unit_of(Ref e) const;
  [[nodiscard]] std::optional<Unit> literal_unit(Ref e) const;
  /// The value of an expression of numbers.
  [[nodiscard]] double constant(Ref e) const;

  std::span<const std::string_view> words_;
  bool named_bounds_;
  Place unit_at_ = 0;
};

}  // namespace rheobase::language
