// SPDX-License-Identifier: Apache-2.0
#include "definition/expression_parser.h"

#include <algorithm>

#include "rheobase/text.h"

namespace rheobase::language {

using model::Op;

Ref ExpressionParser::node(Expression expression) {
  for (const Ref child : {expression.a, expression.b, expression.c}) {
    if (child != kNone) {
      expression.depth = std::max(expression.depth, pool_[child].depth + 1);
    }
  }
  if (expression.depth > kMostDepth) {
    tokens_.source().fail(expression.at, "this expression is nested too deeply (at most " +
                                             number_text(kMostDepth) +
                                             " operations within each other). Split it by `let`.");
  }
  pool_.push_back(expression);
  return static_cast<Ref>(pool_.size() - 1);
}

Ref ExpressionParser::operation(Op op, Place at, Ref a, Ref b, Ref c) {
  Expression e;
  e.form = Form::operation;
  e.op = op;
  e.at = at;
  e.a = a;
  e.b = b;
  e.c = c;
  return node(e);
}

int ExpressionParser::next_level() const {
  const Token& t = tokens_.now();
  if (t.kind == TokenKind::name) {
    return t.text == "if" ? kConditional : t.text == "or" ? kOr : t.text == "and" ? kAnd : 0;
  }
  if (t.kind != TokenKind::sign) {
    return 0;
  }
  if (t.text == "+" || t.text == "-") {
    return kSum;
  }
  if (t.text == "*" || t.text == "/") {
    return kProduct;
  }
  if (t.text == "^") {
    return kPower;
  }
  const bool compares = t.text == "<" || t.text == "<=" || t.text == ">" || t.text == ">=" ||
                        t.text == "==" || t.text == "!=";
  return compares ? kComparison : 0;
}

Ref ExpressionParser::parse(int level) {
  if (++nested_ > kMostDepth) {
    tokens_.source().fail(tokens_.now().at, "this expression is nested too deeply (at most " +
                                                number_text(kMostDepth) +
                                                " levels). Split it by `let`.");
  }
  Ref left = first();
  for (int next = next_level(); next != 0 && next >= level; next = next_level()) {
    left = with_operator(left, next);
  }
  --nested_;
  return left;
}

Ref ExpressionParser::with_operator(Ref left, int level) {
  const Token sign = tokens_.take();
  if (level == kConditional) {
    const Ref condition = parse(kOr);
    if (!tokens_.take_word("else")) {
      tokens_.expected("'else'", "`x if condition else y` needs both values");
    }
    return operation(Op::select, sign.at, condition, left, parse(kConditional));
  }
  // ^ binds to the right, and takes a minus there
  const Ref right = parse(level == kPower ? kMinus : level + 1);
  switch (level) {
    case kOr: return operation(Op::either, sign.at, left, right);
    case kAnd: return operation(Op::both, sign.at, left, right);
    case kSum: return operation(sign.text == "+" ? Op::add : Op::subtract, sign.at, left, right);
    case kProduct:
      return operation(sign.text == "*" ? Op::multiply : Op::divide, sign.at, left, right);
    case kPower: return operation(Op::power, sign.at, left, right);
    default: return comparison(sign, left, right);
  }
}

Ref ExpressionParser::comparison(const Token& sign, Ref left, Ref right) {
  if (sign.text == ">" || sign.text == ">=") {
    std::swap(left, right);
  }
  if (sign.text == "==" || sign.text == "!=") {
    const Ref equal = operation(Op::equal, sign.at, left, right);
    return sign.text == "==" ? equal : operation(Op::opposite, sign.at, equal);
  }
  return operation(sign.text.size() == 1 ? Op::less : Op::less_equal, sign.at, left, right);
}

Ref ExpressionParser::first() {
  const Token& t = tokens_.now();
  if (t.kind == TokenKind::number) {
    return number();
  }
  if (tokens_.at_sign("-")) {
    Expression e;
    e.form = Form::negate;
    e.at = tokens_.take().at;
    e.a = parse(kMinus);
    return node(e);
  }
  if (tokens_.take_sign("+")) {
    return parse(kMinus);
  }
  if (tokens_.at_word("not")) {
    const Place at = tokens_.take().at;
    return operation(Op::opposite, at, parse(kNot));
  }
  if (tokens_.take_sign("(")) {
    const Ref inner = whole();
    tokens_.need_sign(")", "it closes a parenthesis");
    return inner;
  }
  const bool name = tokens_.at_name() || tokens_.at_word("refractory");
  if (!name) {
    tokens_.expected("a number, a name or '('", "an expression begins with one");
  }
  const Token taken = tokens_.take();
  if (tokens_.at_sign("(")) {
    return call(taken);
  }
  if (const Function* function = find_word(kFunctions, taken.text)) {
    tokens_.source().fail(taken.at, quoted_name(function->name) +
                                        " is a function (its arguments are missing). Write " +
                                        std::string(function->name) + "(…).");
  }
  Expression e;
  e.form = Form::name;
  e.at = taken.at;
  e.name = taken.text;
  return node(e);
}

Ref ExpressionParser::number() {
  const Token token = tokens_.take();
  Expression e;
  e.at = token.at;
  e.number = token.number;
  if (tokens_.at_name()) {
    const Unit u = unit();
    e.name = u.name;
    e.number *= u.factor;
  }
  return node(e);
}

Unit ExpressionParser::unit() {
  const Token name = tokens_.take();
  const Unit* known = find_word(kUnits, name.text);
  if (known == nullptr) {
    tokens_.source().unknown(name.at, quoted_name(name.text) + " is no unit that is known",
                             name.text, names_of(kUnits),
                             "There are ms, s, us, mV, V, uV, pA, nA, uA, nS, pS, uS, mS, pF, nF, "
                             "uF, Hz, kHz, MOhm, GOhm; a product is written with '*'.");
  }
  return *known;
}

Ref ExpressionParser::call(const Token& name) {
  const Function* function = find_word(kFunctions, name.text);
  if (function == nullptr) {
    tokens_.source().unknown(name.at, quoted_name(name.text) + " is no function", name.text,
                             names_of(kFunctions), "A product is written with '*'.");
  }
  tokens_.take();  // the parenthesis
  std::vector<Ref> arguments;
  if (!tokens_.at_sign(")")) {
    do {
      arguments.push_back(whole());
    } while (tokens_.take_sign(","));
  }
  tokens_.need_sign(")", "it closes the arguments of " + quoted_name(function->name));
  if (arguments.size() != function->arguments) {
    tokens_.source().fail(
        name.at, quoted_name(function->name) + " takes " + number_text(function->arguments) +
                     (function->arguments == 1 ? " argument" : " arguments") + " (here are " +
                     number_text(arguments.size()) + "). Correct it.");
  }
  arguments.resize(3, kNone);
  switch (function->call) {
    case Call::clamp:
      return operation(Op::maximum, name.at,
                       operation(Op::minimum, name.at, arguments[0], arguments[2]), arguments[1]);
    case Call::relative: {
      Expression e;
      e.form = Form::relative;
      e.at = name.at;
      e.a = arguments[0];
      return node(e);
    }
    case Call::bernoulli: {
      const Ref draw = operation(Op::uniform, name.at, kNone);
      pool_[draw].index = sites_++;
      return operation(Op::less, name.at, draw, arguments[0]);
    }
    case Call::plain: break;
  }
  const Ref made = operation(function->op, name.at, arguments[0], arguments[1], arguments[2]);
  if (function->op == Op::uniform || function->op == Op::normal || function->op == Op::poisson) {
    pool_[made].index = sites_++;
  }
  return made;
}

}  // namespace rheobase::language
