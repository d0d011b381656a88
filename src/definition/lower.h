// SPDX-License-Identifier: Apache-2.0
/// \file
/// From the graph of a step to its program: live operations in order, constants folded, clamps
/// where an infinity might arise.
#pragma once

#include <span>
#include <vector>

#include "definition/graph.h"
#include "definition/ranges.h"

namespace rheobase::language {

struct Step {
  std::vector<Value> next;     ///< of each state
  std::vector<Bounds> states;  ///< what each is clamped to, where that is not proved
  std::vector<Bounds> ports;   ///< what arrives there; empty: anything that can
  Value fires;
};

struct Lowered {
  model::StepProgram program;
  std::vector<std::uint32_t> constants;  ///< the host values that are its parameters
};

/// A number that the text makes and that no value can be.
struct BadNumber {
  std::uint32_t place = 0;  ///< in the text
};

/// \throws TooLarge, BadNumber
[[nodiscard]] Lowered lower(Graph& graph, const Step& step, std::span<const Bounds> host);

/// The operations of the host that these results need.
[[nodiscard]] HostRoutine routine_of(const Graph& graph, std::span<const std::uint32_t> results);

}  // namespace rheobase::language
