// SPDX-License-Identifier: Apache-2.0
#include "backends/cpu/row_table.h"

#include <algorithm>

#include "platform/large_pages.h"

namespace rheobase {
namespace {

/// Half a byte for each synapse: with the rest of a network below 4.5 (8.5) bytes for rows of 100.
constexpr std::uint64_t kLeastSynapses = 2 * sizeof(TableRow);

bool pays_off(const NetworkData& network) {
  return network.synapse_count >= kCachedSynapses &&
         network.synapse_count / kLeastSynapses >=
             std::uint64_t{network.neuron_count} * network.delays.size();
}

}  // namespace

void RowTable::build(const NetworkData& network) {
  rows_ = {};
  delays_.clear();
  neurons_ = network.neuron_count;
  if (!pays_off(network)) {
    return;
  }
  delays_ = network.delays;
  platform::resize_on_large_pages(rows_, neurons_ * delays_.size());
  for (std::size_t block = 0; block < network.blocks.size(); ++block) {
    fill(network, block);
  }
}

void RowTable::follow(const NetworkData& before, const NetworkData& after) {
  if (rows_.empty() || !pays_off(after) || after.delays != delays_ ||
      after.neuron_count != neurons_ || after.block_shift != before.block_shift) {
    build(after);
    return;
  }
  for (std::size_t block = 0; block < after.blocks.size(); ++block) {
    if (before.blocks[block] != after.blocks[block]) {
      fill(after, block);
    }
  }
}

void RowTable::fill(const NetworkData& network, std::size_t block) {
  const std::size_t begin = block << network.block_shift;
  const std::size_t end = std::min(neurons_, begin + (std::size_t{1} << network.block_shift));
  const RowBlock& rows = *network.blocks[block];
  for (std::size_t id = begin; id < end; ++id) {
    std::uint32_t part = rows.row_parts[id - begin];
    for (std::size_t d = 0; d < delays_.size(); ++d) {
      TableRow& row = rows_[d * neurons_ + id];
      row = {};
      if (part < rows.row_parts[id - begin + 1] && rows.parts[part].delay == delays_[d]) {
        const RowSpan span = network.span_of(rows, part++);
        row.wide = span.wide != nullptr ? 1U : 0U;
        row.synapses = span.wide != nullptr ? static_cast<const void*>(span.wide) : span.compact;
        row.count = span.count;
      }
    }
  }
}

const TableRow* RowTable::rows_with(std::uint32_t delay) const {
  const auto found = std::lower_bound(delays_.begin(), delays_.end(), delay);
  if (found == delays_.end() || *found != delay) {
    return nullptr;
  }
  return rows_.data() + static_cast<std::size_t>(found - delays_.begin()) * neurons_;
}

}  // namespace rheobase
