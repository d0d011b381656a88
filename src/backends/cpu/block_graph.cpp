// SPDX-License-Identifier: Apache-2.0
#include "backends/cpu/block_graph.h"

#include <algorithm>
#include <utility>

#include "model/run_step.h"

namespace rheobase::blocks {
namespace {

using model::Op;
using model::Operation;
using model::StepProgram;
using Kind = Source::Kind;

bool is_draw(Op op) { return op == Op::uniform || op == Op::normal || op == Op::poisson; }

class Builder {
 public:
  Builder(const StepProgram& program, const std::vector<std::optional<float>>& shared)
      : program_(program), shared_(shared) {}

  Graph build() {
    for (const Operation& o : program_.operations) {
      sources_.push_back(source_of(o));
    }
    for (const std::uint32_t place : program_.next) {
      graph_.next.push_back(sources_[place]);
    }
    graph_.fires = sources_[program_.fires];
    keep_results();
    count_users();
    run_singles();
    return std::move(graph_);
  }

 private:
  Source add(const Node& node) {
    graph_.nodes.push_back(node);
    return {Kind::node, static_cast<std::uint32_t>(graph_.nodes.size() - 1)};
  }

  /// The result of an operation: a place that is given, a single number or a new node.
  Source source_of(const Operation& o) {
    const std::uint32_t operands = operands_of(o.op);
    const std::array<std::uint32_t, 3> places{o.a, o.b, o.c};
    bool single = o.op == Op::constant || (o.op == Op::parameter && shared_[o.word].has_value()) ||
                  o.op == Op::time || (operands != 0 && !is_draw(o.op));
    for (std::uint32_t i = 0; i < operands; ++i) {
      single = single && sources_[places[i]].kind == Kind::single;
    }
    if (single) {
      Operation copy = o;
      bool timed = o.op == Op::time;
      const std::array<std::uint32_t*, 3> moved{&copy.a, &copy.b, &copy.c};
      for (std::uint32_t i = 0; i < operands; ++i) {
        *moved[i] = sources_[places[i]].index;
        timed = timed || graph_.timed[*moved[i]];
      }
      if (o.op == Op::parameter) {
        copy = {.op = Op::constant, .word = model::bits_of(*shared_[o.word])};
      }
      graph_.single_program.operations.push_back(copy);
      graph_.timed.push_back(timed);
      return {Kind::single, static_cast<std::uint32_t>(graph_.timed.size() - 1)};
    }
    switch (o.op) {
      case Op::state: return {Kind::state, o.word};
      case Op::port: return {Kind::port, o.word};
      case Op::parameter: return {Kind::parameter, o.word};
      default: break;
    }
    Node node;
    node.op = {o.op, true};
    node.draws = is_draw(o.op);
    node.alone = !node.draws;
    node.site = o.word;
    node.operands = operands;
    for (std::uint32_t i = 0; i < operands; ++i) {
      node.from[i] = sources_[places[i]];
    }
    if (commutes(o.op) && node.from[0].kind == Kind::single) {
      std::swap(node.from[0], node.from[1]);
    }
    if (o.op == Op::select) {  // by the opposite of a truth: by that truth
      const Node* const truth = graph_.node(node.from[0]);
      if (truth != nullptr && truth->alone && truth->op.op == Op::opposite) {
        node.from[0] = truth->from[0];
        std::swap(node.from[1], node.from[2]);
      }
    }
    return add(node);
  }

  /// A state that becomes what is given or single gets it by a node, so that it is read in time.
  void keep_results() {
    const auto kept = [&](Source& s) {
      Node copy;
      copy.code = copy_code();
      copy.operands = 1;
      copy.from[0] = s;
      s = add(copy);
    };
    for (std::uint32_t s = 0; s < graph_.next.size(); ++s) {
      Source& next = graph_.next[s];
      const bool stays = next.kind == Kind::state && next.index == s;
      if (!stays && next.kind != Kind::node) {
        kept(next);
      }
    }
    if (graph_.fires.kind != Kind::single && graph_.fires.kind != Kind::node) {
      kept(graph_.fires);
    }
  }

  void count_users() {
    const auto used = [&](const Source& s) {
      if (Node* const node = graph_.node(s); node != nullptr) {
        ++node->users;
      }
    };
    std::for_each(graph_.next.begin(), graph_.next.end(), used);
    used(graph_.fires);
    for (auto node = graph_.nodes.rbegin(); node != graph_.nodes.rend(); ++node) {
      for (std::uint32_t i = 0; node->users != 0 && i < node->operands; ++i) {
        used(node->from[i]);
      }
    }
  }

  void run_singles() {
    std::vector<std::uint32_t> values(graph_.single_program.operations.size());
    if (!values.empty()) {
      model::run_step(graph_.single_program, {}, values);
    }
    for (const std::uint32_t value : values) {
      graph_.singles.push_back(model::float_of(value));
    }
  }

  const StepProgram& program_;
  const std::vector<std::optional<float>>& shared_;
  std::vector<Source> sources_;  ///< of each operation
  Graph graph_;
};

/// Whether a node is of that kind and may join its only user.
template <class Fits>
Node* joining(Graph& graph, const Source& source, Fits fits) {
  Node* const node = graph.node(source);
  return node != nullptr && node->alone && node->users == 1 && fits(node->op.op) ? node : nullptr;
}

void become(Node& node, Node& first, LoopCode code, const std::array<Source, 4>& from,
            std::uint32_t operands) {
  first.users = 0;
  node.alone = false;
  node.code = code;
  node.from = from;
  node.operands = operands;
}

}  // namespace

Graph graph_of(const StepProgram& program, const std::vector<std::optional<float>>& shared) {
  return Builder(program, shared).build();
}

void join(Graph& graph) {
  const auto compares = [](Op op) {
    return op == Op::less || op == Op::less_equal || op == Op::equal;
  };
  const auto multiplies = [](Op op) { return op == Op::multiply; };
  const auto join_select = [&](Node& node) {
    if (Node* const first = joining(graph, node.from[0], compares); first != nullptr) {
      become(node, *first, choice_code(first->op.op),
             {first->from[0], first->from[1], node.from[1], node.from[2]}, 4);
      return;
    }
    for (const std::uint32_t operand : {1U, 2U}) {
      Node* const first = joining(graph, node.from[operand], is_sum);
      if (first != nullptr && node.from[0].kind != Kind::single) {
        become(node, *first, chosen_code(first->op, operand == 2),
               {node.from[0], first->from[0], first->from[1], node.from[3 - operand]}, 4);
        return;
      }
    }
  };
  const auto join_products = [&](Node& node) {
    Node* const first = joining(graph, node.from[0], multiplies);
    Node* const second = joining(graph, node.from[1], multiplies);
    if (is_sum(node.op.op) && first != nullptr && second != nullptr) {
      become(node, *first, products_code(first->op.flushes || second->op.flushes, node.op),
             {first->from[0], first->from[1], second->from[0], second->from[1]}, 4);
      second->users = 0;
    }
  };
  const auto join_pair = [&](Node& node) {
    const auto pairs_with = [&](Op op) { return pairs(op, node.op.op); };
    for (std::uint32_t operand = 0; operand < 2 && node.alone; ++operand) {
      if (Node* const first = joining(graph, node.from[operand], pairs_with); first != nullptr) {
        become(node, *first, pair_code(first->op, node.op, operand == 1),
               {first->from[0], first->from[1], node.from[1 - operand], {}}, 3);
      }
    }
  };
  for (Node& node : graph.nodes) {
    if (node.users == 0 || !node.alone) {
      continue;
    }
    node.code = code_of(node.op);
    if (node.op.op == Op::select) {
      join_select(node);
    } else if (node.operands == 2) {
      join_products(node);
      join_pair(node);
    }
  }
}

}  // namespace rheobase::blocks
