// SPDX-License-Identifier: Apache-2.0
/// \file
/// Connections whose probability falls with distance.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "rheobase/connect.h"
#include "rheobase/export.h"

namespace rheobase {

/// How a probability falls with the distance d: 1 at d = 0. Made by the functions of `kernels`.
struct DistanceKernel {
  enum class Shape : std::uint8_t { gaussian, exponential, linear, within };
  Shape shape = Shape::within;
  double scale = 1.0;  ///< sigma, length, reach or radius
};

namespace kernels {

/// exp(-d^2 / (2 sigma^2)) (NEST: spatial_distributions.gaussian). \throws Error invalid_argument
/// unless the scale is above 0 and at most 1e12; so do the others.
[[nodiscard]] RHEOBASE_API DistanceKernel gaussian(double sigma);
/// exp(-d / length) (NEST: spatial_distributions.exponential with beta = length).
[[nodiscard]] RHEOBASE_API DistanceKernel exponential(double length);
/// 1 - d / reach, 0 from there on.
[[nodiscard]] RHEOBASE_API DistanceKernel linear(double reach);
/// 1 up to the radius, 0 beyond (NEST: a circular mask).
[[nodiscard]] RHEOBASE_API DistanceKernel within(double radius);

}  // namespace kernels

/// Points, one for each neuron of an area: `axes` coordinates (1 to 3) for each, in any unit of
/// length, finite, within +-1e12.
struct Positions {
  std::vector<double> coordinates;
  std::uint32_t axes = 3;
};

/// Between which points distances are measured.
struct DistanceOptions {
  bool autapses = true;
  /// No pair farther apart is connected.
  double max_distance = std::numeric_limits<double>::infinity();
  /// Without positions, a neuron is at the middle of its voxel: ((x + 1/2) px, (y + 1/2) py,
  /// (z + 1/2) pz) with these steps, each above 0. An axis on which both areas have one voxel
  /// counts for nothing.
  std::array<double, 3> pitch{1.0, 1.0, 1.0};
  std::array<double, 3> target_pitch{0.0, 0.0, 0.0};  ///< 0: as `pitch`
  /// One for each neuron of the whole source area, also where a part of it is connected.
  std::optional<Positions> positions{};
  std::optional<Positions> target_positions{};  ///< none: `positions`, where those are given
  /// Distances are measured around: an axis of length L ends where it begins, and no distance along
  /// it is above L / 2. Without positions, L is the size of the areas times the pitch.
  bool periodic = false;
  std::array<double, 3> extent{0.0, 0.0, 0.0};  ///< L for each axis of positions
};

/// Each pair independently with probability p * kernel(distance), 0 <= p <= 1 (NEST:
/// pairwise_bernoulli with a spatial distribution, edge_wrap: periodic). Neighbours are found by a
/// tree over the targets, so that the cost is that of the pairs that are made. Distances are in
/// single precision; a limit counts as reached up to a millionth beyond it, and a kernel below
/// 1e-10 counts as 0. Probabilities are met within 2^-31.
[[nodiscard]] RHEOBASE_API ConnectionRule distance_probability(DistanceKernel kernel,
                                                               double p = 1.0,
                                                               DistanceOptions options = {});

}  // namespace rheobase
