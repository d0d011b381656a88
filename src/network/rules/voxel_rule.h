// SPDX-License-Identifier: Apache-2.0
/// \file
/// Rules between voxels: a pure function from a source voxel to target voxels, and its adapter to
/// rows.
#pragma once

#include <vector>

#include "network/connection_rule.h"

namespace rheobase {

/// \throws Error invalid_argument if neurons of an area do not take part.
void require_whole_areas(const RuleImplementation& rule, const RuleContext& context);

class VoxelRule : public RuleImplementation {
 public:
  /// Appends the target voxels of source voxel `s`, each once, for areas of sizes `from` and `to`.
  virtual void targets(Voxel s, Voxel from, Voxel to, std::vector<Voxel>& out) const = 0;

  void check(const RuleContext& context) const final { require_whole_areas(*this, context); }

  /// Every copy in the source voxel sends; only the last copy of a target voxel receives.
  void for_each(const RuleContext& context, PairSink& sink) const final;
};

/// Coordinates by axis number.
inline std::uint32_t axis(const Voxel& v, unsigned a) {
  return a == 0 ? v.x : (a == 1 ? v.y : v.z);
}
inline std::uint32_t& axis(Voxel& v, unsigned a) { return a == 0 ? v.x : (a == 1 ? v.y : v.z); }

/// Appends the product of three coordinate lists, x outermost.
void append_product(const std::array<std::vector<std::uint32_t>, 3>& coordinates,
                    std::vector<Voxel>& out);

/// Coordinates along one axis that FEAGI's projector connects to `s`, for sizes from -> to.
[[nodiscard]] std::vector<std::uint32_t> projected(std::uint32_t s, std::uint32_t from,
                                                   std::uint32_t to);

}  // namespace rheobase
