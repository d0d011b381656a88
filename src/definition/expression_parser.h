// SPDX-License-Identifier: Apache-2.0
/// \file
/// Reads expressions, by precedence.
#pragma once

#include <vector>

#include "definition/syntax.h"
#include "definition/token_reader.h"

namespace rheobase::language {

class ExpressionParser {
 public:
  ExpressionParser(TokenReader& tokens, std::vector<Expression>& pool, std::uint32_t& sites)
      : tokens_(tokens), pool_(pool), sites_(sites) {}

  /// `x if c else y` and all that binds closer. \throws Error invalid_file.
  Ref whole() { return parse(kConditional); }
  /// Without comparisons, as bounds of ranges are.
  Ref sum() { return parse(kSum); }

  /// The unit behind a number or a declaration. \throws Error for an unknown one.
  Unit unit();

 private:
  enum Level : int {
    kConditional = 1,
    kOr,
    kAnd,
    kNot,
    kComparison,
    kSum,
    kProduct,
    kMinus,
    kPower
  };

  Ref parse(int level);
  Ref first();
  Ref number();
  Ref call(const Token& name);
  Ref node(Expression expression);
  Ref operation(model::Op op, Place at, Ref a, Ref b = kNone, Ref c = kNone);
  /// The operator that stands next, its level; 0 if none does.
  [[nodiscard]] int next_level() const;
  Ref with_operator(Ref left, int level);
  Ref comparison(const Token& sign, Ref left, Ref right);

  TokenReader& tokens_;
  std::vector<Expression>& pool_;
  std::uint32_t& sites_;
  std::uint32_t nested_ = 0;
};

}  // namespace rheobase::language
