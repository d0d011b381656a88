// SPDX-License-Identifier: Apache-2.0
/// \file
/// How derivatives become values after a step.
#pragma once

#include <span>

#include "definition/ports.h"

namespace rheobase::language {

/// Advances what the lines give derivatives of, by one burst: all see the values before.
/// \throws Error invalid_file if the method cannot do it.
void advance(Evaluator& evaluate, Method method, std::span<const Statement> lines,
             Environment& now);

/// The values after a step of a linear system: their propagators are entries of e^(A dt).
[[nodiscard]] std::vector<Value> exact_step(Evaluator& evaluate, std::span<const Statement> lines,
                                            const Environment& now);

/// Stand for values while it is found out how a derivative depends on them: states of the graph
/// that no model has.
inline constexpr std::uint32_t kPlaceholder = 0x10000;

/// Which operations of the graph depend on placeholders.
[[nodiscard]] std::vector<bool> dependents(const Graph& graph);

}  // namespace rheobase::language
