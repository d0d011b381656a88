// SPDX-License-Identifier: Apache-2.0
// How a step program becomes loops over blocks: what is the same for all neurons is put aside,
// operations that only serve one other join it, results go into registers or where a state is kept.
#include <algorithm>
#include <atomic>
#include <limits>
#include <utility>

#include "backends/cpu/block_program.h"

namespace rheobase {

using model::Op;
using model::Operation;
using model::StepProgram;

namespace {

constexpr std::uint32_t kEnd = std::numeric_limits<std::uint32_t>::max();

/// Where an operand comes from; a single number is the place of its operation among the single
/// ones.
struct Source {
  enum class Kind : std::uint8_t { state, port, parameter, node, single };
  Kind kind = Kind::single;
  std::uint32_t index = 0;
};

/// A loop to be.
struct Node {
  Op op = Op::add;     ///< while `alone` or a draw
  LoopCode code = 0;   ///< unless a draw
  bool alone = false;  ///< one operation, which may join another
  bool draws = false;
  std::uint32_t site = 0;
  std::uint32_t operands = 0;
  std::array<Source, 4> from{};
  std::uint32_t users = 0;  ///< none: it is left out
  std::uint32_t last = 0;   ///< the last node that reads the result, or kEnd
};

/// Where the result of a node is kept.
struct Home {
  bool in_state = false;
  std::uint32_t index = 0;  ///< of the state or the register
};

bool is_draw(Op op) { return op == Op::uniform || op == Op::normal || op == Op::poisson; }

}  // namespace

class BlockCompiler {
 public:
  BlockCompiler(const StepProgram& program, InstructionSet set, BlockProgram& to)
      : program_(program), set_(set), to_(to) {}

  void compile() {
    for (const Operation& o : program_.operations) {
      sources_.push_back(source_of(o));
    }
    for (const std::uint32_t place : program_.next) {
      next_.push_back(sources_[place]);
    }
    fires_ = sources_[program_.fires];
    keep_results();
    count_users();
    join();
    find_last_uses();
    place();
    emit();
  }

 private:
  Node* node_of(const Source& s) {
    return s.kind == Source::Kind::node ? &nodes_[s.index] : nullptr;
  }
  Source add(const Node& node) {
    nodes_.push_back(node);
    return {Source::Kind::node, static_cast<std::uint32_t>(nodes_.size() - 1)};
  }

  /// The result of an operation: a place that is given, a single number or a new node.
  Source source_of(const Operation& o) {
    const std::uint32_t operands = operands_of(o.op);
    const std::array<std::uint32_t, 3> places{o.a, o.b, o.c};
    bool single = o.op == Op::constant || (o.op == Op::parameter && to_.one_number_[o.word]) ||
                  (operands != 0 && !is_draw(o.op));
    for (std::uint32_t i = 0; i < operands; ++i) {
      single = single && sources_[places[i]].kind == Source::Kind::single;
    }
    if (single) {
      Operation copy = o;
      const std::array<std::uint32_t*, 3> moved{&copy.a, &copy.b, &copy.c};
      for (std::uint32_t i = 0; i < operands; ++i) {
        *moved[i] = sources_[places[i]].index;
      }
      auto& all = to_.single_program_.operations;
      all.push_back(copy);
      return {Source::Kind::single, static_cast<std::uint32_t>(all.size() - 1)};
    }
    switch (o.op) {
      case Op::state: return {Source::Kind::state, o.word};
      case Op::port: return {Source::Kind::port, o.word};
      case Op::parameter: return {Source::Kind::parameter, o.word};
      default: break;
    }
    Node node;
    node.op = o.op;
    node.draws = is_draw(o.op);
    node.alone = !node.draws;
    node.code = node.draws ? LoopCode{0} : code_of(o.op);
    node.site = o.word;
    node.operands = operands;
    for (std::uint32_t i = 0; i < operands; ++i) {
      node.from[i] = sources_[places[i]];
    }
    const auto is_single = [&](std::uint32_t i) {
      return node.from[i].kind == Source::Kind::single;
    };
    if (commutes(o.op) && is_single(0)) {
      std::swap(node.from[0], node.from[1]);
    }
    if (o.op == Op::select) {  // by the opposite of a truth: by that truth
      const Node* const truth = node_of(node.from[0]);
      if (truth != nullptr && truth->alone && truth->op == Op::opposite) {
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
    for (std::uint32_t s = 0; s < next_.size(); ++s) {
      const bool stays = next_[s].kind == Source::Kind::state && next_[s].index == s;
      if (!stays && node_of(next_[s]) == nullptr) {
        kept(next_[s]);
      }
    }
    if (fires_.kind != Source::Kind::single && node_of(fires_) == nullptr) {
      kept(fires_);
    }
  }

  void count_users() {
    const auto used = [&](const Source& s) {
      if (Node* const node = node_of(s); node != nullptr) {
        ++node->users;
      }
    };
    std::for_each(next_.begin(), next_.end(), used);
    used(fires_);
    for (auto node = nodes_.rbegin(); node != nodes_.rend(); ++node) {
      for (std::uint32_t i = 0; node->users != 0 && i < node->operands; ++i) {
        used(node->from[i]);
      }
    }
  }

  void join() {
    for (Node& node : nodes_) {
      if (node.users == 0 || !node.alone) {
        continue;
      }
      const auto joins = [&](std::uint32_t operand, auto&& fits) {
        Node* const first = node_of(node.from[operand]);
        return first != nullptr && first->alone && first->users == 1 && fits(first->op) ? first
                                                                                        : nullptr;
      };
      if (node.op == Op::select) {
        const auto compares = [](Op op) {
          return op == Op::less || op == Op::less_equal || op == Op::equal;
        };
        if (Node* const first = joins(0, compares); first != nullptr) {
          become(node, *first, choice_code(first->op),
                 {first->from[0], first->from[1], node.from[1], node.from[2]}, 4);
        }
        continue;
      }
      for (std::uint32_t operand = 0; operand < node.operands && node.operands == 2; ++operand) {
        Node* const first = joins(operand, [&](Op op) { return pairs(op, node.op); });
        if (first != nullptr) {
          become(node, *first, pair_code(first->op, node.op, operand == 1),
                 {first->from[0], first->from[1], node.from[1 - operand], {}}, 3);
          break;
        }
      }
    }
  }
  static void become(Node& node, Node& first, LoopCode code, const std::array<Source, 4>& from,
                     std::uint32_t operands) {
    first.users = 0;
    node.alone = false;
    node.code = code;
    node.from = from;
    node.operands = operands;
  }

  void find_last_uses() {
    last_read_.assign(next_.size(), 0);
    for (std::uint32_t n = 0; n < nodes_.size(); ++n) {
      for (std::uint32_t i = 0; nodes_[n].users != 0 && i < nodes_[n].operands; ++i) {
        const Source& from = nodes_[n].from[i];
        if (from.kind == Source::Kind::state) {
          last_read_[from.index] = n;
        } else if (Node* const node = node_of(from); node != nullptr) {
          node->last = n;
        }
      }
    }
    next_.push_back(fires_);
    for (const Source& result : next_) {
      if (Node* const node = node_of(result); node != nullptr) {
        node->last = kEnd;
      }
    }
    next_.pop_back();
  }

  /// A result goes where the state is kept if nobody reads its former number any more, else into
  /// the register that was left last.
  void place() {
    homes_.resize(nodes_.size());
    std::vector<std::uint32_t> free;
    for (std::uint32_t n = 0; n < nodes_.size(); ++n) {
      Node& node = nodes_[n];
      if (node.users == 0) {
        continue;
      }
      for (std::uint32_t i = 0; i < node.operands; ++i) {
        Node* const from = node_of(node.from[i]);
        if (from != nullptr && from->last == n) {
          from->last = kEnd;  // left once
          if (!homes_[node.from[i].index].in_state) {
            free.push_back(homes_[node.from[i].index].index);
          }
        }
      }
      if (const auto state = state_for(n); state != kEnd) {
        homes_[n] = {true, state};
      } else if (!free.empty()) {
        homes_[n] = {false, free.back()};
        free.pop_back();
      } else {
        homes_[n] = {false, to_.register_count_++};
      }
    }
  }
  [[nodiscard]] std::uint32_t state_for(std::uint32_t n) const {
    for (std::uint32_t s = 0; s < next_.size(); ++s) {
      if (next_[s].kind == Source::Kind::node && next_[s].index == n && last_read_[s] <= n) {
        return s;
      }
    }
    return kEnd;
  }

  void emit() {
    for (std::uint32_t n = 0; n < nodes_.size(); ++n) {
      const Node& node = nodes_[n];
      if (node.users == 0) {
        continue;
      }
      BlockProgram::Instruction i;
      Singles singles = 0;
      for (std::uint32_t k = 0; k < node.operands; ++k) {
        singles |= (node.from[k].kind == Source::Kind::single ? 1U : 0U) << k;
        i.from[k] = place_of(node.from[k]);
      }
      i.to = place_of(homes_[n]);
      i.site = node.site;
      if (node.draws) {
        i.draw = draw_loop_of(set_, node.op, singles != 0);
      } else {
        i.loop = loop_of(set_, node.code, singles);
      }
      to_.instructions_.push_back(i);
    }
    // what could not be written at once: from registers, or states that have their new number
    for (std::uint32_t s = 0; s < next_.size(); ++s) {
      if (next_[s].kind != Source::Kind::node) {
        continue;
      }
      const Home& home = homes_[next_[s].index];
      if (!home.in_state || home.index != s) {
        BlockProgram::Instruction i;
        i.loop = loop_of(set_, copy_code(), 0);
        i.to = static_cast<std::uint16_t>(s);
        i.from[0] = place_of(home);
        to_.instructions_.push_back(i);
      }
    }
    to_.fired_ = fired_loop_of(set_, fires_.kind == Source::Kind::single);
    to_.fires_ = place_of(fires_);
  }

  [[nodiscard]] std::uint16_t place_of(const Home& home) const {
    return static_cast<std::uint16_t>(home.in_state ? home.index : first_register() + home.index);
  }
  std::uint16_t place_of(const Source& s) {
    switch (s.kind) {
      case Source::Kind::state: return static_cast<std::uint16_t>(s.index);
      case Source::Kind::port: return static_cast<std::uint16_t>(to_.state_count_ + s.index);
      case Source::Kind::parameter:
        return static_cast<std::uint16_t>(to_.state_count_ + to_.port_count_ + s.index);
      case Source::Kind::node: return place_of(homes_[s.index]);
      default: break;
    }
    auto& read = to_.singles_;
    const auto at = std::find(read.begin(), read.end(), s.index) - read.begin();
    if (static_cast<std::size_t>(at) == read.size()) {
      read.push_back(s.index);
    }
    return static_cast<std::uint16_t>(first_register() + to_.register_count_ +
                                      static_cast<std::uint32_t>(at));
  }
  [[nodiscard]] std::uint32_t first_register() const {
    return to_.state_count_ + to_.port_count_ + static_cast<std::uint32_t>(to_.one_number_.size());
  }

  const StepProgram& program_;
  InstructionSet set_;
  BlockProgram& to_;
  std::vector<Source> sources_;  ///< of each operation
  std::vector<Source> next_;     ///< of each state
  Source fires_;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> last_read_;  ///< by which node each state's former number
  std::vector<Home> homes_;               ///< of each node
};

BlockProgram::BlockProgram(const StepProgram& program, const std::vector<bool>& one_number,
                           InstructionSet set)
    : state_count_(static_cast<std::uint32_t>(program.next.size())),
      port_count_(program.ports),
      one_number_(one_number) {
  static std::atomic<std::uint64_t> programs{0};
  id_ = ++programs;
  BlockCompiler(program, set, *this).compile();
}

}  // namespace rheobase
