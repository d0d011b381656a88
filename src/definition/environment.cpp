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
        case Symbol::time: return graph.time(now.half_steps);
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
  if (x.op == Op::multiply || x.op == Op::divide) {
    const Product all = product(e, now);
    return all.of_step ? graph.multiply(all.step, all.host) : all.host;
  }
  const Value a = value(x.a, now);
  const Value b = x.b == kNone ? Value{} : value(x.b, now);
  return graph.apply(x.op, a, b, x.c == kNone ? Value{} : value(x.c, now));
}

Evaluator::Product Evaluator::product(Ref e, const Environment& now) {
  const Expression& x = syntax_.expressions[e];
  if (x.form != Form::operation || (x.op != Op::multiply && x.op != Op::divide)) {
    const Value v = value(e, now);
    return v.host ? Product{v, {}, false} : Product{graph.number(1.0), v, true};
  }
  Product all = product(x.a, now);
  const Value by = value(x.b, now);
  if (by.host) {
    all.host = graph.apply(x.op, all.host, by);
  } else if (x.op == Op::multiply) {
    all.step = all.of_step ? graph.multiply(all.step, by) : by;
  } else if (all.of_step) {
    all.step = graph.divide(all.step, by);
  } else {
    all = {graph.number(1.0), graph.divide(all.host, by), true};
  }
  all.of_step = all.of_step || !by.host;
  return all;
}

}  // namespace rheobase::language
