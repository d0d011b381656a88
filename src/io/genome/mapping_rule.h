// SPDX-License-Identifier: Apache-2.0
/// \file
/// The rules of a mapping from one area to another, in each of the forms in which genomes hold
/// them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/genome/document.h"

namespace rheobase::genome {

struct MappingRule {
  std::string morphology;  ///< by its present name
  float weight = 1.0F;     ///< signed
  std::uint32_t delay = 1;
  std::optional<std::uint32_t> attractivity;  ///< percent; none = all
  bool plastic = false;
  std::string refused;  ///< why FEAGI does not grow the rule; empty if it does
  bool broken = false;  ///< left out by skip_broken, and reported
  /// What FEAGI drops together with a refused rule.
  enum class Drops : std::uint8_t { rule, rest_of_mapping, rest_of_area } drops = Drops::rule;
};

struct Mapping {
  std::string destination_text;  ///< as written
  CorticalId destination{};
  std::vector<MappingRule> rules;  ///< in the order of the file
};

/// The mappings of an area, sorted by the base64 of their destinations. \throws Error invalid_file.
[[nodiscard]] std::vector<Mapping> read_mappings(const AreaRecord& record, const Document& document,
                                                 Reading& reading);

/// What stands at a destination: a list of rules, or in old files a rule without a list around it.
struct RuleList {
  std::vector<const Json*> rules;  ///< in the order of the file
  std::string remark;              ///< how it was read if it is no list; else empty
  bool readable = true;
};
[[nodiscard]] RuleList rules_in(const Json& value);

/// A rule as an object with the keys of the current schema; other forms are rewritten, objects keep
/// all their keys.
[[nodiscard]] Json rule_object(const Json& rule);

}  // namespace rheobase::genome
