// SPDX-License-Identifier: Apache-2.0
#include "network/row_assembler.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

#include "platform/arena.h"
#include "platform/parallel.h"

namespace rheobase {
namespace {

/// Whether a wide block could be compact.
bool could_be_compact(const RowBlock& block) {
  return std::all_of(block.wide.begin(), block.wide.end(), [](std::uint64_t synapse) {
    return is_narrow(post_of(synapse), code_of(synapse));
  });
}

}  // namespace

void count_block(NetworkData& network, const RowBlock& block, bool added) {
  const std::uint64_t one = added ? 1U : ~std::uint64_t{0};
  network.synapse_count += one * (block.compact.size() + block.wide.size());
  // parts of one delay mostly follow each other
  std::uint64_t* parts = nullptr;
  std::uint32_t delay = 0;
  for (std::size_t p = 0; p + 1 < block.parts.size(); ++p) {
    if (parts == nullptr || block.parts[p].delay != delay) {
      delay = block.parts[p].delay;
      parts = &network.delay_parts[delay];
    }
    *parts += one;
  }
}

void find_delays(NetworkData& network) {
  network.delays.clear();
  for (const auto& [delay, parts] : network.delay_parts) {
    if (parts != 0) {
      network.delays.push_back(delay);
    }
  }
}

void split_large_blocks(NetworkData& network) {
  constexpr std::uint32_t kTimes = 2;  // as a power of two
  const std::uint32_t shift = choose_block_shift(network.synapse_count, network.neuron_count);
  if (shift + kTimes > network.block_shift) {
    return;
  }
  const std::size_t rows = std::size_t{1} << shift;
  std::vector<std::shared_ptr<const RowBlock>> blocks;
  for (const auto& whole : network.blocks) {
    const std::size_t all_rows = whole->row_parts.size() - 1;
    for (std::size_t first = 0; first < all_rows; first += rows) {
      const std::size_t last = std::min(first + rows, all_rows);
      const auto part = [&](std::size_t row) {
        return whole->parts.begin() + static_cast<std::ptrdiff_t>(whole->row_parts[row]);
      };
      const std::uint32_t from = part(first)->begin;
      const std::uint32_t to = part(last)->begin;
      auto block = std::make_shared<RowBlock>();
      for (std::size_t row = first; row <= last; ++row) {
        block->row_parts.push_back(whole->row_parts[row] - whole->row_parts[first]);
      }
      for (auto p = part(first); p != part(last); ++p) {
        block->parts.push_back({p->begin - from, p->delay});
      }
      block->parts.push_back({to - from, 0});
      if (whole->wide.empty()) {
        block->compact.assign(whole->compact.begin() + from, whole->compact.begin() + to);
      } else {
        block->wide.assign(whole->wide.begin() + from, whole->wide.begin() + to);
      }
      blocks.push_back(std::move(block));
    }
  }
  network.block_shift = shift;
  network.blocks.edit() = std::move(blocks);
}

std::uint32_t choose_block_shift(std::uint64_t synapses, std::uint64_t neurons) {
  constexpr std::uint64_t kSynapsesPerBlock = 4096;
  std::uint32_t shift = 0;
  while (shift < 10U &&
         ((synapses << (shift + 1U)) <= kSynapsesPerBlock * std::max<std::uint64_t>(neurons, 1))) {
    ++shift;
  }
  return shift;
}

RowAssembler::RowAssembler(NetworkData& network, const std::vector<std::uint32_t>& out_degrees,
                           StagedForm form, EqualPlaces equal, std::uint32_t threads)
    : network_(network),
      form_(std::move(form)),
      equal_(equal),
      compact_(form_.compact()),
      threads_(threads),
      cursor_(out_degrees.size()) {
  shift_ = choose_block_shift(network.synapse_count, network.neuron_count);
  network.block_shift = shift_;
  const std::size_t rows_per_block = std::size_t{1} << shift_;
  const auto arena = std::make_shared<platform::Arena>();
  std::vector<std::uint32_t> sizes;
  for (std::size_t first = 0; first < out_degrees.size(); first += rows_per_block) {
    auto block = std::make_shared<RowBlock>(arena);
    std::uint32_t size = 0;
    for (std::size_t id = first; id < std::min(first + rows_per_block, out_degrees.size()); ++id) {
      cursor_[id] = size;
      size += out_degrees[id];
    }
    if (compact_) {
      block->compact.reserve(size);
    } else {
      block->wide.reserve(size);
    }
    sizes.push_back(size);
    blocks_.push_back(std::move(block));
  }
  // the system clears pages when they are first touched, which takes longer than all of the above
  platform::parallel_for(blocks_.size(), useful_threads(), [&](std::size_t b) {
    if (compact_) {
      blocks_[b]->compact.resize(sizes[b]);
    } else {
      blocks_[b]->wide.resize(sizes[b]);
    }
  });
}

std::uint32_t RowAssembler::useful_threads() const {
  constexpr std::size_t kBlocksWorthThreads = 64;
  return blocks_.size() >= kBlocksWorthThreads ? threads_ : 1U;
}

void RowAssembler::finish() {
  // every cursor stands at the end of its row now
  const std::size_t rows_per_block = std::size_t{1} << shift_;
  platform::parallel_for(blocks_.size(), useful_threads(), [&](std::size_t b) {
    const std::size_t first = b * rows_per_block;
    const std::size_t last = std::min(first + rows_per_block, cursor_.size());
    const std::vector<std::uint32_t> ends(cursor_.begin() + static_cast<std::ptrdiff_t>(first),
                                          cursor_.begin() + static_cast<std::ptrdiff_t>(last));
    arrange_block(*blocks_[b], ends, form_, equal_);
  });
  if (!compact_) {
    narrow_blocks();
  }
  network_.synapse_count = 0;
  for (std::shared_ptr<RowBlock>& block : blocks_) {
    count_block(network_, *block, true);
    network_.blocks.edit().push_back(std::move(block));
  }
  blocks_.clear();
  find_delays(network_);
}

void RowAssembler::narrow_blocks() {
  std::vector<std::uint8_t> narrow(blocks_.size());
  std::atomic<std::uint64_t> synapses{0};
  platform::parallel_for(blocks_.size(), useful_threads(), [&](std::size_t b) {
    narrow[b] = could_be_compact(*blocks_[b]) ? 1U : 0U;
    synapses += narrow[b] * blocks_[b]->wide.size();
  });
  // all move to another arena, as one is given back as a whole; few do not repay that
  if (synapses * 2U < network_.synapse_count) {
    return;
  }
  const auto arena = std::make_shared<platform::Arena>();
  platform::parallel_for(blocks_.size(), useful_threads(), [&](std::size_t b) {
    auto block = std::make_shared<RowBlock>(arena);
    block->row_parts = std::move(blocks_[b]->row_parts);
    block->parts = std::move(blocks_[b]->parts);
    if (narrow[b] != 0U) {
      block->compact.reserve(blocks_[b]->wide.size());
      for (const std::uint64_t synapse : blocks_[b]->wide) {
        block->compact.push_back(compact_synapse(post_of(synapse), code_of(synapse)));
      }
    } else {
      block->wide = blocks_[b]->wide;
    }
    blocks_[b] = std::move(block);
  });
}

}  // namespace rheobase
