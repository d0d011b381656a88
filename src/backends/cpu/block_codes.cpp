// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "backends/cpu/block_loops.h"
#include "backends/cpu/block_operations.h"

namespace rheobase {

using namespace blocks;

namespace {

std::size_t inner_index(LoopOp op) {
  return static_cast<std::size_t>(std::find(kInner.begin(), kInner.end(), op) - kInner.begin());
}

}  // namespace

bool is_sum(Op op) { return inner_index({op, true}) < kSums; }

LoopCode code_of(LoopOp op) {
  const std::size_t code =
      op.flushes ? static_cast<std::size_t>(op.op) - kFirstOp : kOps + inner_index(op) - kSums;
  return static_cast<LoopCode>(code);
}

LoopCode copy_code() { return kCopy; }

LoopCode choice_code(Op compare) {
  const auto at = std::find(kCompares.begin(), kCompares.end(), compare) - kCompares.begin();
  return static_cast<LoopCode>(kChoices + static_cast<std::size_t>(at));
}

LoopCode chosen_code(LoopOp first, bool otherwise) {
  return static_cast<LoopCode>(kChosen + inner_index(first) * 2 + (otherwise ? 1U : 0U));
}

LoopCode products_code(bool products_flush, LoopOp then) {
  then.flushes = then.flushes || products_flush;  // perhaps one flush more than must be
  return static_cast<LoopCode>(kProducts + inner_index(then) * 2 + (products_flush ? 1U : 0U));
}

bool pairs(Op first, Op then) {
  return inner_index({first, true}) < kInner.size() && inner_index({then, true}) < kInner.size();
}

LoopCode pair_code(LoopOp first, LoopOp then, bool second) {
  then.flushes = then.flushes || flushes_for_nothing(first, then);  // likewise
  const std::size_t at = inner_index(first) * kInner.size() + inner_index(then);
  return static_cast<LoopCode>(kPairs + at * 2 + (second && !commutes(then.op) ? 1U : 0U));
}

}  // namespace rheobase
