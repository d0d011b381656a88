// SPDX-License-Identifier: Apache-2.0
/// \file
/// What rules have in common: their names in messages, and the end of their owners.
#pragma once

#include <algorithm>
#include <string>

#include "network/connection_rule.h"

namespace rheobase {

inline std::string flags_text(bool autapses, bool multapses) {
  return std::string(autapses ? "" : ", no autapses") + (multapses ? "" : ", no multapses");
}

inline std::uint32_t last_owner(const RuleContext& context, std::uint32_t owners) {
  return std::min(context.last_owner, owners);
}

}  // namespace rheobase
