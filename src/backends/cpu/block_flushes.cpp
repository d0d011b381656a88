// SPDX-License-Identifier: Apache-2.0
// Flushes that nobody can notice. A result without its flush is the one that it should be, or both
// are at most 2^-126 in size: say it is true to 2^-126. What is true to 2^-k vanishes beside a
// number of at least 2^(26 - k), of which it is less than half of the last place; and a sum with a
// number from 2^-98 on is 0 or so large that its own flush has nothing to do, since both summands
// are multiples of 2^-122 where the sum is small. So for each result it is asked, from the end
// backwards, to which k it has to be true; where 126 is more than enough the flush is left out.
#include <algorithm>
#include <cstdlib>

#include "backends/cpu/block_graph.h"
#include "model/float_ops.h"

namespace rheobase::blocks {
namespace {

using model::Op;
using Kind = Source::Kind;

constexpr int kExactly = 10000;        ///< to every bit
constexpr int kWithoutFlush = 126;     ///< what a result without its flush is true to
constexpr int kLeastSummand = -98;     ///< a sum with 2^this needs no flush
constexpr int kVanishes = 26;          ///< what is true to 2^-k does beside 2^(26 - k)
constexpr int kExpIsOne = 30;          ///< exp_rn(x) is 1 where |x| <= 2^-30
constexpr int kLargestExponent = 122;  ///< of any number on the way

/// 2^n <= |x| < 2^(n + 1), for x that is not 0.
int exponent_of(float x) { return static_cast<int>((model::bits_of(x) >> 23U) & 255U) - 127; }

class Flushes {
 public:
  explicit Flushes(Graph& graph) : graph_(graph), needs_(graph.nodes.size(), -kExactly) {}

  void leave_out() {
    for (const Source& s : graph_.next) {
      need(s, kExactly);
    }
    need(graph_.fires, kExactly);
    for (std::size_t n = graph_.nodes.size(); n-- > 0;) {
      if (graph_.nodes[n].users != 0) {
        visit(graph_.nodes[n], needs_[n]);
      }
    }
  }

 private:
  void need(const Source& s, int k) {
    if (s.kind == Kind::node) {
      needs_[s.index] = std::max(needs_[s.index], k);
    }
  }
  /// Whether it is known, and not 0.
  [[nodiscard]] bool is_number(const Source& s) const {
    return graph_.is_known(s) && model::bits_of(graph_.singles[s.index]) != 0U;
  }
  /// Of such a number.
  [[nodiscard]] int exponent(const Source& s) const { return exponent_of(graph_.singles[s.index]); }
  static int with(int k, int more) { return k == kExactly ? kExactly : k + more; }

  /// `k`: what the node's result has to be true to.
  void visit(Node& node, int k) {
    const Source& a = node.from[0];
    const Source& b = node.from[1];
    switch (node.alone ? node.op.op : Op::poisson) {
      case Op::add:
      case Op::subtract: {
        // of a difference either may be the number
        const Source& number = is_number(a) ? a : b;
        if (is_number(number) && exponent(number) >= kLeastSummand) {
          node.op.flushes = false;
          need(is_number(a) ? b : a, kVanishes - exponent(number));
        } else {
          node.op.flushes = k > kWithoutFlush;
          need(a, with(k, kVanishes + 1));
          need(b, with(k, kVanishes + 1));
        }
        break;
      }
      case Op::multiply: {
        node.op.flushes = k > kWithoutFlush;
        const auto most = [&](const Source& s) {
          return !graph_.is_known(s) ? kLargestExponent : is_number(s) ? exponent(s) + 1 : 0;
        };
        need(a, with(k, most(b)));
        need(b, with(k, most(a)));
        break;
      }
      case Op::divide: {
        need(a, is_number(b) ? with(k, 2 - exponent(b)) : kExactly);
        need(b, kExactly);
        break;
      }
      case Op::minimum:
      case Op::maximum:
      case Op::absolute:
        need(a, k);
        need(b, k);
        break;
      case Op::less:
      case Op::less_equal:
        need(a, is_number(b) ? 1 - exponent(b) : kExactly);
        need(b, is_number(a) ? 1 - exponent(a) : kExactly);
        break;
      case Op::exponential: need(a, kExpIsOne); break;
      case Op::select:
        need(a, kExactly);
        need(b, k);
        need(node.from[2], k);
        break;
      default:
        for (std::uint32_t i = 0; i < node.operands; ++i) {
          need(node.from[i], kExactly);
        }
    }
  }

  Graph& graph_;
  std::vector<int> needs_;  ///< of each node: k
};

}  // namespace

void leave_out_flushes(Graph& graph) { Flushes(graph).leave_out(); }

}  // namespace rheobase::blocks
