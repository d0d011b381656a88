// SPDX-License-Identifier: Apache-2.0
#include "definition/methods.h"

#include <array>

#include "definition/limits.h"
#include "rheobase/text.h"

namespace rheobase::language {

using model::Op;
using model::Operation;

std::vector<bool> dependents(const Graph& graph) {
  std::vector<bool> depends(graph.step().size());
  for (std::size_t i = 0; i < depends.size(); ++i) {
    const Operation& o = graph.step()[i];
    const std::uint32_t operands = model::operands_of(o.op);
    depends[i] = (o.op == Op::state && o.word >= kPlaceholder) || (operands > 0 && depends[o.a]) ||
                 (operands > 1 && depends[o.b]) || (operands > 2 && depends[o.c]);
  }
  return depends;
}

namespace {

class Stepper {
 public:
  Stepper(Evaluator& evaluate, std::span<const Statement> lines, const Environment& before)
      : evaluate_(evaluate), g_(evaluate.graph), lines_(lines), before_(before) {
    for (const Statement& line : lines_) {
      evaluate_.at(line.at);
      held_.push_back(line.unless == kNone ? g_.number(0.0) : evaluate_(line.unless, before_));
    }
  }

  std::vector<Value> euler() {
    const std::vector<Value> rates = derivatives(before_);
    return moved(rates, g_.dt());
  }

  std::vector<Value> midpoint() {
    const Environment middle = stage(derivatives(before_), 1);
    return moved(derivatives(middle), g_.dt());
  }

  std::vector<Value> rk4() {
    const std::vector<Value> first = derivatives(before_);
    const std::vector<Value> second = derivatives(stage(first, 1));
    const std::vector<Value> third = derivatives(stage(second, 1));
    const std::vector<Value> fourth = derivatives(stage(third, 2));
    std::vector<Value> mean;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      evaluate_.at(lines_[i].at);
      const Value middle = g_.multiply(g_.add(second[i], third[i]), g_.number(2.0));
      mean.push_back(g_.add(g_.add(first[i], fourth[i]), middle));
    }
    return moved(mean, g_.divide(g_.dt(), g_.number(6.0)));
  }

  /// Each variable by itself: x' = a x + b, with a and b from the values before.
  std::vector<Value> exponential() {
    std::vector<Value> after;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      evaluate_.at(lines_[i].at);
      Environment apart = before_;
      apart.states[lines_[i].index] = g_.state(kPlaceholder);
      const Line line = line_of(evaluate_(lines_[i].value, apart), i);
      const Value x = before_.states[lines_[i].index];
      const Value rate = g_.add(line.rest, g_.multiply(line.slope, x));
      const Value growth = g_.exprel(g_.multiply(line.slope, g_.dt()));
      after.push_back(g_.add(x, g_.multiply(g_.multiply(rate, growth), g_.dt())));
    }
    return after;
  }

  /// Held where `unless` says so.
  std::vector<Value> held(std::vector<Value> after) {
    for (std::size_t i = 0; i < after.size(); ++i) {
      after[i] = g_.select(held_[i], before_.states[lines_[i].index], after[i]);
    }
    return after;
  }

 private:
  /// slope * placeholder + rest.
  struct Line {
    Value slope, rest;
  };

  std::vector<Value> derivatives(const Environment& at) {
    std::vector<Value> rates;
    for (const Statement& line : lines_) {
      evaluate_.at(line.at);
      rates.push_back(evaluate_(line.value, at));
    }
    return rates;
  }

  std::vector<Value> moved(const std::vector<Value>& rates, Value ms) {
    std::vector<Value> after;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      evaluate_.at(lines_[i].at);
      after.push_back(g_.add(before_.states[lines_[i].index], g_.multiply(rates[i], ms)));
    }
    return after;
  }

  /// All as it is one or two half steps later, within the ranges of states; what decays by itself
  /// does so meanwhile.
  Environment stage(const std::vector<Value>& rates, std::uint32_t half_steps) {
    const Value ms = half_steps == 1 ? g_.multiply(g_.dt(), g_.number(0.5)) : g_.dt();
    Environment later = before_;
    later.half_steps = half_steps;
    const std::vector<Value> after = held(moved(rates, ms));
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const Declared& state = evaluate_.syntax().states[lines_[i].index];
      const Range range = state.range.value_or(Range{-kUsualNumber, kUsualNumber});
      const Value below = g_.apply(Op::minimum, after[i], g_.number(range.highest));
      later.states[lines_[i].index] = g_.apply(Op::maximum, below, g_.number(range.lowest));
    }
    for (std::size_t p = 0; p < later.ports.size(); ++p) {
      const PortValue value = decayed(evaluate_, p, {before_.ports[p], before_.rises[p]}, ms);
      later.ports[p] = value.value;
    }
    return later;
  }

  Line line_of(Value v, std::size_t i) {
    depends_ = dependents(g_);
    known_.clear();
    return line_at(v, i);
  }

  Line line_at(Value v, std::size_t i) {
    const Value none = g_.number(0.0);
    if (v.host || v.place >= depends_.size() || !depends_[v.place]) {
      return {none, v};
    }
    if (const auto known = known_.find(v.place); known != known_.end()) {
      return known->second;
    }
    const Line line = dependent(v, i);
    known_.emplace(v.place, line);
    return line;
  }

  Line dependent(Value v, std::size_t i) {
    const Operation o = g_.step()[v.place];
    if (o.op == Op::state) {
      return {g_.number(1.0), g_.number(0.0)};
    }
    const bool condition = o.op == Op::select && depends_[o.a];
    if (condition || (o.op != Op::add && o.op != Op::subtract && o.op != Op::multiply &&
                      o.op != Op::divide && o.op != Op::select)) {
      not_linear(i);
    }
    const Line a = line_at(g_.value_at(o.op == Op::select ? o.b : o.a), i);
    const Line b = line_at(g_.value_at(o.op == Op::select ? o.c : o.b), i);
    const bool a_moves = !g_.is_number(a.slope, 0.0);
    const bool b_moves = !g_.is_number(b.slope, 0.0);
    switch (o.op) {
      case Op::add:
      case Op::subtract: return {g_.apply(o.op, a.slope, b.slope), g_.apply(o.op, a.rest, b.rest)};
      case Op::select: {
        const Value c = g_.value_at(o.a);
        return {g_.select(c, a.slope, b.slope), g_.select(c, a.rest, b.rest)};
      }
      case Op::multiply:
        if (a_moves && b_moves) {
          not_linear(i);
        }
        return a_moves ? Line{g_.multiply(a.slope, b.rest), g_.multiply(a.rest, b.rest)}
                       : Line{g_.multiply(a.rest, b.slope), g_.multiply(a.rest, b.rest)};
      default:
        if (b_moves) {
          not_linear(i);
        }
        return {g_.divide(a.slope, b.rest), g_.divide(a.rest, b.rest)};
    }
  }

  [[noreturn]] void not_linear(std::size_t i) const {
    const std::string name(lines_[i].name);
    evaluate_.source().fail(lines_[i].at,
                            "the derivative of " + quoted_name(name) +
                                " is not linear in it, which exponential_euler needs (beyond sums, "
                                "and products with what does not depend on it). Use midpoint or "
                                "rk4.");
  }

  Evaluator& evaluate_;
  Graph& g_;
  std::span<const Statement> lines_;
  const Environment before_;
  std::vector<Value> held_;  ///< for each line, the truth whether it keeps its value
  std::vector<bool> depends_;
  std::map<std::uint32_t, Line> known_;
};

}  // namespace

void advance(Evaluator& evaluate, Method method, std::span<const Statement> lines,
             Environment& now) {
  Stepper stepper(evaluate, lines, now);
  std::vector<Value> after;
  switch (method) {
    case Method::euler: after = stepper.euler(); break;
    case Method::midpoint: after = stepper.midpoint(); break;
    case Method::rk4: after = stepper.rk4(); break;
    case Method::exponential_euler: after = stepper.exponential(); break;
    case Method::exact: after = exact_step(evaluate, lines, now); break;
  }
  after = stepper.held(std::move(after));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    now.states[lines[i].index] = after[i];
  }
}

}  // namespace rheobase::language
