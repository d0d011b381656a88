// SPDX-License-Identifier: Apache-2.0
#include "definition/environment.h"

namespace rheobase::language {

using model::Op;

Value Evaluator::operator()(Ref e, const Environment& now) {
  ++version_;
  return value(e, now);
}

Value Evaluator::value(Ref e, const Environment& now) {
  const Expression& x = syntax_.expressions[e];
  if (++work_ > (1U << 20U)) {
    throw TooLarge();
  }
  switch (x.form) {
    case Form::number: return graph.number(x.number);
    case Form::negate: return graph.negate(value(x.a, now));
    case Form::relative: return graph.exprel(value(x.a, now));
    case Form::name:
      switch (x.symbol) {
        case Symbol::parameter: {
          const auto& unit = syntax_.parameters[x.index].unit;
          return graph.multiply(graph.parameter(x.index), graph.number(unit ? unit->factor : 1.0));
        }
        case Symbol::state: return now.states[x.index];
        case Symbol::port: return now.ports[x.index];
        case Symbol::dt: return graph.dt();
        case Symbol::refractory: return now.refractory;
        case Symbol::let: break;
      }
      if (lets_[x.index].version != version_) {
        const Value made = value(syntax_.lets[x.index].value, now);
        lets_[x.index] = {version_, made};
      }
      return lets_[x.index].value;
    case Form::operation: break;
  }
  if (x.op == Op::uniform || x.op == Op::normal || x.op == Op::poisson) {
    return graph.draw(x.op, x.index, x.a == kNone ? Value{} : value(x.a, now));
  }
  const Value a = value(x.a, now);
  const Value b = x.b == kNone ? Value{} : value(x.b, now);
  return graph.apply(x.op, a, b, x.c == kNone ? Value{} : value(x.c, now));
}

PortValue decayed(Evaluator& evaluate, std::size_t port, PortValue before, Value ms) {
  Graph& g = evaluate.graph;
  const DeclaredPort& p = evaluate.syntax().ports[port];
  if (p.kind == PortKind::sum) {
    return before;
  }
  const Value rate = g.divide(ms, evaluate.of_parameters(p.decay));
  const Value keeps = g.exponential(g.negate(rate));
  if (p.kind == PortKind::exponential) {
    return {g.multiply(before.value, keeps), before.rise};
  }
  // x' = -x / rise, g' = x - g / decay
  Value gain = g.multiply(ms, keeps);
  Value rise_keeps = keeps;
  if (p.kind == PortKind::difference) {
    const Value rise_rate = g.divide(ms, evaluate.of_parameters(p.rise));
    rise_keeps = g.exponential(g.negate(rise_rate));
    gain = g.multiply(gain, g.exprel(g.subtract(rate, rise_rate)));
  }
  return {g.add(g.multiply(before.value, keeps), g.multiply(before.rise, gain)),
          g.multiply(before.rise, rise_keeps)};
}

Value arrival_factor(Evaluator& evaluate, std::size_t port) {
  Graph& g = evaluate.graph;
  const DeclaredPort& p = evaluate.syntax().ports[port];
  const Value one = g.number(1.0);
  if (p.kind == PortKind::alpha) {
    return g.divide(g.exponential(one), evaluate.of_parameters(p.decay));
  }
  if (p.kind == PortKind::difference) {
    // the peak of the difference, at log(ratio) / (1/rise - 1/decay)
    const Value rise = evaluate.of_parameters(p.rise);
    const Value ratio = g.divide(evaluate.of_parameters(p.decay), rise);
    const Value slope =
        g.divide(g.apply(Op::logarithm, ratio), g.subtract(ratio, one));  // 1 where they are equal
    const Value exponent = g.select(g.apply(Op::equal, ratio, one), one, slope);
    return g.divide(g.exponential(exponent), rise);
  }
  return one;
}

}  // namespace rheobase::language
