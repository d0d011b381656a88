// SPDX-License-Identifier: Apache-2.0
/// \file
/// A step program on its way to loops over blocks: its operations with what is the same for all
/// neurons worked out, without those that nobody reads.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "backends/cpu/block_loops.h"
#include "model/step_program.h"

namespace rheobase::blocks {

/// Where an operand comes from.
struct Source {
  enum class Kind : std::uint8_t { state, port, parameter, node, single };
  Kind kind = Kind::single;
  std::uint32_t index = 0;
};

/// A loop to be.
struct Node {
  LoopOp op;           ///< the operation, while there is only one
  LoopCode code = 0;   ///< unless it draws
  bool alone = false;  ///< one operation, which may join another
  bool draws = false;
  std::uint32_t site = 0;  ///< of a draw
  std::uint32_t operands = 0;
  std::array<Source, 4> from{};
  std::uint32_t users = 0;  ///< none: it is left out
};

struct Graph {
  std::vector<Node> nodes;     ///< in an order in which they can be run
  std::vector<Source> next;    ///< of each state; itself, or a node
  Source fires;                ///< a node or a single truth
  std::vector<float> singles;  ///< numbers and truths that are the same for all neurons
  std::vector<bool> timed;     ///< of these, the ones that change from burst to burst
  /// How all of them come about, one operation each; reads no parameters.
  model::StepProgram single_program;

  /// Whether it is one number for all neurons and bursts.
  [[nodiscard]] bool is_known(const Source& s) const {
    return s.kind == Source::Kind::single && !timed[s.index];
  }
  Node* node(const Source& s) { return s.kind == Source::Kind::node ? &nodes[s.index] : nullptr; }
};

/// `shared[p]`: the number of parameter p, where the population has one.
[[nodiscard]] Graph graph_of(const model::StepProgram& program,
                             const std::vector<std::optional<float>>& shared);

/// Leaves out flushes that nobody can notice.
void leave_out_flushes(Graph& graph);

/// Operations that only serve one other join it in one loop.
void join(Graph& graph);

}  // namespace rheobase::blocks
