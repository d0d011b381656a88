// SPDX-License-Identifier: Apache-2.0
/// \file
/// The texts that come with Rheobase, by name.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rheobase::language {

using BuiltIn = std::pair<std::string_view, std::string_view>;  ///< a name and its text

/// The text of that name. `kind`: "model", for instance.
/// \throws Error invalid_argument naming close matches.
[[nodiscard]] std::string_view find_built_in(std::span<const BuiltIn> all, std::string_view name,
                                             std::string_view kind);
[[nodiscard]] std::vector<std::string> names_of_built_in(std::span<const BuiltIn> all);

}  // namespace rheobase::language
