// SPDX-License-Identifier: Apache-2.0
/// \file
/// The neighbor_locator rules of genomes before 2.0 as morphologies of today.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "io/json_text.h"

namespace rheobase::genome {

/// An area as those rules see it: blocks in a box of space.
struct OldArea {
  std::string name;
  std::array<std::uint32_t, 3> blocks{1, 1, 1};
  std::array<double, 3> start{0, 0, 0};   ///< of its geometric boundaries
  std::array<double, 3> length{1, 1, 1};  ///< of its geometric boundaries
  std::optional<std::int64_t> layer;      ///< layer_index, from 1
};

/// What a rule became.
struct OldRule {
  std::string morphology;  ///< empty: it cannot be carried over
  Json definition;         ///< null for a morphology that FEAGI has itself
  std::string remark;      ///< what was assumed, or why it cannot be carried over
};

/// `rule` is "rule_5", `parameter` its value; none if the file does not define it.
[[nodiscard]] OldRule old_rule(const std::string& rule, std::optional<double> parameter,
                               const OldArea& source, const OldArea& target);

}  // namespace rheobase::genome
