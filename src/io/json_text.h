// SPDX-License-Identifier: Apache-2.0
/// \file
/// Strict JSON: text to a tree that keeps the order of keys, with errors that say where.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace rheobase {

using Json = nlohmann::ordered_json;

/// Parses `text`. Duplicate keys, NaN, infinities, numbers beyond f64, truncation and nesting
/// deeper than 200 are refused. \throws Error invalid_file naming `path`, line and column.
[[nodiscard]] Json parse_json(const std::string& text, const std::string& path);

/// The text of a tree, indented by two blanks, with a final newline. Equal trees give equal bytes.
[[nodiscard]] std::string json_text(const Json& tree);

/// The integer, if the value is one of 32 bits with a sign, its least value excepted.
[[nodiscard]] std::optional<std::int32_t> int32_of(const Json& value);

/// "text", "an integer", "an array", … for messages.
[[nodiscard]] std::string kind_of(const Json& value);

/// A value in short, for messages: at most 60 characters.
[[nodiscard]] std::string excerpt_of(const Json& value);

}  // namespace rheobase
