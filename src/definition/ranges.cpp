// SPDX-License-Identifier: Apache-2.0
#include "definition/ranges.h"

#include <algorithm>

#include "definition/double_functions.h"
#include "definition/limits.h"
#include "model/functions.h"
#include "model/step_time.h"

namespace rheobase::language {

using model::Op;

namespace {

constexpr Bounds kAnyTruth{0.0F, 1.0F};
constexpr Bounds kAny{-kLargestArgument, kLargestArgument};

Bounds hull(std::initializer_list<float> values) { return {std::min(values), std::max(values)}; }

/// Beyond what rounding can do to a function that is not known to be monotone.
Bounds widened(float lowest, float highest) {
  const auto slack = [](float x) { return (x < 0.0F ? -x : x) * 0x1p-18F; };
  return {model::canonical(lowest - slack(lowest)), model::canonical(highest + slack(highest))};
}

Bounds truth_of(bool never, bool always) {
  return always ? Bounds{1.0F, 1.0F} : never ? Bounds{0.0F, 0.0F} : kAnyTruth;
}

Bounds product(const model::Operation& o, Bounds a, Bounds b) {
  using model::mul_rn;
  const Bounds all = hull({mul_rn(a.lowest, b.lowest), mul_rn(a.lowest, b.highest),
                           mul_rn(a.highest, b.lowest), mul_rn(a.highest, b.highest)});
  return o.a == o.b ? Bounds{std::max(all.lowest, 0.0F), all.highest} : all;  // a square
}

Bounds quotient(Bounds a, Bounds b) {
  using model::div_rn;
  if (b.lowest <= 0.0F && b.highest >= 0.0F) {
    if (a.lowest >= 0.0F && b.lowest >= 0.0F) {
      return {0.0F, kLargestArgument};
    }
    return kAny;
  }
  return hull({div_rn(a.lowest, b.lowest), div_rn(a.lowest, b.highest), div_rn(a.highest, b.lowest),
               div_rn(a.highest, b.highest)});
}

Bounds magnitude(Bounds a) {
  return {a.lowest > 0.0F ? a.lowest : a.highest < 0.0F ? -a.highest : 0.0F, a.size()};
}

Bounds function(Op op, Bounds a) {
  switch (op) {
    case Op::square_root: return {model::sqrt_rn(a.lowest), model::sqrt_rn(a.highest)};
    case Op::exponential: {
      const Bounds all = widened(model::exp_rn(a.lowest), model::exp_rn(a.highest));
      return {std::max(all.lowest, 0.0F), all.highest};
    }
    case Op::logarithm: return widened(model::log_rn(a.lowest), model::log_rn(a.highest));
    case Op::round_down: return {model::floor_rn(a.lowest), model::floor_rn(a.highest)};
    default: return {-1.0001F, 1.0001F};  // tanh, sine, cosine
  }
}

}  // namespace

Bounds bounds_of_exprel(Bounds x) {
  const auto at = [](float end, double wider) {
    const double value = exprel_of(static_cast<double>(end)) * wider;
    return model::canonical(static_cast<float>(std::min(value, 0x1p101)));
  };
  // it grows with x, and is near 1 around 0, where the series takes over
  return {std::min(at(x.lowest, 0.999), 0.95F), std::max(at(x.highest, 1.001), 1.05F)};
}

Bounds bounds_of(const model::Operation& o, Bounds a, Bounds b, Bounds c) {
  switch (o.op) {
    case Op::port: return {-kLargestArrival, kLargestArrival};
    case Op::uniform: return {0.0F, 1.0F};
    case Op::normal: return {-8.0F, 8.0F};
    case Op::poisson: return {0.0F, 4096.0F};
    case Op::time: return {0.0F, model::kLatestTime};
    case Op::add: return {model::add_rn(a.lowest, b.lowest), model::add_rn(a.highest, b.highest)};
    case Op::subtract:
      return {model::add_rn(a.lowest, -b.highest), model::add_rn(a.highest, -b.lowest)};
    case Op::multiply: return product(o, a, b);
    case Op::divide: return quotient(a, b);
    case Op::power: return {a.lowest >= 0.0F ? 0.0F : -kLargestArgument, kLargestArgument};
    case Op::minimum: return {std::min(a.lowest, b.lowest), std::min(a.highest, b.highest)};
    case Op::maximum: return {std::max(a.lowest, b.lowest), std::max(a.highest, b.highest)};
    case Op::absolute: return magnitude(a);
    case Op::less: return truth_of(a.lowest >= b.highest, a.highest < b.lowest);
    case Op::less_equal: return truth_of(a.lowest > b.highest, a.highest <= b.lowest);
    case Op::equal:
      return truth_of(a.lowest > b.highest || a.highest < b.lowest,
                      a.is_one() && b.is_one() && a.lowest == b.lowest);
    case Op::both: return {std::min(a.lowest, b.lowest), std::min(a.highest, b.highest)};
    case Op::either: return {std::max(a.lowest, b.lowest), std::max(a.highest, b.highest)};
    case Op::opposite: return {1.0F - a.highest, 1.0F - a.lowest};
    case Op::select: return {std::min(b.lowest, c.lowest), std::max(b.highest, c.highest)};
    default: return function(o.op, a);
  }
}

}  // namespace rheobase::language
