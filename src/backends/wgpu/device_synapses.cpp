// SPDX-License-Identifier: Apache-2.0
#include "backends/wgpu/device_synapses.h"

#include <fmt/printf.h>

#include <algorithm>
#include <bit>

#include "model/random.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::wgpu {
namespace {

constexpr std::uint32_t kLongRow = 2048;     ///< default; see bench/README.md
constexpr std::uint32_t kPieceWords = 4096;  ///< of a by-synapse sweep
/// The largest word number is kept below 2^32 with room to spare, so that sums cannot wrap.
constexpr std::uint64_t kMostWords = (std::uint64_t{1} << 32U) - (std::uint64_t{1} << 24U);

std::uint64_t words_of(const RowBlock& block) {
  return block.compact.size() + 2U * block.wide.size();
}
void append_words(const RowBlock& block, std::vector<std::uint32_t>& words) {
  words.insert(words.end(), block.compact.begin(), block.compact.end());
  for (const std::uint64_t synapse : block.wide) {
    words.push_back(static_cast<std::uint32_t>(synapse));
    words.push_back(static_cast<std::uint32_t>(synapse >> 32U));
  }
}
/// Room kept in the index for what is not there once for each row.
constexpr std::uint64_t kMostIndexHead = std::uint64_t{64} << 20U;
/// Rows may start at even words only, since wide synapses take two.
std::uint64_t even(std::uint64_t words) { return (words + 1U) / 2U * 2U; }

std::uint64_t room_for(std::uint64_t words) { return even(words + words / 32U + 8U); }
std::uint32_t pieces_for(std::uint64_t words) {
  return static_cast<std::uint32_t>((words + kPieceWords - 1U) / kPieceWords);
}

}  // namespace

DeviceSynapses::DeviceSynapses(Gpu& gpu, const NetworkData& network, const Tuning& tuning)
    : gpu_(gpu), tuning_(tuning), long_row_(tuning.long_row != 0 ? tuning.long_row : kLongRow) {
  const auto largest = static_cast<std::uint32_t>(std::bit_width(gpu.largest_binding() / 4U)) - 1U;
  shard_shift_ = std::min(tuning.shard_shift != 0 ? tuning.shard_shift : 28U, largest);
  delay_count_ = std::max<std::uint32_t>(1, static_cast<std::uint32_t>(network.delays.size()));
  delay_index_.assign(network.max_delay() + 1U, 0);
  for (std::uint32_t k = 0; k < network.delays.size(); ++k) {
    delay_index_[network.delays[k]] = k;
  }
  if (std::uint64_t{network.neuron_count} * delay_count_ >= kMostWords) {
    throw Error(ErrorCode::out_of_memory,
                "the network is too large for a GPU (" + number_text(network.neuron_count) +
                    " neurons x " + number_text(delay_count_) +
                    " delays do not fit its index). Use the cpu backend.");
  }
  const std::uint64_t rows_bytes =
      tuning.index == Tuning::Index::dense
          ? sizeof(Entry) * std::uint64_t{network.neuron_count} * delay_count_
          : 0U;
  gpu.require_size("index of synapses", rows_bytes);
  const RowTiles tiles(network, gpu.facts(), tuning);
  const std::uint64_t with_tiles = rows_bytes + tiles.bytes() + kMostIndexHead;
  if (tuning.tile != 0) {
    gpu.require_size("index of synapses with tiles", with_tiles);
  }
  if (tiles.count() > 1 && with_tiles <= gpu.largest_binding()) {
    tiles_ = tiles;
    long_row_ = std::min(long_row_, RowTiles::kLongestRow);
  }
  place_blocks(network);
  make_index(network);
}

std::uint32_t DeviceSynapses::rows_of(const NetworkData& network, std::size_t block) const {
  const std::uint64_t first = std::uint64_t{block} << network.block_shift;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(std::uint64_t{1} << network.block_shift,
                                                            network.neuron_count - first));
}

void DeviceSynapses::place_blocks(const NetworkData& network) {
  places_.clear();
  next_free_ = 0;
  piece_count_ = 0;
  for (const auto& block : network.blocks) {
    const std::uint64_t room = room_for(words_of(*block));
    places_.push_back({next_free_, room, piece_count_, pieces_for(room)});
    next_free_ += room;
    piece_count_ += pieces_for(room);
  }
  // blocks that outgrow their room move behind the others
  capacity_ = even(next_free_ + next_free_ / 16U + 4096U);
  if (capacity_ > kMostWords) {
    throw Error(ErrorCode::out_of_memory,
                "the network is too large for a GPU (" + number_text(network.synapse_count) +
                    " synapses; at most 4.2 thousand million words can be addressed). Use the cpu "
                    "backend.");
  }
  const std::uint64_t shard = std::uint64_t{1} << shard_shift_;
  for (std::uint64_t at = 0; at < capacity_; at += shard) {
    shards_.push_back(gpu_.storage("synapses", 4U * std::min(shard, capacity_ - at)));
  }
  // blocks lie one behind the other: many go up in one piece, their slack between them
  constexpr std::size_t kWordsAtOnce = std::size_t{1} << 22U;
  std::vector<std::uint32_t> words;
  std::uint64_t begin = 0;
  for (std::size_t b = 0; b < network.blocks.size(); ++b) {
    append_words(*network.blocks[b], words);
    words.resize(places_[b].begin + places_[b].capacity - begin);
    if (words.size() >= kWordsAtOnce || b + 1 == network.blocks.size()) {
      write_words(begin, words.data(), words.size());
      begin += words.size();
      words.clear();
    }
  }
}

void DeviceSynapses::write_words(std::uint64_t at, const std::uint32_t* words,
                                 std::uint64_t count) {
  const std::uint64_t shard = std::uint64_t{1} << shard_shift_;
  while (count > 0) {
    const std::uint64_t within = at & (shard - 1U);
    const std::uint64_t here = std::min(count, shard - within);
    gpu_.write(shards_[at >> shard_shift_], 4U * within, words, 4U * here);
    at += here;
    words += here;
    count -= here;
  }
}

void DeviceSynapses::write_block(const RowBlock& block, const Place& place) {
  std::vector<std::uint32_t> words;
  append_words(block, words);
  write_words(place.begin, words.data(), words.size());
}

void DeviceSynapses::put_kinds(const NetworkData& network, std::vector<Entry>& kinds) const {
  const std::uint64_t one_event = network.counts_candidates ? 1 : 0;
  for (std::uint32_t i = 0; i < kind_capacity_; ++i) {
    const SynapseKind kind = i < network.kinds.size() ? network.kinds[i] : SynapseKind{};
    const std::uint64_t word =
        (static_cast<std::uint64_t>(kind.charge) << network.charge.event_bits) + one_event;
    kinds.push_back({static_cast<std::uint32_t>(word), static_cast<std::uint32_t>(word >> 32U)});
  }
  for (std::uint32_t i = 0; i < kind_capacity_; ++i) {
    const SynapseKind kind = i < network.kinds.size() ? network.kinds[i] : SynapseKind{};
    kinds.push_back(
        {kind.weight_numerator, kind.weight_shift | (kind.weight < 0.0F ? 0x80000000U : 0U)});
  }
}

/// One entry for each row of the block and each delay in use. Notes which neurons have long rows.
void DeviceSynapses::put_rows(const NetworkData& network, std::size_t b, std::vector<Entry>& rows) {
  const RowBlock& block = *network.blocks[b];
  const bool wide = !block.wide.empty();
  const std::uint32_t words = wide ? 2U : 1U;
  const auto first = static_cast<NeuronId>(b << network.block_shift);
  const std::uint32_t count = rows_of(network, b);
  const std::size_t base = rows.size();
  rows.resize(base + std::size_t{count} * delay_count_, Entry{0, 0});
  for (std::uint32_t r = 0; r < count; ++r) {
    const std::uint32_t class_flags = network.classes[network.class_of[first + r]].flags;
    const std::uint32_t driven = (class_flags & model::kPotentialDriven) == 0U ? 0U
                                 : (class_flags & model::kDividedPsp) != 0U
                                     ? kRowDriven | kRowDivided
                                     : kRowDriven;
    const std::uint32_t flags = (wide ? kRowWide : 0U) | driven;
    bool is_long = false;
    for (std::uint32_t p = block.row_parts[r]; p < block.row_parts[r + 1U]; ++p) {
      const std::uint32_t length = block.parts[p + 1U].begin - block.parts[p].begin;
      if (length > kRowLength) {
        throw Error(ErrorCode::out_of_memory, "neuron " + number_text(first + r) +
                                                  " has too many synapses for a GPU. Use the cpu "
                                                  "backend.");
      }
      rows[base + std::size_t{r} * delay_count_ + delay_index_[block.parts[p].delay]] = {
          static_cast<std::uint32_t>(places_[b].begin +
                                     std::uint64_t{block.parts[p].begin} * words),
          length | flags};
      is_long |= length > long_row_;
      most_pieces_ = std::max(most_pieces_, (length + long_row_ - 1U) / long_row_);
    }
    long_count_ += (is_long ? 1U : 0U) - (long_[first + r] ? 1U : 0U);
    long_[first + r] = is_long;
  }
}

void DeviceSynapses::put_pieces(const NetworkData& network, std::size_t b,
                                std::vector<Entry>& pieces) const {
  const auto first = static_cast<std::uint32_t>(b << network.block_shift);
  const Place& place = places_[b];
  for (std::uint32_t i = 0; i < place.pieces; ++i) {
    const std::uint64_t begin = place.begin + std::uint64_t{i} * kPieceWords;
    const std::uint64_t end =
        std::min<std::uint64_t>(begin + kPieceWords, place.begin + words_of(*network.blocks[b]));
    // an empty piece has no rows
    pieces.push_back({first, begin < end ? rows_of(network, b) : 0U});
    pieces.push_back({static_cast<std::uint32_t>(begin),
                      static_cast<std::uint32_t>(begin < end ? end - 1U : begin)});
  }
}

void DeviceSynapses::make_index(const NetworkData& network) {
  kind_capacity_ = static_cast<std::uint32_t>((network.kinds.size() / 256U + 1U) * 256U);
  long_.assign(network.neuron_count, false);
  delays_at_ = 2U * kind_capacity_;
  pieces_at_ = delays_at_ + delay_count_;
  rows_at_ = pieces_at_ + 2U * piece_count_;

  std::vector<Entry> head;
  put_kinds(network, head);
  for (std::uint32_t k = 0; k < delay_count_; ++k) {
    head.push_back({network.delays.empty() ? 1U : network.delays[k], 0});
  }
  for (std::size_t b = 0; b < network.blocks.size(); ++b) {
    put_pieces(network, b, head);
  }
  const bool dense = tuning_.index == Tuning::Index::dense;
  const std::uint64_t rows = std::uint64_t{network.neuron_count} * delay_count_;
  const std::uint64_t entries = head.size() + (dense ? rows : 0U);
  index_ = gpu_.storage("index of synapses", sizeof(Entry) * entries + tiles_.bytes());
  gpu_.write(index_, 0, head);
  if (tiles_.count() > 1) {
    tiles_at_ = static_cast<std::uint32_t>(entries);
    write_tiles(network, 0, tiles_.rows_per_edge());
  }

  if (!dense) {
    std::uint64_t filled = 0;
    for (const auto& block : network.blocks) {
      filled += block->parts.empty() ? 0U : block->parts.size() - 1U;
    }
    const std::uint64_t size = std::bit_ceil(std::max<std::uint64_t>(2U * filled, 16U));
    keys_.assign(size, kNoKey);
    starts_.assign(size, 0);
    counts_.assign(size, 0);
  }
  std::vector<Entry> batch;
  std::uint64_t written = 0;
  for (std::size_t b = 0; b < network.blocks.size(); ++b) {
    put_rows(network, b, batch);
    const bool last = b + 1 == network.blocks.size();
    constexpr std::size_t kBatch = std::size_t{1} << 20U;
    if (dense && (last || batch.size() >= kBatch)) {
      gpu_.write(index_, sizeof(Entry) * (rows_at_ + written), batch);
      written += batch.size();
      batch.clear();
    } else if (!dense) {
      for (std::size_t i = 0; i < batch.size(); ++i) {
        if ((batch[i][1] & kRowLength) != 0U) {
          hash_insert(static_cast<std::uint32_t>(written + i), batch[i]);
        }
      }
      written += batch.size();
      batch.clear();
    }
  }
  if (!dense) {
    for (const auto* table : {&keys_, &starts_, &counts_}) {
      hash_buffers_.push_back(gpu_.storage("hash table of rows", 4U * table->size()));
      gpu_.write(hash_buffers_.back(), 0, *table);
    }
  }
}

void DeviceSynapses::write_tiles(const NetworkData& network, std::uint64_t first_row,
                                 std::uint64_t rows) {
  constexpr std::uint64_t kRowsAtOnce = std::uint64_t{1} << 24U;
  const std::uint64_t end = (first_row + rows + 1U) / 2U * 2U;  // whole words
  for (std::uint32_t edge = 0; edge < tiles_.edges(); ++edge) {
    for (std::uint64_t at = first_row / 2U * 2U; at < end; at += kRowsAtOnce) {
      const std::vector<std::uint16_t> cuts =
          tiles_.cut(network, edge, at, std::min(kRowsAtOnce, end - at));
      gpu_.write(index_, sizeof(Entry) * tiles_at_ + 2U * (edge * tiles_.rows_per_edge() + at),
                 cuts);
    }
  }
}

void DeviceSynapses::hash_insert(std::uint32_t key, Entry row) {
  const auto mask = static_cast<std::uint32_t>(keys_.size() - 1U);
  std::uint32_t at = model::pcg(key) & mask;
  std::uint32_t probe = 1;
  while (keys_[at] != kNoKey) {
    at = (at + 1U) & mask;
    ++probe;
  }
  keys_[at] = key;
  starts_[at] = row[0];
  counts_[at] = row[1];
  ++hash_used_;
  longest_probe_ = std::max(longest_probe_, probe);
}

/// Changes or adds a row on the device too. \return false if the table is getting full.
bool DeviceSynapses::hash_update(std::uint32_t key, Entry row) {
  const auto mask = static_cast<std::uint32_t>(keys_.size() - 1U);
  std::uint32_t at = model::pcg(key) & mask;
  while (keys_[at] != key && keys_[at] != kNoKey) {
    at = (at + 1U) & mask;
  }
  if (keys_[at] == kNoKey) {
    if ((row[1] & kRowLength) == 0U) {
      return true;
    }
    if (4U * (hash_used_ + 1U) > 3U * keys_.size()) {
      return false;
    }
    hash_insert(key, row);
    at = model::pcg(key) & mask;
    while (keys_[at] != key) {
      at = (at + 1U) & mask;
    }
  } else if (starts_[at] == row[0] && counts_[at] == row[1]) {
    return true;
  }
  starts_[at] = row[0];
  counts_[at] = row[1];
  gpu_.write(hash_buffers_[0], 4U * std::uint64_t{at}, &keys_[at], 4);
  gpu_.write(hash_buffers_[1], 4U * std::uint64_t{at}, &starts_[at], 4);
  gpu_.write(hash_buffers_[2], 4U * std::uint64_t{at}, &counts_[at], 4);
  return true;
}

bool DeviceSynapses::apply(const NetworkData& before, const NetworkData& after) {
  if (after.neuron_count != before.neuron_count || after.delays != before.delays ||
      after.block_shift != before.block_shift || after.blocks.size() != before.blocks.size() ||
      after.kinds.size() > kind_capacity_) {
    return false;
  }
  // kinds are only ever added, but what their words hold may change with the event bits
  std::vector<Entry> kinds;
  put_kinds(after, kinds);
  gpu_.write(index_, 0, kinds);

  for (std::size_t b = 0; b < after.blocks.size(); ++b) {
    if (after.blocks[b] == before.blocks[b]) {
      continue;
    }
    Place& place = places_[b];
    const std::uint64_t words = words_of(*after.blocks[b]);
    if (words > place.capacity) {
      const std::uint64_t room = room_for(words + words / 4U);
      if (next_free_ + room > capacity_ || pieces_for(words) > place.pieces) {
        return false;
      }
      place.begin = next_free_;
      place.capacity = std::min(room, std::uint64_t{place.pieces} * kPieceWords);
      next_free_ += room;
    }
    write_block(*after.blocks[b], place);
    std::vector<Entry> pieces;
    put_pieces(after, b, pieces);
    gpu_.write(index_, sizeof(Entry) * (pieces_at_ + 2U * std::uint64_t{place.first_piece}),
               pieces);
    std::vector<Entry> rows;
    put_rows(after, b, rows);
    const std::uint64_t first_row = (std::uint64_t{b} << after.block_shift) * delay_count_;
    write_tiles(after, first_row, rows.size());
    if (tuning_.index == Tuning::Index::dense) {
      gpu_.write(index_, sizeof(Entry) * (rows_at_ + first_row), rows);
      continue;
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!hash_update(static_cast<std::uint32_t>(first_row + i), rows[i])) {
        return false;
      }
    }
  }
  return true;
}

void DeviceSynapses::describe(Params& p) const {
  p.delay_count = delay_count_;
  p.driven_at = kind_capacity_;
  p.delays_at = delays_at_;
  p.pieces_at = pieces_at_;
  p.rows_at = rows_at_;
  p.piece_count = piece_count_;
  p.long_row = long_row_;
  p.most_pieces = most_pieces_;
  p.tiles_at = tiles_at_;
  p.tile_count = tiles_.count();
  p.rows_per_edge = static_cast<std::uint32_t>(tiles_.rows_per_edge());
  p.hash_mask = keys_.empty() ? 0U : static_cast<std::uint32_t>(keys_.size() - 1U);
}

std::string DeviceSynapses::facts() const {
  if (tuning_.index == Tuning::Index::dense) {
    return "dense index";
  }
  const std::string text = fmt::sprintf(
      "hash index, load factor %.2f, longest probe %u",
      static_cast<double>(hash_used_) / static_cast<double>(keys_.size()), longest_probe_);
  return text;
}

}  // namespace rheobase::wgpu
