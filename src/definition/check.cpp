// SPDX-License-Identifier: Apache-2.0
#include "definition/check.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "definition/limits.h"
#include "definition/words.h"
#include "rheobase/text.h"

namespace rheobase::language {

using model::Op;

namespace {

class Checker {
 public:
  Checker(const Source& source, Syntax& syntax) : source_(source), syntax_(syntax) {}

  void run() {
    declare();
    for (const Declared& d : syntax_.parameters) {
      within(d);
    }
    for (Declared& let : syntax_.lets) {
      const bool truth = expression(let.value, Dependence::bursts);
      names_.at(let.name).truth = truth;
      names_.at(let.name).ready = true;
    }
    for (Declared& state : syntax_.states) {
      begins_ = state.name;
      number(state.value, Dependence::states);
      within_states(state);
    }
    begins_ = {};
    for (const DeclaredPort& port : syntax_.ports) {
      for (const Ref time : {port.rise, port.decay}) {
        if (time != kNone) {
          number(time, Dependence::parameters);
        }
      }
    }
    for (Section& section : syntax_.steps) {
      statements(section.statements, false);
    }
    statements(syntax_.reset, true);
    if (syntax_.fire != kNone) {
      truth(syntax_.fire);
    }
    if (syntax_.refractory != kNone) {
      number(syntax_.refractory, Dependence::parameters);
    }
  }

 private:
  struct Known {
    Symbol symbol;
    std::uint32_t index;
    Place at;
    bool truth = false;
    bool ready = false;  ///< a let whose value has been checked
  };
  Expression& at(Ref e) { return syntax_.expressions[e]; }

  void declare() {
    const auto all = [&](const auto& list, Symbol symbol) {
      for (std::uint32_t i = 0; i < list.size(); ++i) {
        declare(list[i], symbol, i);
      }
    };
    all(syntax_.parameters, Symbol::parameter);
    all(syntax_.states, Symbol::state);
    all(syntax_.ports, Symbol::port);
    all(syntax_.lets, Symbol::let);
    if (syntax_.ports.size() > model::kMostPorts) {
      source_.fail(syntax_.ports[model::kMostPorts].at,
                   "too many ports (at most " + number_text(model::kMostPorts) + "). Remove some.");
    }
  }

  void declare(const Declared& d, Symbol symbol, std::uint32_t index) {
    const auto [known, is_new] = names_.try_emplace(d.name, Known{symbol, index, d.at});
    if (!is_new) {
      const Place first = std::min(known->second.at, d.at);
      source_.fail(std::max(known->second.at, d.at),
                   quoted_name(d.name) + " is there already (line " +
                       number_text(source_.line_of(first)) + "). Choose another name.");
    }
    listed_.push_back(d.name);
  }

  /// Which line the sizes of parameters come from is known: they are told at once.
  void within(const Declared& d) const {
    const Range range = d.range.value_or(Range{-kUsualNumber, kUsualNumber});
    if (!(d.number >= range.lowest && d.number <= range.highest)) {
      source_.fail(d.at, quoted_name(d.name) + " is " + number_text(d.number) + " (its range is " +
                             number_text(range.lowest) + ".." + number_text(range.highest) +
                             "). Correct one of them.");
    }
  }
  void within_states(const Declared& d) const {
    if (d.range && d.range->lowest == d.range->highest) {
      source_.fail(d.at, quoted_name(d.name) +
                             " cannot change (its range is one number). Make it "
                             "a parameter.");
    }
  }

  void number(Ref e, Dependence most = Dependence::bursts) {
    if (expression(e, most)) {
      source_.fail(at(e).at, "a number is needed here (this is a truth). Write `1 if … else 0`.");
    }
  }
  void truth(Ref e, Dependence most = Dependence::bursts) {
    if (!expression(e, most)) {
      source_.fail(at(e).at,
                   "a truth is needed here (this is a number). Compare it, as in `v >= V_th`.");
    }
  }

  /// `most`: what it may depend on. \return whether it is a truth.
  bool expression(Ref ref, Dependence most) {
    const bool truth = at(ref).form == Form::name ? name(ref, most) : operation(ref, most);
    if (at(ref).depth > kMostDepth) {
      source_.fail(at(ref).at,
                   "this expression is nested too deeply (with the lets that it uses; "
                   "at most " +
                       number_text(kMostDepth) + " operations). Make it simpler.");
    }
    return truth;
  }

  bool operation(Ref ref, Dependence most) {
    const Expression e = at(ref);
    const bool draws = e.form == Form::operation &&
                       (e.op == Op::uniform || e.op == Op::normal || e.op == Op::poisson);
    if (draws) {
      depend(ref, Dependence::bursts, most, "a draw");
    }
    const bool of_truths = e.op == Op::both || e.op == Op::either || e.op == Op::opposite;
    const std::array<Ref, 3> operands{e.a, e.b, e.c};
    at(ref).depth = 1;
    for (std::size_t i = 0; i < operands.size() && operands[i] != kNone; ++i) {
      if (of_truths || (e.op == Op::select && i == 0)) {
        truth(operands[i], most);
      } else {
        number(operands[i], most);
      }
      const Expression& operand = at(operands[i]);
      at(ref).depends = std::max(at(ref).depends, operand.depends);
      at(ref).depth = std::max(at(ref).depth, operand.depth + 1);
    }
    return e.form == Form::operation && model::is_truth(e.op);
  }

  bool name(Ref ref, Dependence most) {
    Expression& e = at(ref);
    if (e.name == "dt") {
      e.symbol = Symbol::dt;
      return false;
    }
    if (e.name == "refractory") {
      if (syntax_.refractory == kNone) {
        source_.fail(e.at,
                     "the model has no refractory period. Add a line such as `refractory t_ref`.");
      }
      e.symbol = Symbol::refractory;
      depend(ref, Dependence::bursts, most, quoted_name(e.name));
      return true;
    }
    const auto known = names_.find(e.name);
    if (known == names_.end() && e.name == "t") {  // unless the text has a name of its own like it
      e.symbol = Symbol::time;
      depend(ref, Dependence::bursts, most, quoted_name(e.name));
      return false;
    }
    if (known == names_.end()) {
      source_.unknown(e.at, quoted_name(e.name) + " is not known", e.name, listed_,
                      "Parameters, states, ports and lets have to be declared.");
    }
    const Known& k = known->second;
    set_before(e.name, e.at, k);
    if ((k.symbol == Symbol::let && !k.ready) || e.name == begins_) {
      source_.fail(e.at, quoted_name(e.name) + " stands in its own value. Use another name.");
    }
    e.symbol = k.symbol;
    e.index = k.index;
    Dependence on = k.symbol == Symbol::parameter ? Dependence::parameters
                    : k.symbol == Symbol::state   ? Dependence::states
                                                  : Dependence::bursts;
    if (k.symbol == Symbol::let) {
      const Expression& value = at(syntax_.lets[k.index].value);
      on = value.depends;
      e.depth = value.depth + 1;
    }
    depend(ref, on, most, quoted_name(e.name));
    return k.truth;
  }

  void set_before(std::string_view name, Place used, const Known& k) const {
    if (k.at > used) {
      source_.fail(used, quoted_name(name) + " is used before it is set (line " +
                             number_text(source_.line_of(k.at)) + "). Move that line up.");
    }
  }

  void depend(Ref ref, Dependence on, Dependence most, const std::string& what) {
    at(ref).depends = on;
    if (on > most) {
      source_.fail(at(ref).at, (most == Dependence::states ? "parameters and states above"
                                                           : "parameters alone") +
                                   std::string(" can stand here (") + what +
                                   " changes from burst to burst). Make it a parameter.");
    }
  }

  void statements(std::vector<Statement>& list, bool reset) {
    std::vector<std::string_view> primed;  // of one system
    for (Statement& s : list) {
      target(s, reset);
      if (s.change != Change::derivative) {
        primed.clear();
      } else if (std::find(primed.begin(), primed.end(), s.name) != primed.end()) {
        source_.fail(
            s.at, quoted_name(s.name) + " has two derivatives in one system. Remove one of them.");
      } else {
        primed.push_back(s.name);
      }
      if (s.change == Change::derivative && reset) {
        source_.fail(s.at, "a reset has no derivatives. Write `" + std::string(s.name) + " = …`.");
      }
      number(s.value);
      if (s.unless != kNone) {
        truth(s.unless);
      }
    }
  }

  /// What a statement changes: a state, in resets also the value of an exponential port.
  void target(Statement& s, bool reset) {
    const auto known = names_.find(s.name);
    if (known == names_.end()) {
      std::vector<std::string_view> states;
      for (const Declared& state : syntax_.states) {
        states.push_back(state.name);
      }
      source_.unknown(s.at, quoted_name(s.name) + " is no state", s.name, states,
                      "States have to be declared, such as `state v = 0`.");
    }
    const Known& k = known->second;
    set_before(s.name, s.at, k);
    s.symbol = k.symbol;
    s.index = k.index;
    if (k.symbol == Symbol::state) {
      return;
    }
    if (k.symbol != Symbol::port) {
      source_.fail(s.at, quoted_name(s.name) + " cannot change (it is no state but a " +
                             (k.symbol == Symbol::let ? "let" : "parameter") +
                             "). Declare it as a state.");
    }
    const PortKind kind = syntax_.ports[k.index].kind;
    if (!reset) {
      source_.fail(s.at, "a step cannot change the port " + quoted_name(s.name) +
                             " (it follows what arrives and its kind). Use a state.");
    }
    if (kind != PortKind::exponential) {
      source_.fail(s.at, "a reset cannot change the port " + quoted_name(s.name) +
                             (kind == PortKind::sum ? " (it holds one burst only)"
                                                    : " (it is the sum of two)") +
                             ". Only those of the kind `exp` can be reset.");
    }
  }

  const Source& source_;
  Syntax& syntax_;
  std::unordered_map<std::string_view, Known> names_;
  std::vector<std::string_view> listed_;
  std::string_view begins_;  ///< the state whose first value is looked at
};

}  // namespace

void check(const Source& source, Syntax& syntax) { Checker(source, syntax).run(); }

}  // namespace rheobase::language
