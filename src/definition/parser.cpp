// SPDX-License-Identifier: Apache-2.0
#include "definition/parser.h"

#include "definition/declaration_parser.h"
#include "definition/words.h"
#include "rheobase/text.h"

namespace rheobase::language {
namespace {

class Parser final : private DeclarationParser {
 public:
  explicit Parser(const Source& source) : DeclarationParser(source, kStatements, false) {}

  Syntax run() {
    head("model", "a model");
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
    const Token word = statement_word(
        "Statements begin with param, state, port, let, step, fire, refractory or reset; changes "
        "stand below `step` or `reset`.");
    const std::string of = "a model";
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
      once(word, syntax_.fire != kNone, of);
      syntax_.fire = expressions_.whole();
      tokens_.need_line_end("the condition");
    } else if (word.text == "refractory") {
      once(word, syntax_.refractory != kNone, of);
      syntax_.refractory_at = word.at;
      syntax_.refractory = expressions_.whole();
      tokens_.need_line_end("the refractory period");
    } else if (word.text == "reset") {
      once(word, !syntax_.reset.empty(), of);
      syntax_.reset = statements("reset");
    } else {
      once(word, true, of);
    }
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
};

}  // namespace

Syntax parse(const Source& source) { return Parser(source).run(); }

}  // namespace rheobase::language
