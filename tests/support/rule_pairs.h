// SPDX-License-Identifier: Apache-2.0
/// \file
/// Runs a connection rule by itself and shows its pairs.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "network/connection_rule.h"
#include "rheobase/error.h"

namespace rheobase::test {

/// (source, target) by index within the areas, in the order of creation.
using Pairs = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

inline AreaShape shape_of(Voxel size, std::uint32_t per_voxel = 1) {
  return {size, per_voxel, size.x * size.y * size.z * per_voxel};
}

/// Two areas that are rows of voxels.
inline RuleContext row_context(std::uint32_t sources, std::uint32_t targets,
                               bool same_area = false) {
  return {shape_of({sources, 1, 1}), shape_of({targets, 1, 1}), same_area, 0, 0};
}

inline Pairs pairs_of(const ConnectionRule& rule, const RuleContext& context) {
  class Collector final : public PairSink {
   public:
    void row(std::uint32_t source, std::span<const std::uint32_t> targets) override {
      for (const std::uint32_t target : targets) {
        pairs.emplace_back(source, target);
      }
    }
    void column(std::uint32_t target, std::span<const std::uint32_t> sources) override {
      for (const std::uint32_t source : sources) {
        pairs.emplace_back(source, target);
      }
    }
    Pairs pairs;
  } collector;
  rule.implementation().check(context);
  rule.implementation().for_each(context, collector);
  return collector.pairs;
}

/// The message with which a rule refuses the shapes as invalid_argument; empty if it does not.
inline std::string refusal_of(const ConnectionRule& rule, const RuleContext& context) {
  try {
    (void)pairs_of(rule, context);
  } catch (const Error& error) {
    return error.code() == ErrorCode::invalid_argument ? error.what() : "";
  }
  return "";
}

inline std::ptrdiff_t position(const Pairs& pairs, const Pairs::value_type& pair) {
  return std::find(pairs.begin(), pairs.end(), pair) - pairs.begin();
}

}  // namespace rheobase::test
