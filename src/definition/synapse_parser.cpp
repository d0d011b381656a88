// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "definition/declaration_parser.h"
#include "definition/synapse_definition.h"
#include "definition/synapse_syntax.h"
#include "definition/words.h"
#include "rheobase/text.h"

namespace rheobase::language {
namespace {

constexpr std::array<std::string_view, 7> kSynapseStatements{"synapse", "param", "state", "trace",
                                                             "let",     "on",    "send"};
constexpr std::array<std::string_view, 2> kSides{"pre", "post"};
constexpr std::array<std::string_view, 2> kTraceKinds{"sum", "nearest"};

class SynapseParser final : private DeclarationParser {
 public:
  explicit SynapseParser(const Source& source)
      : DeclarationParser(source, kSynapseStatements, true) {}

  SynapseSyntax run() {
    head("synapse", "a synapse");
    for (tokens_.skip_line_ends(); !tokens_.at_end(); tokens_.skip_line_ends()) {
      statement();
    }
    require_whole();
    all_.common = std::move(syntax_);
    return std::move(all_);
  }

 private:
  void statement() {
    const Token word = statement_word(
        "Statements begin with param, trace, state, let, on or send; changes stand below `on pre` "
        "or `on post`.");
    const std::string of = "a synapse";
    if (word.text == "param") {
      list([&] { syntax_.parameters.push_back(parameter()); });
    } else if (word.text == "state") {
      list([&] { syntax_.states.push_back(state()); });
    } else if (word.text == "trace") {
      list([&] { all_.traces.push_back(trace()); });
    } else if (word.text == "let") {
      list([&] { syntax_.lets.push_back(let()); });
    } else if (word.text == "on") {
      const Side side = this->side("`on pre` is what a spike of the source does");
      std::vector<Statement>& lines = side == Side::pre ? all_.on_pre : all_.on_post;
      once(word, !lines.empty(), of);
      lines = statements(side == Side::pre ? "on pre" : "on post");
    } else if (word.text == "send") {
      once(word, all_.send != kNone, of);
      all_.send_at = word.at;
      all_.send = expressions_.whole();
      tokens_.need_line_end("what a spike carries");
    } else {
      once(word, true, of);
    }
  }

  Side side(const std::string& why) {
    const Token word = tokens_.take();
    if (word.kind != TokenKind::name || !is_one_of(kSides, word.text)) {
      source_.unknown(word.at, quoted_name(word.text) + " is no end of a synapse", word.text,
                      kSides, "There are `pre` and `post` (" + why + ").");
    }
    return word.text == "pre" ? Side::pre : Side::post;
  }

  DeclaredTrace trace() {
    DeclaredTrace d;
    const Token name = tokens_.need_name("a trace");
    d.name = name.text;
    d.at = name.at;
    d.side = side("whose spikes raise the trace");
    const Token kind = tokens_.take();
    if (kind.kind != TokenKind::name || !is_one_of(kTraceKinds, kind.text)) {
      source_.unknown(kind.at, quoted_name(kind.text) + " is no kind of trace", kind.text,
                      kTraceKinds,
                      "There are `sum tau` (each spike adds 1) and `nearest tau` (each spike sets "
                      "it to 1).");
    }
    d.nearest = kind.text == "nearest";
    d.decay = expressions_.sum();
    d.meaning = text();
    return d;
  }

  void require_whole() const {
    if (syntax_.states.empty() || syntax_.states.front().name != "w") {
      source_.fail(syntax_.states.empty() ? source_.text().size() : syntax_.states.front().at,
                   "the first state of a synapse is its weight, 'w' (" +
                       std::string(syntax_.states.empty() ? "there is none" : "this is another") +
                       "). Write a line such as `state w = 1 in 0..10`.");
    }
    if (!syntax_.states.front().range) {
      source_.fail(syntax_.states.front().at,
                   "'w' has no range (what arrives is bounded by it). Write `state w = 1 in "
                   "0..10`, or a parameter as its end.");
    }
    if (all_.on_pre.empty() && all_.on_post.empty()) {
      source_.fail(source_.text().size(),
                   "the synapse never changes (there is neither `on pre` nor `on post`). Add one.");
    }
    if (all_.traces.size() > kMostTraces) {
      source_.fail(all_.traces[kMostTraces].at,
                   "too many traces (at most " + number_text(kMostTraces) + "). Remove some.");
    }
    const auto draw = std::ranges::find_if(syntax_.expressions, [](const Expression& e) {
      return e.form == Form::operation && (e.op == model::Op::uniform ||
                                           e.op == model::Op::normal || e.op == model::Op::poisson);
    });
    if (draw != syntax_.expressions.end()) {
      source_.fail(draw->at, "a synapse draws nothing (models of neurons do). Remove it.");
    }
  }

  SynapseSyntax all_;
};

}  // namespace

SynapseSyntax parse_synapse_text(const Source& source) { return SynapseParser(source).run(); }

}  // namespace rheobase::language
