// SPDX-License-Identifier: Apache-2.0
// Interval arithmetic in double precision, wide enough that its own rounding does not matter.
#include <algorithm>
#include <limits>

#include "definition/double_functions.h"
#include "definition/limits.h"
#include "definition/ranges.h"
#include "model/float_ops.h"

namespace rheobase::language {

using model::Op;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Interval {
  double lowest = -kInfinity, highest = kInfinity;
};

Interval widened(double lowest, double highest) {
  if (lowest != lowest || highest != highest) {
    return {};
  }
  const auto slack = [](double x) {
    return x - x != 0.0 ? 0.0 : (x < 0.0 ? -x : x) * 1e-11 + 1e-300;
  };
  return {lowest - slack(lowest), highest + slack(highest)};
}

Interval of_corners(Op op, Interval a, Interval b) {
  Interval all{kInfinity, -kInfinity};
  for (const double x : {a.lowest, a.highest}) {
    for (const double y : {b.lowest, b.highest}) {
      const double value = host_value(op, x, y, 0.0);
      if (value != value) {
        return {};
      }
      all = {std::min(all.lowest, value), std::max(all.highest, value)};
    }
  }
  return widened(all.lowest, all.highest);
}

Interval operation(Op op, Interval a, Interval b, Interval c) {
  switch (op) {
    case Op::add:
    case Op::multiply:
    case Op::minimum:
    case Op::maximum: return of_corners(op, a, b);
    case Op::subtract: return widened(a.lowest - b.highest, a.highest - b.lowest);
    case Op::divide: return b.lowest <= 0.0 && b.highest >= 0.0 ? Interval{} : of_corners(op, a, b);
    case Op::absolute:
      return {a.lowest > 0.0    ? a.lowest
              : a.highest < 0.0 ? -a.highest
                                : 0.0,
              std::max(a.highest, -a.lowest)};
    case Op::square_root: return {0.0, widened(0.0, sqrt_of(std::max(a.highest, 0.0))).highest};
    case Op::exponential: {
      const Interval all = widened(exp_of(a.lowest), exp_of(a.highest));
      return {std::max(all.lowest, 0.0), all.highest};
    }
    case Op::logarithm:
      return widened(log_of(std::max(a.lowest, 0.0)), log_of(std::max(a.highest, 0.0)));
    case Op::hyperbolic_tangent:
    case Op::sine:
    case Op::cosine: return {-1.000001, 1.000001};
    case Op::round_down: return {floor_of(a.lowest), floor_of(a.highest)};
    case Op::select: return {std::min(b.lowest, c.lowest), std::max(b.highest, c.highest)};
    case Op::power: return {a.lowest >= 0.0 ? 0.0 : -kInfinity, kInfinity};
    default: return {0.0, 1.0};  // truths
  }
}

/// e^x grows, so its mean slope from 0 does.
Interval slope(Interval a) {
  const Interval all = widened(exprel_of(a.lowest), exprel_of(a.highest));
  return {std::max(all.lowest, 0.0), all.highest};
}

float rounded(double x) {
  return model::canonical(static_cast<float>(std::clamp(x, -kLargestNumber, kLargestNumber)));
}

}  // namespace

std::vector<Bounds> host_bounds(const Graph& graph, const std::vector<Declared>& parameters) {
  std::vector<Interval> all;
  std::vector<Bounds> rounded_bounds;
  for (const HostOperation& o : graph.host()) {
    Interval i;
    switch (o.kind) {
      case HostOp::number: i = {o.number, o.number}; break;
      case HostOp::parameter: {
        const Range range = parameters[o.a].range.value_or(Range{-kUsualNumber, kUsualNumber});
        i = {range.lowest, range.highest};
        break;
      }
      case HostOp::dt: i = {kShortestBurst, kLongestBurst}; break;
      case HostOp::operation: i = operation(o.op, all[o.a], all[o.b], all[o.c]); break;
      case HostOp::exprel: i = slope(all[o.a]); break;
      case HostOp::bursts: i = {0.0, kLongestRefractory}; break;
      case HostOp::entry: i = {-kLargestPropagator, kLargestPropagator}; break;
      case HostOp::first:  // no step reads it
      case HostOp::matrix: break;
    }
    all.push_back(i);
    rounded_bounds.push_back({rounded(i.lowest), rounded(i.highest)});
  }
  return rounded_bounds;
}

}  // namespace rheobase::language
