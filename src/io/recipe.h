// SPDX-License-Identifier: Apache-2.0
/// \file
/// Network recipes: populations, connections and drives as JSON. \see
/// docs/formats/network-recipe.md
#pragma once

#include <string>

#include "io/json_text.h"
#include "rheobase/load.h"

namespace rheobase::recipe {

inline constexpr const char* kFormat = "rheobase-network";
inline constexpr int kVersion = 1;

/// True if the tree names the format.
[[nodiscard]] bool is_recipe(const Json& root);

/// The network of a recipe. `options.wiring_seed` is used where the recipe has none of its own.
/// \throws Error invalid_file naming path, entry and key.
[[nodiscard]] Brain build(const Json& root, const std::string& path, const LoadOptions& options);

/// Reads all of a recipe without building it. \throws Error as `build` does.
[[nodiscard]] ImportReport check(const Json& root, const std::string& path);

}  // namespace rheobase::recipe
