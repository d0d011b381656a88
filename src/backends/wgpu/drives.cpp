// SPDX-License-Identifier: Apache-2.0
#include "backends/wgpu/drives.h"

#include <algorithm>
#include <array>
#include <map>

#include "backends/wgpu/layout.h"
#include "model/float_ops.h"

namespace rheobase::wgpu {
namespace {

using Vector = std::array<std::uint32_t, 4>;
using Table = std::vector<std::uint32_t>;

constexpr std::uint32_t kDriveVectors = 3;

/// Numbers of the drives of each kDriveNeurons neurons, in the order of drives.
std::vector<std::vector<std::uint32_t>> drives_of_blocks(
    const std::vector<model::CompiledDrive>& drives, std::uint32_t neuron_count) {
  std::vector<std::vector<std::uint32_t>> blocks((neuron_count + kDriveNeurons - 1U) /
                                                 kDriveNeurons);
  for (std::uint32_t d = 0; d < drives.size(); ++d) {
    const std::uint64_t end = std::uint64_t{drives[d].first} + drives[d].count;
    for (std::uint64_t b = drives[d].first / kDriveNeurons; b * kDriveNeurons < end; ++b) {
      blocks[b].push_back(d);
    }
  }
  return blocks;
}

void append_drive(std::vector<Vector>& to, const model::CompiledDrive& d, std::uint32_t table_at) {
  const bool regular = d.kind == model::CompiledDrive::Kind::regular;
  to.push_back({d.first, d.count,
                static_cast<std::uint32_t>(d.kind) | (d.draws << 8U) | (d.port << 16U),
                model::bits_of(d.amplitude)});
  to.push_back({regular ? static_cast<std::uint32_t>(d.step) : d.stream,
                regular ? static_cast<std::uint32_t>(d.step >> 32U) : d.unit_shift, table_at,
                static_cast<std::uint32_t>(d.cumulative.size())});
  to.push_back(
      {static_cast<std::uint32_t>(d.seed), static_cast<std::uint32_t>(d.seed >> 32U), 0U, 0U});
}

void append_table(std::vector<Vector>& to, const Table& table) {
  for (std::size_t i = 0; i < table.size(); i += 4) {
    Vector row;
    row.fill(0xFFFFFFFFU);
    std::copy_n(table.begin() + static_cast<std::ptrdiff_t>(i),
                std::min<std::size_t>(4, table.size() - i), row.begin());
    to.push_back(row);
  }
}

}  // namespace

std::vector<std::uint32_t> drive_words(const std::vector<model::CompiledDrive>& drives,
                                       const std::vector<std::uint32_t>& firsts,
                                       std::uint32_t neuron_count) {
  const auto blocks = drives_of_blocks(drives, neuron_count);
  std::uint32_t behind = static_cast<std::uint32_t>(blocks.size());  // the next free vec4
  std::vector<Vector> places;
  for (const auto& block : blocks) {
    const std::uint32_t first = behind;
    behind += kDriveVectors * static_cast<std::uint32_t>(block.size());
    places.push_back({first, behind, 0U, 0U});
  }
  // many drives have one table
  std::map<Table, std::uint32_t> table_at;
  std::vector<Vector> tables;
  for (const model::CompiledDrive& d : drives) {
    if (table_at.emplace(d.cumulative, behind + static_cast<std::uint32_t>(tables.size())).second) {
      append_table(tables, d.cumulative);
    }
  }
  std::vector<Vector> all;
  for (std::size_t m = 0; m < firsts.size(); ++m) {
    const std::uint32_t end = m + 1U < firsts.size() ? firsts[m + 1U] : neuron_count;
    all.push_back({firsts[m], end - firsts[m], 0U, 0U});
  }
  all.insert(all.end(), places.begin(), places.end());
  for (const auto& block : blocks) {
    for (const std::uint32_t d : block) {
      append_drive(all, drives[d], table_at.at(drives[d].cumulative));
    }
  }
  all.insert(all.end(), tables.begin(), tables.end());
  std::vector<std::uint32_t> words;
  for (const Vector& vector : all) {
    words.insert(words.end(), vector.begin(), vector.end());
  }
  return words;
}

}  // namespace rheobase::wgpu
