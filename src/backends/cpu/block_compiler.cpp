// SPDX-License-Identifier: Apache-2.0
// How the graph of a step program becomes instructions: results go into registers, or where a state
// is kept.
#include <algorithm>
#include <atomic>
#include <limits>

#include "backends/cpu/block_graph.h"
#include "backends/cpu/block_program.h"

namespace rheobase {

using blocks::Graph;
using blocks::Node;
using blocks::Source;
using model::StepProgram;
using Kind = Source::Kind;

namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

/// Where the result of a node is kept.
struct Home {
  bool in_state = false;
  std::uint32_t index = 0;  ///< of the state or the register
};

}  // namespace

class BlockCompiler {
 public:
  BlockCompiler(Graph graph, InstructionSet set, BlockProgram& to)
      : graph_(std::move(graph)), set_(set), to_(to) {}

  void compile() {
    find_last_reads();
    place();
    emit();
  }

 private:
  template <class Function>
  void for_each_node(Function function) {
    for (std::uint32_t n = 0; n < graph_.nodes.size(); ++n) {
      if (graph_.nodes[n].users != 0) {
        function(n, graph_.nodes[n]);
      }
    }
  }

  void find_last_reads() {
    last_of_state_.assign(graph_.next.size(), 0);
    last_of_node_.assign(graph_.nodes.size(), 0);
    for_each_node([&](std::uint32_t n, const Node& node) {
      for (std::uint32_t i = 0; i < node.operands; ++i) {
        const Source& from = node.from[i];
        if (from.kind == Kind::state) {
          last_of_state_[from.index] = n;
        } else if (from.kind == Kind::node) {
          last_of_node_[from.index] = n;
        }
      }
    });
    const auto stays = [&](const Source& result) {
      if (result.kind == Kind::node) {
        last_of_node_[result.index] = kNone;
      }
    };
    std::for_each(graph_.next.begin(), graph_.next.end(), stays);
    stays(graph_.fires);
  }

  /// A result goes where the state is kept if nobody reads its former number any more, else into
  /// the register that was left last.
  void place() {
    homes_.resize(graph_.nodes.size());
    std::vector<std::uint32_t> free;
    for_each_node([&](std::uint32_t n, const Node& node) {
      for (std::uint32_t i = 0; i < node.operands; ++i) {
        const Source& from = node.from[i];
        if (from.kind == Kind::node && last_of_node_[from.index] == n) {
          last_of_node_[from.index] = kNone;  // left once
          if (!homes_[from.index].in_state) {
            free.push_back(homes_[from.index].index);
          }
        }
      }
      if (const std::uint32_t state = state_for(n); state != kNone) {
        homes_[n] = {true, state};
      } else if (!free.empty()) {
        homes_[n] = {false, free.back()};
        free.pop_back();
      } else {
        homes_[n] = {false, to_.register_count_++};
      }
    });
  }
  [[nodiscard]] std::uint32_t state_for(std::uint32_t n) const {
    for (std::uint32_t s = 0; s < graph_.next.size(); ++s) {
      const Source& next = graph_.next[s];
      if (next.kind == Kind::node && next.index == n && last_of_state_[s] <= n) {
        return s;
      }
    }
    return kNone;
  }

  void emit() {
    for_each_node([&](std::uint32_t n, const Node& node) {
      BlockProgram::Instruction i;
      Singles singles = 0;
      for (std::uint32_t k = 0; k < node.operands; ++k) {
        singles |= (node.from[k].kind == Kind::single ? 1U : 0U) << k;
        i.from[k] = place_of(node.from[k]);
      }
      i.to = place_of(homes_[n]);
      i.site = node.site;
      if (node.draws) {
        i.draw = draw_loop_of(set_, node.op.op, singles != 0);
      } else {
        i.loop = loop_of(set_, node.code, singles);
      }
      to_.instructions_.push_back(i);
    });
    // what could not be written at once: from registers, or states that have their new number
    for (std::uint32_t s = 0; s < graph_.next.size(); ++s) {
      if (graph_.next[s].kind != Kind::node) {
        continue;
      }
      const Home& home = homes_[graph_.next[s].index];
      if (!home.in_state || home.index != s) {
        BlockProgram::Instruction i;
        i.loop = loop_of(set_, copy_code(), 0);
        i.to = static_cast<std::uint16_t>(s);
        i.from[0] = place_of(home);
        to_.instructions_.push_back(i);
      }
    }
    to_.fired_ = fired_loop_of(set_, graph_.fires.kind == Kind::single);
    to_.fires_ = place_of(graph_.fires);
    for (const std::uint32_t read : singles_read_) {
      to_.singles_.push_back(graph_.singles[read]);
      if (graph_.timed[read]) {
        to_.timed_.push_back({static_cast<std::uint32_t>(to_.singles_.size() - 1), read});
      }
    }
    if (!to_.timed_.empty()) {
      to_.single_program_ = std::move(graph_.single_program);
    }
  }

  [[nodiscard]] std::uint32_t first_register() const {
    return to_.state_count_ + to_.port_count_ + to_.parameter_count_;
  }
  [[nodiscard]] std::uint16_t place_of(const Home& home) const {
    return static_cast<std::uint16_t>(home.in_state ? home.index : first_register() + home.index);
  }
  std::uint16_t place_of(const Source& s) {
    switch (s.kind) {
      case Kind::state: return static_cast<std::uint16_t>(s.index);
      case Kind::port: return static_cast<std::uint16_t>(to_.state_count_ + s.index);
      case Kind::parameter:
        return static_cast<std::uint16_t>(to_.state_count_ + to_.port_count_ + s.index);
      case Kind::node: return place_of(homes_[s.index]);
      default: break;
    }
    const auto at = std::find(singles_read_.begin(), singles_read_.end(), s.index);
    const auto place = static_cast<std::uint32_t>(at - singles_read_.begin());
    if (at == singles_read_.end()) {
      singles_read_.push_back(s.index);
    }
    return static_cast<std::uint16_t>(first_register() + to_.register_count_ + place);
  }

  Graph graph_;
  InstructionSet set_;
  BlockProgram& to_;
  // by which node the former number of each state, and each node's result, is read last
  std::vector<std::uint32_t> last_of_state_;
  std::vector<std::uint32_t> last_of_node_;
  std::vector<Home> homes_;                  ///< of each node
  std::vector<std::uint32_t> singles_read_;  ///< by instructions
};

BlockProgram::BlockProgram(const StepProgram& program,
                           const std::vector<std::optional<float>>& shared, InstructionSet set)
    : state_count_(static_cast<std::uint32_t>(program.next.size())),
      port_count_(program.ports),
      parameter_count_(static_cast<std::uint32_t>(shared.size())) {
  static std::atomic<std::uint64_t> programs{0};
  id_ = ++programs;
  for (std::uint32_t p = 0; p < parameter_count_; ++p) {
    if (!shared[p].has_value()) {
      own_parameters_.push_back(p);
    }
  }
  Graph graph = blocks::graph_of(program, shared);
  blocks::leave_out_flushes(graph);
  blocks::join(graph);
  BlockCompiler(std::move(graph), set, *this).compile();
}

}  // namespace rheobase
