// SPDX-License-Identifier: Apache-2.0
#include "definition/parser.h"

#include "definition/expression_parser.h"
#include "definition/limits.h"
#include "platform/nearest.h"
#include "rheobase/text.h"

namespace rheobase::language {
namespace {

class Parser {
 public:
  explicit Parser(const Source& source)
      : source_(source),
        tokens_(source),
        expressions_(tokens_, syntax_.expressions, syntax_.sites) {}

  Syntax run() {
    tokens_.skip_line_ends();
    if (!tokens_.take_word("model")) {
      tokens_.expected("'model NAME'", "a definition begins with it");
    }
    syntax_.name = tokens_.need_name("a model").text;
    syntax_.title = text();
    tokens_.need_line_end("the model's name and title");
    for (tokens_.skip_line_ends(); !tokens_.at_end(); tokens_.skip_line_ends()) {
      statement();
    }
    if (syntax_.fire == kNone) {
      source_.fail(source_.text().size(),
                   "the model never fires (there is no `fire` statement). Add one, such as `fire v "
                   ">= V_th`.");
    }
    return std::move(syntax_);
  }

 private:
  void statement() {
    const Token word = tokens_.take();
    if (word.kind != TokenKind::name || !is_one_of(kStatements, word.text)) {
      source_.unknown(word.at, quoted_name(word.text) + " begins no statement", word.text,
                      kStatements,
                      "Statements begin with param, state, port, let, step, fire, refractory or "
                      "reset; changes stand below `step` or `reset`.");
    }
    if (word.text == "param") {
      list([&] { syntax_.parameters.push_back(parameter()); });
    } else if (word.text == "state") {
      list([&] { syntax_.states.push_back(state()); });
    } else if (word.text == "port") {
      list([&] { syntax_.ports.push_back(port()); });
    } else if (word.text == "let") {
      list([&] { syntax_.lets.push_back(let()); });
    } else if (word.text == "step") {
      syntax_.steps.push_back(step(word.at));
    } else if (word.text == "fire") {
      once(word, syntax_.fire != kNone);
      syntax_.fire = expressions_.whole();
      tokens_.need_line_end("the condition");
    } else if (word.text == "refractory") {
      once(word, syntax_.refractory != kNone);
      syntax_.refractory_at = word.at;
      syntax_.refractory = expressions_.whole();
      tokens_.need_line_end("the refractory period");
    } else if (word.text == "reset") {
      once(word, !syntax_.reset.empty());
      syntax_.reset = statements("reset");
    } else {
      once(word, true);
    }
  }

  void once(const Token& word, bool again) const {
    if (again) {
      source_.fail(word.at,
                   quoted_name(word.text) + " stands twice (a model has one). Remove one.");
    }
  }

  template <class One>
  void list(One one) {
    do {
      one();
    } while (tokens_.take_sign(","));
    tokens_.need_line_end("a declaration");
  }

  std::string_view text() {
    return tokens_.now().kind == TokenKind::text ? tokens_.take().text : std::string_view{};
  }

  /// What may follow a value: a unit, a range, a meaning.
  void rest(Declared& d) {
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

  Range range(const Declared& d) {
    const Place at = tokens_.now().at;
    Range r;
    r.lowest = bound(d);
    tokens_.need_sign("..", "a range is `in lowest..highest`");
    r.highest = bound(d);
    if (!(r.lowest <= r.highest)) {
      source_.fail(at, "the range " + number_text(r.lowest) + ".." + number_text(r.highest) +
                           " is empty. Give the lower bound first.");
    }
    if (r.lowest < -kLargestNumber || r.highest > kLargestNumber) {
      source_.fail(at, "the range is too wide (numbers are within +-2^60). Narrow it.");
    }
    return r;
  }
  /// In the unit of what is declared, unless it has another.
  double bound(const Declared& d) {
    const Ref e = expressions_.sum();
    const std::optional<Unit> own = literal_unit(e);
    if (own && (!d.unit || own->base != d.unit->base)) {
      source_.fail(syntax_.expressions[e].at,
                   "the bound is in " + std::string(own->name) + ", " + quoted_name(d.name) +
                       (d.unit ? " in " + std::string(d.unit->name) : " has no unit") +
                       " (they do not fit). Correct one of them.");
    }
    return constant(e) / (own ? d.unit->factor : 1.0);
  }

  Declared parameter() {
    Declared d = named("a parameter");
    d.value = expressions_.sum();
    d.unit = literal_unit(d.value);
    const double number = constant(d.value);
    const bool literal = d.unit.has_value();
    rest(d);
    d.number = literal ? number / d.unit->factor : number;
    return d;
  }

  Declared state() {
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

  DeclaredPort port() {
    DeclaredPort d;
    const Token name = tokens_.need_name("a port");
    d.name = name.text;
    d.at = name.at;
    const Token kind = tokens_.take();
    const NamedPort* known = kind.kind == TokenKind::name ? find_word(kPorts, kind.text) : nullptr;
    if (known == nullptr) {
      source_.unknown(kind.at, quoted_name(kind.text) + " is no kind of port", kind.text,
                      names_of(kPorts),
                      "There are `sum`, `exp tau`, `alpha tau` and `dexp tau_rise, tau_decay`.");
    }
    d.kind = known->kind;
    if (d.kind == PortKind::difference) {
      d.rise = expressions_.sum();
      tokens_.need_sign(",", "dexp has two time constants");
    }
    if (d.kind != PortKind::sum) {
      d.decay = expressions_.sum();
    }
    rest(d);
    need_base(d);
    if (d.range) {
      source_.fail(d.at, "a port has no range (states have). Remove it.");
    }
    return d;
  }

  Declared let() {
    Declared d = named("a let");
    d.value = expressions_.whole();
    return d;
  }

  Declared named(const std::string& what) {
    const Token name = tokens_.need_name(what);
    Declared d;
    d.name = name.text;
    d.at = name.at;
    tokens_.need_sign("=", "it gives " + quoted_name(name.text) + " its value");
    return d;
  }

  /// The values of states and the weights of ports are in the units that the step computes in.
  void need_base(const Declared& d) const {
    if (d.unit && d.unit->name != d.unit->base) {
      source_.fail(unit_at_, quoted_name(d.name) + " cannot be in " + std::string(d.unit->name) +
                                 " (the step computes in " + std::string(d.unit->base) +
                                 "). Write " + std::string(d.unit->base) + ".");
    }
  }

  Section step(Place at) {
    Section section;
    section.at = at;
    const Token& next = tokens_.after();
    const bool changes =
        next.kind == TokenKind::sign && (next.text == "'" || next.text.find('=') != next.text.npos);
    if (tokens_.at_name() && !changes) {
      const Token name = tokens_.take();
      const NamedMethod* method = find_word(kMethods, name.text);
      if (method == nullptr) {
        source_.unknown(name.at, quoted_name(name.text) + " is no method", name.text,
                        names_of(kMethods),
                        "There are exact, euler, midpoint, rk4 and exponential_euler.");
      }
      section.method = method->method;
    }
    section.statements = statements("step");
    return section;
  }

  std::vector<Statement> statements(const std::string& of) {
    std::vector<Statement> all;
    for (tokens_.skip_line_ends(); tokens_.at_name(); tokens_.skip_line_ends()) {
      all.push_back(change());
    }
    if (all.empty()) {
      tokens_.expected("a change such as `v = 0`", "`" + of + "` has at least one");
    }
    return all;
  }

  Statement change() {
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
    } else if (!primed && sign.kind != TokenKind::sign &&
               !nearest(name.text, kStatements).empty()) {
      source_.unknown(name.at, quoted_name(name.text) + " begins no statement", name.text,
                      kStatements, "");
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

  [[nodiscard]] std::string_view unit_of(Ref e) const {
    const Expression& x = syntax_.expressions[e];
    return x.form == Form::negate   ? unit_of(x.a)
           : x.form == Form::number ? x.name
                                    : std::string_view{};
  }
  [[nodiscard]] std::optional<Unit> literal_unit(Ref e) const {
    const Unit* unit = find_word(kUnits, unit_of(e));
    return unit != nullptr ? std::optional(*unit) : std::nullopt;
  }

  /// The value of an expression of numbers.
  [[nodiscard]] double constant(Ref e) const {
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

  const Source& source_;
  Syntax syntax_;
  TokenReader tokens_;
  ExpressionParser expressions_;
  Place unit_at_ = 0;
};

}  // namespace

Syntax parse(const Source& source) { return Parser(source).run(); }

}  // namespace rheobase::language
