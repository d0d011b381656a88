// SPDX-License-Identifier: Apache-2.0
/// \file
/// Between which bounds the results of operations lie: the proof that no infinity arises.
#pragma once

#include <vector>

#include "definition/graph.h"
#include "definition/syntax.h"

namespace rheobase::language {

/// Of a number of the step; of a truth 0 and 0 (never), 1 and 1 (always) or 0 and 1.
struct Bounds {
  float lowest = 0.0F, highest = 0.0F;

  [[nodiscard]] float size() const { return highest > -lowest ? highest : -lowest; }
  [[nodiscard]] bool is_one() const { return lowest == highest; }
};

/// Of an operation that reads numbers within these bounds. Sums and products are at most 2^122,
/// other arguments at most 2^100: the caller sees to that.
[[nodiscard]] Bounds bounds_of(const model::Operation& o, Bounds a, Bounds b, Bounds c);

/// Of (e^x - 1) / x, with what rounding adds.
[[nodiscard]] Bounds bounds_of_exprel(Bounds x);

/// Of every value that the host computes, rounded to f32, whatever parameters within their ranges
/// and steps there are.
[[nodiscard]] std::vector<Bounds> host_bounds(const Graph& graph,
                                              const std::vector<Declared>& parameters);

}  // namespace rheobase::language
