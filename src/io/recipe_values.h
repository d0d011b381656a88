// SPDX-License-Identifier: Apache-2.0
/// \file
/// Values of populations as recipes write them: numbers, arrays, distributions.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "io/json_text.h"
#include "rheobase/model.h"

namespace rheobase::recipe {

/// {"normal": [-60, 5], "within": [-70, -50], "step": 0.5}. \throws Error invalid_file.
[[nodiscard]] Distribution read_distribution(const Json& object, const std::string& place);

/// A number, an array of numbers, or a distribution. \throws Error invalid_file.
[[nodiscard]] ModelValue read_value(std::string name, const Json& value, const std::string& place);

/// {"name": value, …}, all of them. \throws Error invalid_file.
[[nodiscard]] std::vector<ModelValue> read_values(const Json& object, const std::string& place);

/// A key of a recipe, and the value of AreaSpec::values that it stands for.
using ValueName = std::pair<const char*, const char*>;

/// Takes out of `object` what is no one number for all neurons: arrays, distributions, and the key
/// `always`, whatever it holds. \throws Error invalid_file.
[[nodiscard]] std::vector<ModelValue> take_values(Json& object, std::span<const ValueName> names,
                                                  const std::string& always,
                                                  const std::string& place);

}  // namespace rheobase::recipe
