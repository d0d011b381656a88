// SPDX-License-Identifier: Apache-2.0
#include "network/block_writer.h"

#include <utility>

namespace rheobase {

std::shared_ptr<RowBlock> BlockWriter::finish(std::shared_ptr<platform::Arena> arena) {
  auto block = arena == nullptr ? std::make_shared<RowBlock>()
                                : std::make_shared<RowBlock>(std::move(arena));
  if (narrow_) {
    block->compact.reserve(synapses_.size());
    for (const std::uint64_t s : synapses_) {
      block->compact.push_back(compact_synapse(post_of(s), code_of(s)));
    }
  } else {
    block->wide.assign(synapses_.begin(), synapses_.end());
  }
  parts_.push_back({static_cast<std::uint32_t>(synapses_.size()), 0});
  block->row_parts.assign(row_parts_.begin(), row_parts_.end());
  block->parts.assign(parts_.begin(), parts_.end());
  synapses_.clear();
  row_parts_.assign(1, 0);
  parts_.clear();
  narrow_ = true;
  return block;
}

}  // namespace rheobase
