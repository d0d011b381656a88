// SPDX-License-Identifier: Apache-2.0
/// \file
/// Points of neurons, sorted into a tree of boxes.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <vector>

namespace rheobase {

using Point = std::array<float, 3>;

/// All points from `low` to `high`.
struct Box {
  Point low{}, high{};

  void add(const Box& other) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      low[axis] = std::min(low[axis], other.low[axis]);
      high[axis] = std::max(high[axis], other.high[axis]);
    }
  }
  [[nodiscard]] float longest_side() const {
    return std::max({high[0] - low[0], high[1] - low[1], high[2] - low[2]});
  }
};

/// Distances along the first axes of points, straight or around. Bounds of boxes and distances of
/// points are rounded the same way, so that no point of a box is nearer or farther than the box
/// says.
template <std::size_t kAxes, bool kPeriodic>
class Metric {
 public:
  /// Points are from 0 to below the extent, if periodic; an extent of 0 leaves an axis straight.
  explicit Metric(Point extent) : extent_(extent) {
    for (float& around : extent_) {
      around = around > 0.0F ? around : std::numeric_limits<float>::max();
    }
  }

  [[nodiscard]] float squared(const Point& a, const Point& b) const {
    float sum = 0.0F;
    for (std::size_t axis = 0; axis < kAxes; ++axis) {
      float d = std::max(a[axis] - b[axis], b[axis] - a[axis]);
      if constexpr (kPeriodic) {
        d = std::min(d, extent_[axis] - d);
      }
      sum += d * d;
    }
    return sum;
  }

  struct Range {
    float least = 0.0F, most = 0.0F;
  };
  /// Squared distances from points of one box to those of another.
  [[nodiscard]] Range squared(const Box& a, const Box& b) const {
    Range sum;
    for (std::size_t axis = 0; axis < kAxes; ++axis) {
      const float gap =
          std::max(0.0F, std::max(b.low[axis] - a.high[axis], a.low[axis] - b.high[axis]));
      const float end = std::max(b.high[axis] - a.low[axis], a.high[axis] - b.low[axis]);
      float near = gap;
      float far = end;
      if constexpr (kPeriodic) {
        const float around = extent_[axis];
        const float half = around * 0.5F;
        near = std::min(gap, around - end);
        // where the box reaches half around, nothing is farther than that; behind it, its beginning
        far = std::min(end, half);
        far = gap >= half ? around - gap : far;
      }
      sum.least += near * near;
      sum.most += far * far;
    }
    return sum;
  }

 private:
  Point extent_;
};

/// Neurons in the order of a curve that fills space, and boxes around stretches of that order.
class PointTree {
 public:
  struct Node {
    Box box;
    std::uint32_t first = 0, count = 0;  ///< of the order
    std::uint32_t right = 0;             ///< its second child, the first follows it; 0: it has none
  };

  explicit PointTree(const std::vector<Point>& points);

  [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }  ///< empty without points
  [[nodiscard]] const Point& point(std::uint32_t i) const { return points_[i]; }
  [[nodiscard]] std::uint32_t neuron(std::uint32_t i) const { return neurons_[i]; }

 private:
  /// `keys`: place along the curve, then neuron. `bit`: the highest in which places may differ.
  void add(const std::vector<std::uint64_t>& keys, std::uint32_t first, std::uint32_t end, int bit);

  std::vector<Node> nodes_;
  std::vector<Point> points_;
  std::vector<std::uint32_t> neurons_;
};

}  // namespace rheobase
