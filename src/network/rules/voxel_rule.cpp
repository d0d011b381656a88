// SPDX-License-Identifier: Apache-2.0
#include "network/rules/voxel_rule.h"

#include "rheobase/error.h"

namespace rheobase {

void require_whole_areas(const RuleImplementation& rule, const RuleContext& context) {
  if (!context.pre.is_whole() || !context.post.is_whole()) {
    throw Error(ErrorCode::invalid_argument,
                rule.describe() +
                    " connects voxels of whole areas (a part of one was given). Use a rule between "
                    "neurons, or make the part an area of its own.");
  }
}

void VoxelRule::for_each(const RuleContext& context, PairSink& sink) const {
  const AreaShape& pre = context.pre;
  const AreaShape& post = context.post;
  std::vector<Voxel> voxels;
  std::vector<std::uint32_t> ids;
  for (std::uint32_t first = 0; first < pre.count; first += pre.neurons_per_voxel) {
    voxels.clear();
    targets(voxel_at(pre, first), pre.size, post.size, voxels);
    ids.clear();
    for (const Voxel& t : voxels) {
      ids.push_back(index_of(post, t, post.neurons_per_voxel - 1));
    }
    for (std::uint32_t copy = 0; copy < pre.neurons_per_voxel && !ids.empty(); ++copy) {
      sink.row(first + copy, ids);
    }
  }
}

void append_product(const std::array<std::vector<std::uint32_t>, 3>& coordinates,
                    std::vector<Voxel>& out) {
  for (const std::uint32_t x : coordinates[0]) {
    for (const std::uint32_t y : coordinates[1]) {
      for (const std::uint32_t z : coordinates[2]) {
        out.push_back({x, y, z});
      }
    }
  }
}

std::vector<std::uint32_t> projected(std::uint32_t s, std::uint32_t from, std::uint32_t to) {
  // FEAGI divides in f32; so do we
  if (from == to) {
    return {s};
  }
  if (from > to) {
    const float ratio = static_cast<float>(from) / static_cast<float>(to);
    const auto t = static_cast<std::uint32_t>(static_cast<float>(s) / ratio);
    return t < to ? std::vector<std::uint32_t>{t} : std::vector<std::uint32_t>{};
  }
  const float ratio = static_cast<float>(to) / static_cast<float>(from);
  std::vector<std::uint32_t> list;
  // candidates around s * ratio; the test itself decides
  const std::uint64_t guess = std::uint64_t{s} * to / from;
  const std::uint64_t width = to / from + 3;
  const std::uint64_t begin = guess > width ? guess - width : 0;
  for (std::uint64_t d = begin; d < to && d <= guess + 2 * width; ++d) {
    if (static_cast<std::uint32_t>(static_cast<float>(d) / ratio) == s) {
      list.push_back(static_cast<std::uint32_t>(d));
    }
  }
  return list;
}

}  // namespace rheobase
