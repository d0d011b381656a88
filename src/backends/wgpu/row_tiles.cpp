// SPDX-License-Identifier: Apache-2.0
#include "backends/wgpu/row_tiles.h"

#include <algorithm>
#include <string>

#include "platform/parallel.h"
#include "rheobase/error.h"
#include "rheobase/host.h"
#include "rheobase/text.h"

namespace rheobase::wgpu {
namespace {

// Found by `rheobase bench gpu` on an H100, whose cache holds 50 MB (bench/README.md).

/// Accumulators of a network below which one tile is as good, and of a tile beyond that.
constexpr std::uint64_t kUntiledBytes = std::uint64_t{12} << 20U;
constexpr std::uint64_t kTileBytes = std::uint64_t{16} << 20U;
constexpr std::uint64_t kSmallTileBytes = std::uint64_t{10} << 20U;
/// Of a row with fewer synapses in a tile, the way to them costs more than what is gained.
constexpr std::uint64_t kSynapsesInATile = 8;
/// One neuron in so many must fire for tiles to pay: in networks whose accumulators just fit the
/// cache, and in larger ones.
constexpr std::uint64_t kFiringOfMedium = 20;
constexpr std::uint64_t kFiringOfLarge = 200;
constexpr std::uint64_t kLargeBytes = std::uint64_t{24} << 20U;

/// Each is a dispatch.
constexpr std::uint64_t kMostTiles = 1024;

constexpr std::size_t kRowsAtOnce = std::size_t{1} << 16U;

}  // namespace

RowTiles::RowTiles(const NetworkData& network, const AdapterFacts& gpu, const Tuning& tuning)
    : delay_count_(std::max<std::uint32_t>(1, static_cast<std::uint32_t>(network.delays.size()))) {
  delay_index_.assign(network.max_delay() + 1U, 0);
  for (std::uint32_t k = 0; k < network.delays.size(); ++k) {
    delay_index_[network.delays[k]] = k;
  }
  const std::uint64_t n = network.target_count;
  const std::uint64_t bytes = n * (network.charge.accumulator_bits / 8U);
  std::uint64_t count = 1;
  if (tuning.tile != 0) {
    neurons_ = tuning.tile;
    count = (n + neurons_ - 1U) / neurons_;
    if (count > kMostTiles) {
      throw Error(ErrorCode::invalid_argument,
                  "tile=" + number_text(tuning.tile) + " makes " + number_text(count) +
                      " tiles of the network (at most " + number_text(kMostTiles) +
                      "). Choose larger ones.");
    }
  } else if (!gpu.software && tuning.delivery != Tuning::Delivery::sweep && bytes > kUntiledBytes) {
    count = std::max<std::uint64_t>(2, bytes / kTileBytes);
    neurons_ = static_cast<std::uint32_t>((n + count - 1U) / count);
    if (network.synapse_count < kSynapsesInATile * count * n * delay_count_) {
      count = 1;
    }
  }
  count_ = static_cast<std::uint32_t>(std::max<std::uint64_t>(count, 1));
  small_ = bytes / count_ < kSmallTileBytes;
  pay_from_ = n / (tuning.tile != 0 || bytes > kLargeBytes ? kFiringOfLarge : kFiringOfMedium) + 1U;
  constexpr std::uint64_t kRowsPerVector = 2U * kRowsPerWord;
  rows_per_edge_ = (std::uint64_t{network.neuron_count} * delay_count_ + kRowsPerVector - 1U) /
                   kRowsPerVector * kRowsPerVector;
}

std::vector<std::uint16_t> RowTiles::cut(const NetworkData& network, std::uint32_t edge,
                                         std::uint64_t first, std::uint64_t count) const {
  std::vector<std::uint16_t> cuts(count, 0);
  const std::uint64_t rows = std::uint64_t{network.neuron_count} * delay_count_;
  const std::uint64_t behind = (std::uint64_t{edge} + 1U) * neurons_;
  const auto cut_row = [&](std::uint64_t number) {
    const auto id = static_cast<NeuronId>(number / delay_count_);
    const RowBlock& block = *network.blocks[id >> network.block_shift];
    const std::uint32_t r = id & ((1U << network.block_shift) - 1U);
    for (std::uint32_t p = block.row_parts[r]; p < block.row_parts[r + 1U]; ++p) {
      if (delay_index_[block.parts[p].delay] != number % delay_count_) {
        continue;
      }
      const std::uint32_t begin = block.parts[p].begin;
      const std::uint32_t end = block.parts[p + 1U].begin;
      const auto before = [behind](std::uint64_t post) { return post < behind; };
      // a part is sorted by target
      const std::ptrdiff_t size =
          block.wide.empty()
              ? std::partition_point(
                    block.compact.begin() + begin, block.compact.begin() + end,
                    [&](std::uint32_t synapse) { return before(synapse & kCompactPost); }) -
                    (block.compact.begin() + begin)
              : std::partition_point(block.wide.begin() + begin, block.wide.begin() + end,
                                     [&](std::uint64_t synapse) {
                                       return before(static_cast<std::uint32_t>(synapse));
                                     }) -
                    (block.wide.begin() + begin);
      // longer rows are not divided by edges
      return static_cast<std::uint16_t>(std::min<std::ptrdiff_t>(size, kLongestRow));
    }
    return std::uint16_t{0};
  };
  platform::parallel_for(
      (count + kRowsAtOnce - 1U) / kRowsAtOnce, host_info().cores, [&](std::size_t chunk) {
        const std::uint64_t end = std::min<std::uint64_t>(count, (chunk + 1U) * kRowsAtOnce);
        for (std::uint64_t i = chunk * kRowsAtOnce; i < end && first + i < rows; ++i) {
          cuts[i] = cut_row(first + i);
        }
      });
  return cuts;
}

}  // namespace rheobase::wgpu
