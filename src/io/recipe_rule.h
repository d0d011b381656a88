// SPDX-License-Identifier: Apache-2.0
/// \file
/// Connection rules and rules of the step as recipes write them.
#pragma once

#include <vector>

#include "io/object_reader.h"
#include "rheobase/connect.h"
#include "rheobase/rules.h"

namespace rheobase::recipe {

/// {"name": "fixed_indegree", "indegree": 100, …}. \throws Error invalid_file.
[[nodiscard]] ConnectionRule read_connection_rule(const Json& object, const std::string& place);

/// The rest of {"name": "distance_probability", "kernel": {"name": "gaussian", "sigma": 5}, …}.
/// \throws Error invalid_file, or invalid_argument as the rule.
[[nodiscard]] ConnectionRule read_distance_rule(ObjectReader& reader);

/// An array of indices. \throws Error invalid_file.
[[nodiscard]] std::vector<std::uint32_t> index_list(ObjectReader& reader, const char* key);

/// The name of a profile, or an object of fields of `Rules`. \throws Error invalid_file.
[[nodiscard]] Rules read_step_rules(const Json& value, const std::string& place);

}  // namespace rheobase::recipe
