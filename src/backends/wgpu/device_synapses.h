// SPDX-License-Identifier: Apache-2.0
/// \file
/// The synapses of a network on a GPU: blocks of rows in shards, and the index that finds a row.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "backends/wgpu/gpu.h"
#include "backends/wgpu/layout.h"
#include "backends/wgpu/row_tiles.h"
#include "backends/wgpu/tuning.h"
#include "network/view.h"

namespace rheobase::wgpu {

/// Shards that one dispatch of the delivery sees.
[[nodiscard]] inline std::uint32_t shards_seen(Tuning::Index index) {
  return index == Tuning::Index::dense ? 4U : 1U;
}

class DeviceSynapses {
 public:
  /// \throws Error out_of_memory if the network is larger than the GPU.
  DeviceSynapses(Gpu& gpu, const NetworkData& network, const Tuning& tuning);

  /// Uploads what an edit touched. \return false if it needs more room than there is: make anew.
  [[nodiscard]] bool apply(const NetworkData& before, const NetworkData& after);

  /// Fills in where things are.
  void describe(Params& params) const;
  /// Whether a neuron has a row that is cut into pieces.
  [[nodiscard]] bool has_long_rows(NeuronId id) const { return long_[id]; }
  [[nodiscard]] std::uint32_t long_count() const { return long_count_; }
  [[nodiscard]] std::uint32_t piece_count() const { return piece_count_; }
  [[nodiscard]] const RowTiles& tiles() const { return tiles_; }

  [[nodiscard]] const Buffer& index() const { return index_; }
  [[nodiscard]] const std::vector<Buffer>& shards() const { return shards_; }
  [[nodiscard]] std::uint32_t shard_shift() const { return shard_shift_; }
  /// Words that are in use, of all shards.
  [[nodiscard]] std::uint64_t words() const { return next_free_; }
  /// Keys, starts and counts of the hash table; empty with the dense layout.
  [[nodiscard]] const std::vector<Buffer>& hash_table() const { return hash_buffers_; }
  /// "hash index, load factor 0.43, longest probe 6"
  [[nodiscard]] std::string facts() const;

 private:
  using Entry = std::array<std::uint32_t, 2>;
  /// Where a block lies.
  struct Place {
    std::uint64_t begin = 0;
    std::uint64_t capacity = 0;
    std::uint32_t first_piece = 0;
    std::uint32_t pieces = 0;  ///< room for so many
  };

  [[nodiscard]] std::uint32_t rows_of(const NetworkData& network, std::size_t block) const;
  void place_blocks(const NetworkData& network);
  void make_index(const NetworkData& network);
  void write_block(const RowBlock& block, const Place& place);
  void write_words(std::uint64_t at, const std::uint32_t* words, std::uint64_t count);
  void put_rows(const NetworkData& network, std::size_t block, std::vector<Entry>& rows);
  void put_pieces(const NetworkData& network, std::size_t block, std::vector<Entry>& pieces) const;
  /// Edges of the tiles in so many rows; first and count may be rounded outwards.
  void write_tiles(const NetworkData& network, std::uint64_t first_row, std::uint64_t rows);
  void put_kinds(const NetworkData& network, std::vector<Entry>& kinds) const;
  void hash_insert(std::uint32_t key, Entry row);
  [[nodiscard]] bool hash_update(std::uint32_t key, Entry row);

  Gpu& gpu_;
  Tuning tuning_;
  std::uint32_t long_row_ = 0;
  std::uint32_t most_pieces_ = 1;
  std::uint32_t shard_shift_ = 0;
  std::uint32_t kind_capacity_ = 0;
  std::uint32_t delay_count_ = 0;
  std::uint32_t piece_count_ = 0;
  std::uint32_t long_count_ = 0;
  std::uint64_t next_free_ = 0;  ///< first word behind all blocks
  std::uint64_t capacity_ = 0;   ///< words of all shards
  std::uint32_t delays_at_ = 0, pieces_at_ = 0, rows_at_ = 0, tiles_at_ = 0;
  RowTiles tiles_;
  std::vector<Place> places_;
  std::vector<bool> long_;
  std::vector<std::uint32_t>
      delay_index_;  ///< of each delay from 0 on, its place among those in use
  Buffer index_;
  std::vector<Buffer> shards_;
  // hash layout
  std::vector<std::uint32_t> keys_, starts_, counts_;
  std::vector<Buffer> hash_buffers_;
  std::uint64_t hash_used_ = 0;
  std::uint32_t longest_probe_ = 0;
};

}  // namespace rheobase::wgpu
