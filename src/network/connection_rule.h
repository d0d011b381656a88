// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a connection rule is to the builder. Implementations: src/network/rules/.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "rheobase/connect.h"

namespace rheobase {

/// Shape of an area, as rules see it, and which of its neurons take part.
struct AreaShape {
  Voxel size;
  std::uint32_t neurons_per_voxel = 1;
  std::uint32_t count = 0;                  ///< neurons that take part; all of a whole area
  std::uint32_t first = 0;                  ///< index within the area of the first of them …
  std::span<const std::uint32_t> places{};  ///< … or, if not empty, the index of each

  /// Index within the area of the i-th that takes part.
  [[nodiscard]] std::uint32_t place(std::uint32_t i) const {
    return places.empty() ? first + i : places[i];
  }
  /// Neurons of the whole area.
  [[nodiscard]] std::uint32_t entire() const {
    return size.x * size.y * size.z * neurons_per_voxel;
  }
  [[nodiscard]] bool is_whole() const { return places.empty() && first == 0 && count == entire(); }
};

/// Index within the area of copy `copy` of a voxel: x outermost, then y, then z, innermost the
/// copies.
inline std::uint32_t index_of(const AreaShape& shape, Voxel v, std::uint32_t copy) {
  return ((v.x * shape.size.y + v.y) * shape.size.z + v.z) * shape.neurons_per_voxel + copy;
}
inline Voxel voxel_at(const AreaShape& shape, std::uint32_t index) {
  const std::uint32_t v = index / shape.neurons_per_voxel;
  return {v / shape.size.z / shape.size.y, v / shape.size.z % shape.size.y, v % shape.size.z};
}

/// Which neurons are both source and target, where lists say which take part.
struct Selves {
  static constexpr std::uint32_t kNone = 0xFFFFFFFFU;
  std::span<const std::uint32_t> target_of, source_of;  ///< by index among the others; or kNone
  std::span<const std::uint32_t>
      before;  ///< of each source, and behind the last: how many have one
};

struct RuleContext {
  AreaShape pre, post;
  bool same_area = false;    ///< pre and post are of one area (autapses are possible)
  std::uint64_t seed = 0;    ///< wiring seed
  std::uint32_t stream = 0;  ///< number of the connection; tells the draws of connections apart
  /// Only pairs of the owners first_owner .. last_owner - 1. \see RuleImplementation::owners
  std::uint32_t first_owner = 0, last_owner = 0xFFFFFFFFU;
  const Selves* selves = nullptr;  ///< where same_area, and not both are without places
};

/// The target that is the same neuron as a source, or Selves::kNone.
inline std::uint32_t own_target(const RuleContext& c, std::uint32_t source) {
  if (!c.same_area) {
    return Selves::kNone;
  }
  if (c.selves != nullptr) {
    return c.selves->target_of[source];
  }
  const std::uint32_t target = c.pre.first + source - c.post.first;  // wraps below
  return target < c.post.count ? target : Selves::kNone;
}
inline std::uint32_t own_source(const RuleContext& c, std::uint32_t target) {
  if (!c.same_area) {
    return Selves::kNone;
  }
  if (c.selves != nullptr) {
    return c.selves->source_of[target];
  }
  const std::uint32_t source = c.post.first + target - c.pre.first;
  return source < c.pre.count ? source : Selves::kNone;
}
/// How many of the sources begin .. end - 1 are targets, too.
inline std::uint32_t selves_among(const RuleContext& c, std::uint32_t begin, std::uint32_t end) {
  if (!c.same_area) {
    return 0;
  }
  if (c.selves != nullptr) {
    return c.selves->before[end] - c.selves->before[begin];
  }
  const auto low = std::max<std::uint64_t>(std::uint64_t{c.pre.first} + begin, c.post.first);
  const auto high =
      std::min(std::uint64_t{c.pre.first} + end, std::uint64_t{c.post.first} + c.post.count);
  return high > low ? static_cast<std::uint32_t>(high - low) : 0U;
}

/// Receives pairs of indices within the areas. A rule calls it in a fixed order.
class PairSink {
 public:
  virtual ~PairSink() = default;
  /// One source to many targets. A target that stands twice makes two synapses.
  virtual void row(std::uint32_t source, std::span<const std::uint32_t> targets) = 0;
  /// Many sources to one target.
  virtual void column(std::uint32_t target, std::span<const std::uint32_t> sources) = 0;
};

/// A rule. Must be pure: the builder runs it twice, to count and to fill, and expects the same
/// pairs.
class RuleImplementation {
 public:
  virtual ~RuleImplementation() = default;
  [[nodiscard]] virtual std::string describe() const = 0;
  /// \throws Error invalid_argument if the shapes do not fit the rule.
  virtual void check(const RuleContext& /*context*/) const {}
  /// Called with shapes that fit.
  virtual void for_each(const RuleContext& context, PairSink& sink) const = 0;
  /// Neurons whose pairs can be made apart from those of others, in the order of their indices: the
  /// sources of rows, or the targets of columns. Their pairs come one after the other, in the same
  /// order whichever other owners are asked for. 0: only all together.
  [[nodiscard]] virtual std::uint32_t owners(const RuleContext& /*context*/) const { return 0; }
  /// How many targets each source has, if it is the same for all and needs no draw.
  [[nodiscard]] virtual std::optional<std::uint32_t> outdegree(const RuleContext& /*c*/) const {
    return std::nullopt;
  }
  /// About how many pairs it makes, so that what cannot fit is refused before it is counted; 0: not
  /// known beforehand.
  [[nodiscard]] virtual double expected_pairs(const RuleContext& /*context*/) const { return 0.0; }
};

}  // namespace rheobase
