// SPDX-License-Identifier: Apache-2.0
#include "network/rules/point_tree.h"

namespace rheobase {
namespace {

constexpr std::uint32_t kMostOfALeaf = 4;

/// Which of so many cells of an axis; the rest of a cell is told apart by the neurons' indices.
std::uint32_t cell_of(float x, float low, float width, std::uint32_t cells) {
  if (!(width > 0.0F)) {
    return 0;
  }
  const double share = (static_cast<double>(x) - static_cast<double>(low)) /
                       static_cast<double>(width) * static_cast<double>(cells);
  return share < 1.0 ? 0U : std::min(static_cast<std::uint32_t>(share), cells - 1U);
}

}  // namespace

PointTree::PointTree(const std::vector<Point>& points) {
  if (points.empty()) {
    return;
  }
  Box all{points.front(), points.front()};
  for (const Point& p : points) {
    all.add({p, p});
  }
  const auto& [low, high] = all;
  std::array<std::size_t, 3> used{};
  std::size_t axes = 0;
  float width = 0.0F;  // cells are cubes
  for (std::size_t axis = 0; axis < 3; ++axis) {
    width = std::max(width, high[axis] - low[axis]);
    if (high[axis] > low[axis]) {
      used[axes++] = axis;
    }
  }
  // a place along the curve has the bits of all axes in turn
  const int bits = axes == 0 ? 0 : 30 / static_cast<int>(axes);
  std::vector<std::uint64_t> keys(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    std::uint64_t place = 0;
    for (std::size_t a = 0; a < axes; ++a) {
      const std::size_t axis = used[a];
      const std::uint32_t cell = cell_of(points[i][axis], low[axis], width, 1U << bits);
      for (int bit = 0; bit < bits; ++bit) {
        place |= std::uint64_t{cell >> bit & 1U} << (static_cast<std::size_t>(bit) * axes + a);
      }
    }
    keys[i] = place << 32U | i;
  }
  std::sort(keys.begin(), keys.end());
  points_.reserve(points.size());
  neurons_.reserve(points.size());
  for (const std::uint64_t key : keys) {
    neurons_.push_back(static_cast<std::uint32_t>(key));
    points_.push_back(points[neurons_.back()]);
  }
  add(keys, 0, static_cast<std::uint32_t>(points.size()), 63);
}

void PointTree::add(const std::vector<std::uint64_t>& keys, std::uint32_t first, std::uint32_t end,
                    int bit) {
  const std::size_t here = nodes_.size();
  nodes_.push_back({{points_[first], points_[first]}, first, end - first, 0});
  if (end - first > kMostOfALeaf) {
    // at the highest bit in which they differ; neurons of one place, at one of their indices
    while ((keys[first] >> bit) == (keys[end - 1U] >> bit)) {
      --bit;
    }
    const std::uint64_t border = keys[end - 1U] >> bit << bit;
    const auto middle = static_cast<std::uint32_t>(
        std::lower_bound(keys.begin() + first, keys.begin() + end, border) - keys.begin());
    add(keys, first, middle, bit);
    nodes_[here].right = static_cast<std::uint32_t>(nodes_.size());
    add(keys, middle, end, bit);
    nodes_[here].box = nodes_[here + 1U].box;
    nodes_[here].box.add(nodes_[nodes_[here].right].box);
    return;
  }
  for (std::uint32_t i = first; i < end; ++i) {
    nodes_[here].box.add({points_[i], points_[i]});
  }
}

}  // namespace rheobase
