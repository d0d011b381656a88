// SPDX-License-Identifier: Apache-2.0
// What of the host's operations is needed, in order.
#include <algorithm>

#include "definition/lower.h"

namespace rheobase::language {
HostRoutine routine_of(const Graph& graph, std::span<const std::uint32_t> results) {
  std::vector<bool> live(graph.host().size());
  for (const std::uint32_t place : results) {
    live[place] = true;
  }
  const auto for_each_operand = [&](const HostOperation& o, auto use) {
    switch (o.kind) {
      case HostOp::operation: {
        const std::uint32_t operands = model::operands_of(o.op);
        const std::uint32_t places[] = {o.a, o.b, o.c};
        std::for_each(places, places + operands, use);
        break;
      }
      case HostOp::exprel:
      case HostOp::bursts:
      case HostOp::first:
      case HostOp::entry: use(o.a); break;
      case HostOp::matrix:
        for (const std::uint32_t place : graph.matrices()[o.a].entries) {
          if (place != HostMatrix::kZero) {
            use(place);
          }
        }
        break;
      default: break;
    }
  };
  for (std::size_t i = live.size(); i-- > 0;) {
    if (live[i]) {
      for_each_operand(graph.host()[i], [&](std::uint32_t place) { live[place] = true; });
    }
  }
  HostRoutine routine;
  std::vector<std::uint32_t> places(live.size());
  for (std::size_t i = 0; i < live.size(); ++i) {
    if (!live[i]) {
      continue;
    }
    HostOperation o = graph.host()[i];
    if (o.kind == HostOp::matrix) {
      HostMatrix matrix = graph.matrices()[o.a];
      for (std::uint32_t& place : matrix.entries) {
        place = place == HostMatrix::kZero ? place : places[place];
      }
      o.a = static_cast<std::uint32_t>(routine.matrices.size());
      routine.matrices.push_back(std::move(matrix));
    } else if (o.kind == HostOp::operation) {
      const std::uint32_t operands = model::operands_of(o.op);
      o.a = operands > 0 ? places[o.a] : 0;
      o.b = operands > 1 ? places[o.b] : 0;
      o.c = operands > 2 ? places[o.c] : 0;
    } else if (o.kind == HostOp::exprel || o.kind == HostOp::bursts || o.kind == HostOp::first ||
               o.kind == HostOp::entry) {
      o.a = places[o.a];
    }
    places[i] = static_cast<std::uint32_t>(routine.operations.size());
    routine.operations.push_back(o);
  }
  for (const std::uint32_t place : results) {
    HostRoutine::Result result;
    result.place = places[place];
    routine.results.push_back(result);
  }
  return routine;
}

}  // namespace rheobase::language
