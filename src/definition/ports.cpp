// SPDX-License-Identifier: Apache-2.0
#include "definition/ports.h"

#include "definition/limits.h"

namespace rheobase::language {

using model::Op;

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

PortLimit::PortLimit(Evaluator& evaluate, std::size_t port)
    : kind_(evaluate.syntax().ports[port].kind) {
  if (kind_ == PortKind::sum) {
    return;
  }
  Graph& g = evaluate.graph;
  const DeclaredPort& p = evaluate.syntax().ports[port];
  const Value decay = evaluate.of_parameters(p.decay);
  const Value rate = g.divide(g.dt(), decay);
  const bool difference = kind_ == PortKind::difference;
  const Value own_rate = difference ? g.divide(g.dt(), evaluate.of_parameters(p.rise)) : rate;
  const Value keeps = g.exponential(g.negate(own_rate));
  most_ = g.divide(arrival_factor(evaluate, port), g.subtract(g.number(1.0), keeps));
  // the sum of dt k + dt k^2 + ...
  passed_ = g.divide(decay, g.exprel(rate));
  if (difference) {
    passed_ = g.multiply(passed_, g.exprel(g.subtract(rate, own_rate)));
  }
}

namespace {

/// A power of two, with room for rounding.
float limit_of(double most) {
  float limit = 1.0F;
  while (limit < 2.0 * most && limit < kLargestArgument) {
    limit *= 2.0F;
  }
  return limit < 2.0 * most ? 0.0F : limit;
}

}  // namespace

float PortLimit::rise(std::span<const Bounds> host) const {
  return limit_of(double{kLargestArrival} * host[most_.place].size());
}

float PortLimit::value(std::span<const Bounds> host) const {
  if (kind_ == PortKind::exponential) {
    return rise(host);
  }
  const float most = rise(host);
  return most == 0.0F ? 0.0F : limit_of(double{most} * host[passed_.place].size());
}

}  // namespace rheobase::language
