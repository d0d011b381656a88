// SPDX-License-Identifier: Apache-2.0
/// \file
/// The neighbor_locator rules of one genome, as its mappings refer to them.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "io/genome/document.h"
#include "io/genome/old_rule.h"

namespace rheobase::genome {

class OldRules {
 public:
  /// `root` holds neighbor_locator_rule, if anything does, and must outlive this.
  explicit OldRules(const Json& root) : root_(root) {}

  /// The morphology that stands for a rule between two areas; none, and reported, if there is none.
  [[nodiscard]] std::optional<std::string> morphology_of(const std::string& rule,
                                                         const std::string& parameter,
                                                         const OldArea& source,
                                                         const OldArea& target, Reading& reading);
  /// Puts the morphologies that were used into `morphologies`, and reports what was assumed.
  void finish(Json& morphologies, Reading& reading);

 private:
  [[nodiscard]] std::optional<double> value_of(const std::string& rule,
                                               const std::string& parameter);

  const Json& root_;
  std::map<std::string, Json> definitions_;
  std::map<std::string, std::vector<std::string>> remarks_;  ///< remark -> mappings
  std::set<std::string> used_;
};

/// Mappings of the first flat files name a rule and a parameter, ["rule_1", "param_1"]; they are
/// rewritten, and the morphologies that they need are added.
void rewrite_rule_references(Document& document, Reading& reading);

}  // namespace rheobase::genome
