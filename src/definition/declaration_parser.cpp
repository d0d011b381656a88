// SPDX-License-Identifier: Apache-2.0
#include "definition/declaration_parser.h"

#include "definition/limits.h"
#include "platform/nearest.h"
#include "rheobase/text.h"

namespace rheobase::language {

void DeclarationParser::head(std::string_view word, const std::string& of) {
  tokens_.skip_line_ends();
  if (!tokens_.take_word(word)) {
    tokens_.expected(quoted_name(std::string(word) + " NAME"), "a definition begins with it");
  }
  syntax_.name = tokens_.need_name(of).text;
  syntax_.title = text();
  tokens_.need_line_end("the name and title of " + of);
}

Token DeclarationParser::statement_word(const std::string& hint) {
  const Token word = tokens_.take();
  if (word.kind != TokenKind::name || !is_one_of(words_, word.text)) {
    source_.unknown(word.at, quoted_name(word.text) + " begins no statement", word.text, words_,
                    hint);
  }
  return word;
}

void DeclarationParser::once(const Token& word, bool again, const std::string& of) const {
  if (again) {
    source_.fail(word.at,
                 quoted_name(word.text) + " stands twice (" + of + " has one). Remove one.");
  }
}

std::string_view DeclarationParser::text() {
  return tokens_.now().kind == TokenKind::text ? tokens_.take().text : std::string_view{};
}

void DeclarationParser::rest(Declared& d) {
  const Place at = tokens_.now().at;
  if (tokens_.at_name()) {
    if (d.unit) {
      tokens_.expected("'in', a text or the end", "there is a unit before it already");
    }
    d.unit = expressions_.unit();
    unit_at_ = at;
  }
  if (tokens_.take_word("in")) {
    d.range = range(d);
  }
  d.meaning = text();
}

Range DeclarationParser::range(Declared& d) {
  const Place at = tokens_.now().at;
  Range r;
  r.lowest = bound(d, d.lowest_parameter, false);
  tokens_.need_sign("..", "a range is `in lowest..highest`");
  r.highest = bound(d, d.highest_parameter, true);
  if (!(r.lowest <= r.highest)) {
    source_.fail(at, "the range " + number_text(r.lowest) + ".." + number_text(r.highest) +
                         " is empty. Give the lower bound first.");
  }
  if (r.lowest < -kLargestNumber || r.highest > kLargestNumber) {
    source_.fail(at, "the range is too wide (numbers are within +-2^60). Narrow it.");
  }
  return r;
}

// In the unit of what is declared, unless it has another.
double DeclarationParser::bound(const Declared& d, std::string_view& parameter, bool highest) {
  const Ref e = expressions_.sum();
  const Expression& x = syntax_.expressions[e];
  if (named_bounds_ && x.form == Form::name) {
    parameter = x.name;
    return named_bound(d, x, highest);
  }
  const std::optional<Unit> own = literal_unit(e);
  if (own && (!d.unit || own->base != d.unit->base)) {
    source_.fail(syntax_.expressions[e].at,
                 "the bound is in " + std::string(own->name) + ", " + quoted_name(d.name) +
                     (d.unit ? " in " + std::string(d.unit->name) : " has no unit") +
                     " (they do not fit). Correct one of them.");
  }
  return constant(e) / (own ? d.unit->factor : 1.0);
}

double DeclarationParser::named_bound(const Declared& d, const Expression& name,
                                      bool highest) const {
  std::vector<std::string_view> known;
  for (const Declared& p : syntax_.parameters) {
    if (p.name == name.name) {
      const Range range = p.range.value_or(Range{-kUsualNumber, kUsualNumber});
      return (highest ? range.highest : range.lowest) * (p.unit ? p.unit->factor : 1.0);
    }
    known.push_back(p.name);
  }
  source_.unknown(name.at, quoted_name(name.name) + " is no parameter above " + quoted_name(d.name),
                  name.name, known, "A range ends at a number or a parameter.");
}

Declared DeclarationParser::parameter() {
  Declared d = named("a parameter");
  d.value = expressions_.sum();
  d.unit = literal_unit(d.value);
  const double number = constant(d.value);
  const bool literal = d.unit.has_value();
  rest(d);
  d.number = literal ? number / d.unit->factor : number;
  return d;
}

Declared DeclarationParser::state() {
  Declared d = named("a state");
  d.value = expressions_.whole();
  d.unit = literal_unit(d.value);
  const bool literal = d.unit.has_value();
  rest(d);
  if (literal) {
    d.unit = *find_word(kUnits, d.unit->base);
  } else {
    need_base(d);
  }
  return d;
}

Declared DeclarationParser::let() {
  Declared d = named("a let");
  d.value = expressions_.whole();
  return d;
}

Declared DeclarationParser::named(const std::string& what) {
  const Token name = tokens_.need_name(what);
  Declared d;
  d.name = name.text;
  d.at = name.at;
  tokens_.need_sign("=", "it gives " + quoted_name(name.text) + " its value");
  return d;
}

void DeclarationParser::need_base(const Declared& d) const {
  if (d.unit && d.unit->name != d.unit->base) {
    source_.fail(unit_at_, quoted_name(d.name) + " cannot be in " + std::string(d.unit->name) +
                               " (the step computes in " + std::string(d.unit->base) + "). Write " +
                               std::string(d.unit->base) + ".");
  }
}

bool DeclarationParser::at_change() const {
  return tokens_.at_name() && !is_one_of(words_, tokens_.now().text);
}

std::vector<Statement> DeclarationParser::statements(const std::string& of) {
  std::vector<Statement> all;
  for (tokens_.skip_line_ends(); at_change(); tokens_.skip_line_ends()) {
    all.push_back(change());
  }
  if (all.empty()) {
    tokens_.expected("a change such as `v = 0`", "`" + of + "` has at least one");
  }
  return all;
}

Statement DeclarationParser::change() {
  Statement s;
  const Token name = tokens_.take();
  s.name = name.text;
  s.at = name.at;
  const bool primed = tokens_.take_sign("'");
  const Token sign = tokens_.now();
  if (tokens_.take_sign("=")) {
    s.change = primed ? Change::derivative : Change::set;
  } else if (!primed && tokens_.take_sign("+=")) {
    s.change = Change::add;
  } else if (!primed && tokens_.take_sign("-=")) {
    s.change = Change::subtract;
  } else if (!primed && tokens_.take_sign("*=")) {
    s.change = Change::multiply;
  } else if (!primed && sign.kind != TokenKind::sign && !nearest(name.text, words_).empty()) {
    source_.unknown(name.at, quoted_name(name.text) + " begins no statement", name.text, words_,
                    "");
  } else {
    tokens_.expected(primed ? "'='" : "'=', '+=', '-=', '*=' or \"'\"",
                     "it follows the name of a state");
  }
  s.value = expressions_.whole();
  if (tokens_.take_word("unless")) {
    s.unless = expressions_.whole();
  }
  tokens_.need_line_end("the change");
  return s;
}

std::string_view DeclarationParser::unit_of(Ref e) const {
  const Expression& x = syntax_.expressions[e];
  return x.form == Form::negate   ? unit_of(x.a)
         : x.form == Form::number ? x.name
                                  : std::string_view{};
}

std::optional<Unit> DeclarationParser::literal_unit(Ref e) const {
  const Unit* unit = find_word(kUnits, unit_of(e));
  return unit != nullptr ? std::optional(*unit) : std::nullopt;
}

double DeclarationParser::constant(Ref e) const {
  const Expression& x = syntax_.expressions[e];
  if (x.form == Form::number) {
    return x.number;
  }
  if (x.form == Form::negate) {
    return -constant(x.a);
  }
  if (x.form == Form::operation) {
    switch (x.op) {
      case model::Op::add: return constant(x.a) + constant(x.b);
      case model::Op::subtract: return constant(x.a) - constant(x.b);
      case model::Op::multiply: return constant(x.a) * constant(x.b);
      case model::Op::divide: {
        const double below = constant(x.b);
        if (below == 0.0) {
          source_.fail(x.at, "this divides by 0. Correct it.");
        }
        return constant(x.a) / below;
      }
      default: break;
    }
  }
  source_.fail(x.at,
               "a number is needed here (the values of parameters and ranges are given, not "
               "computed). Use a `let` for what is computed.");
}

}  // namespace rheobase::language
