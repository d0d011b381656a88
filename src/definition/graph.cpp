// SPDX-License-Identifier: Apache-2.0
#include "definition/graph.h"

#include <bit>
#include <utility>

#include "definition/double_functions.h"

namespace rheobase::language {

using model::Op;
using model::Operation;

Value Graph::number(double x) {
  HostOperation o;
  o.number = x == 0.0 ? 0.0 : x;  // one zero
  return on_host(o);
}
Value Graph::parameter(std::uint32_t index) {
  return on_host({HostOp::parameter, Op::constant, index, 0, 0, 0.0});
}
Value Graph::dt() { return on_host({HostOp::dt, Op::constant, 0, 0, 0, 0.0}); }
Value Graph::state(std::uint32_t index) { return leaf(Op::state, index); }
Value Graph::port(std::uint32_t index) { return leaf(Op::port, index); }
Value Graph::time(std::uint32_t half_steps) { return leaf(Op::time, half_steps); }

Value Graph::draw(Op op, std::uint32_t site, Value mean) {
  Operation o;
  o.op = op;
  o.word = site;
  o.a = op == Op::poisson ? in_step(mean) : 0;
  return add_step(o);
}

Value Graph::first(std::uint32_t state, Value value) {
  return on_host({HostOp::first, Op::constant, value.place, state, 0, 0.0});
}

Value Graph::bursts(Value time) {
  return on_host({HostOp::bursts, Op::constant, time.place, 0, 0, 0.0});
}

std::uint32_t Graph::matrix(const std::vector<Value>& entries, std::uint32_t size) {
  HostMatrix matrix;
  matrix.size = size;
  for (const Value v : entries) {
    matrix.entries.push_back(is_number(v, 0.0) ? HostMatrix::kZero : v.place);
  }
  const auto index = static_cast<std::uint32_t>(matrices_.size());
  matrices_.push_back(std::move(matrix));
  return on_host({HostOp::matrix, Op::constant, index, 0, 0, 0.0}).place;
}
Value Graph::entry(std::uint32_t matrix, std::uint32_t row, std::uint32_t column) {
  return on_host({HostOp::entry, Op::constant, matrix, row, column, 0.0});
}

Value Graph::on_host(const HostOperation& o) {
  const std::uint64_t what =
      static_cast<std::uint64_t>(o.kind) << 8U | static_cast<std::uint64_t>(o.op);
  const Key key{what, std::uint64_t{o.a} << 32U | o.b, o.c, std::bit_cast<std::uint64_t>(o.number)};
  const auto [known, is_new] =
      host_known_.try_emplace(key, static_cast<std::uint32_t>(host_.size()));
  if (is_new) {
    if (host_.size() >= kMostNodes) {
      throw TooLarge();
    }
    host_.push_back(o);
    places_.push_back(place_);
  }
  return {known->second, true};
}

Graph::Key Graph::key_of(const Operation& o) {
  return {static_cast<std::uint64_t>(o.op), std::uint64_t{o.a} << 32U | o.b, o.c, o.word};
}

Value Graph::add_step(const Operation& o) {
  const auto [known, is_new] =
      step_known_.try_emplace(key_of(o), static_cast<std::uint32_t>(step_.size()));
  if (is_new) {
    if (step_.size() >= kMostNodes) {
      throw TooLarge();
    }
    step_.push_back(o);
  }
  return {known->second, false};
}

Value Graph::leaf(Op op, std::uint32_t word) {
  Operation o;
  o.op = op;
  o.word = word;
  return add_step(o);
}

std::uint32_t Graph::in_step(Value v) {
  return v.host ? leaf(Op::parameter, v.place).place : v.place;
}

Value Graph::apply(Op op, Value a, Value b, Value c) {
  const std::uint32_t operands = model::operands_of(op);
  const bool host = a.host && (operands < 2 || b.host) && (operands < 3 || c.host);
  if (!host) {
    return in_graph(op, a, b, c);
  }
  const double neutral = op == Op::add || op == Op::subtract ? 0.0 : 1.0;
  const bool both_ways = op == Op::add || op == Op::multiply;
  if ((both_ways || op == Op::subtract || op == Op::divide) && is_number(b, neutral)) {
    return a;
  }
  if (both_ways && is_number(a, neutral)) {
    return b;
  }
  HostOperation o{HostOp::operation,          op, a.place, operands < 2 ? 0 : b.place,
                  operands < 3 ? 0 : c.place, 0.0};
  const auto known = [&](std::uint32_t place) { return host_[place].kind == HostOp::number; };
  if (known(o.a) && (operands < 2 || known(o.b)) && (operands < 3 || known(o.c))) {
    return number(host_value(op, host_[o.a].number, host_[o.b].number, host_[o.c].number));
  }
  return on_host(o);
}

Value Graph::in_graph(Op op, Value a, Value b, Value c) {
  switch (op) {
    case Op::add: return sum(a, b);
    case Op::subtract: return difference(a, b);
    case Op::multiply: return product(a, b);
    case Op::divide: return quotient(a, b);
    case Op::power: return power(a, b);
    case Op::select: return choice(a, b, c);
    case Op::minimum:
    case Op::maximum: return a == b ? a : node(op, a, b);
    case Op::both:
    case Op::either: {
      const double decides = op == Op::both ? 0.0 : 1.0;
      if (is_number(a, decides) || is_number(b, 1.0 - decides) || a == b) {
        return a;
      }
      return is_number(b, decides) || is_number(a, 1.0 - decides) ? b : node(op, a, b);
    }
    case Op::opposite: {
      const Operation* inner = operation(a);
      return inner->op == Op::opposite ? Value{inner->a, false} : node(op, a);
    }
    default: return node(op, a, b, c);
  }
}

Value Graph::truth_in_step(Value v) {
  return v.host ? add_step({Op::less, in_step(number(0.0)), in_step(v), 0, 0}) : v;
}

Value Graph::node(Op op, Value a, Value b, Value c) {
  const bool of_truths = op == Op::both || op == Op::either || op == Op::opposite;
  if ((op == Op::add || op == Op::equal) && (a.host || (!b.host && a.place > b.place))) {
    std::swap(a, b);  // one order of what can be turned
  }
  const std::uint32_t operands = model::operands_of(op);
  Operation o;
  o.op = op;
  o.a = in_step(of_truths || op == Op::select ? truth_in_step(a) : a);
  o.b = operands < 2 ? 0 : in_step(of_truths ? truth_in_step(b) : b);
  o.c = operands < 3 ? 0 : in_step(c);
  return add_step(o);
}

Value Graph::value_at(std::uint32_t place) const {
  const Operation& o = step_[place];
  return o.op == Op::parameter ? Value{o.word, true} : Value{place, false};
}

bool Graph::split(Value v, Value& rest, Value& factor) const {
  const Operation* o = operation(v);
  if (o == nullptr || o->op != Op::multiply || step_[o->b].op != Op::parameter) {
    return false;
  }
  rest = {o->a, false};
  factor = {step_[o->b].word, true};
  return true;
}

bool Graph::is_negation(Value v, Value& of) const {
  Value factor;
  return split(v, of, factor) && is_number(factor, -1.0);
}

Value Graph::sum(Value a, Value b) {
  Value inner;
  if (is_number(a, 0.0) || is_number(b, 0.0)) {
    return is_number(a, 0.0) ? b : a;
  }
  if (is_negation(b, inner)) {
    return difference(a, inner);
  }
  if (is_negation(a, inner)) {
    return difference(b, inner);
  }
  return node(Op::add, a, b);
}

Value Graph::difference(Value a, Value b) {
  Value inner;
  Value other;
  if (is_number(b, 0.0)) {
    return a;
  }
  if (is_number(a, 0.0)) {
    return negate(b);
  }
  if (a == b) {
    return number(0.0);
  }
  if (is_negation(a, inner)) {
    return is_negation(b, other) ? node(Op::subtract, other, inner) : negate(sum(inner, b));
  }
  if (is_negation(b, inner)) {
    return node(Op::add, a, inner);
  }
  return node(Op::subtract, a, b);
}

Value Graph::product(Value a, Value b) {
  Value rest;
  Value factor;
  if (a.host) {
    std::swap(a, b);
  }
  if (!b.host) {
    if (is_negation(a, rest) || is_negation(b, rest)) {
      return negate(product(rest, is_negation(a, rest) ? b : a));
    }
    return a.place <= b.place ? node(Op::multiply, a, b) : node(Op::multiply, b, a);
  }
  if (is_number(b, 0.0)) {
    return b;
  }
  if (is_number(b, 1.0)) {
    return a;
  }
  const bool turns = is_number(b, -1.0);
  if (split(a, rest, factor) && (!turns || is_number(factor, -1.0))) {
    return product(rest, apply(Op::multiply, factor, b));
  }
  if (const Operation o = step_[a.place]; o.op == Op::subtract) {
    if (turns) {
      return difference(value_at(o.b), value_at(o.a));
    }
    // x - y where there is y - x already
    const auto turned = step_known_.find(key_of({Op::subtract, o.b, o.a, 0, 0}));
    if (turned != step_known_.end() && turned->second < a.place) {
      return product({turned->second, false}, apply(Op::multiply, number(-1.0), b));
    }
  }
  return node(Op::multiply, a, b);
}

Value Graph::quotient(Value a, Value b) {
  if (b.host) {
    return product(a, apply(Op::divide, number(1.0), b));
  }
  return is_number(a, 0.0) ? a : node(Op::divide, a, b);
}

Value Graph::power(Value a, Value b) {
  if (b.host && host_[b.place].kind == HostOp::number) {
    const double n = host_[b.place].number;
    if (n == 0.0) {
      return number(1.0);
    }
    for (int whole = 1; whole <= 8; ++whole) {
      if (n == whole || n == -whole) {
        // the highest bit first
        Value result = a;
        for (int bit = std::bit_width(static_cast<unsigned>(whole)) - 2; bit >= 0; --bit) {
          result = multiply(result, result);
          result = (whole >> bit & 1) != 0 ? multiply(result, a) : result;
        }
        return n > 0.0 ? result : divide(number(1.0), result);
      }
    }
  }
  return node(Op::power, a, b);
}

Value Graph::choice(Value condition, Value yes, Value no) {
  if (yes == no || is_number(condition, 1.0)) {
    return yes;
  }
  if (is_number(condition, 0.0)) {
    return no;
  }
  if (const Operation* o = operation(condition); o != nullptr && o->op == Op::opposite) {
    return choice(value_at(o->a), no, yes);
  }
  return node(Op::select, condition, yes, no);
}

Value Graph::exprel(Value x) {
  if (x.host) {
    return host_[x.place].kind == HostOp::number
               ? number(exprel_of(host_[x.place].number))
               : on_host({HostOp::exprel, Op::constant, x.place, 0, 0, 0.0});
  }
  // near 0 the difference would lose its digits: there the series, 1 + x/2 + x^2/6 + x^3/24
  const Value above = apply(Op::maximum, x, number(-0.0625));
  const Value near = apply(Op::minimum, above, number(0.0625));
  Value series = add(multiply(near, number(1.0 / 24.0)), number(1.0 / 6.0));
  series = add(multiply(near, series), number(0.5));
  series = add(multiply(near, series), number(1.0));
  const Value direct = divide(subtract(exponential(x), number(1.0)), x);
  return select(apply(Op::equal, near, x), series, direct);
}

}  // namespace rheobase::language
