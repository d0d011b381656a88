// SPDX-License-Identifier: Apache-2.0
/// \file
/// Strict JSON: text to a tree that keeps the order of keys, with errors that say where. This is
/// the program's only reader of JSON; the command line uses it too.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "io/what_is.h"
#include "rheobase/export.h"

namespace rheobase {

using Json = nlohmann::ordered_json;

/// Parses `text`. Duplicate keys, NaN, infinities, numbers beyond f64, truncation and nesting
/// deeper than 200 are refused. \throws Error invalid_file naming `path`, line and column.
[[nodiscard]] RHEOBASE_API Json parse_json(const std::string& text, const std::string& path);

/// The tree of a file. \throws Error io, and invalid_file also for another kind of file.
[[nodiscard]] RHEOBASE_API Json read_json_file(const std::string& path, const WantedFile& wanted);

/// The text of a tree, indented by two blanks, with a final newline. Equal trees give equal bytes.
[[nodiscard]] std::string json_text(const Json& tree);

/// The whole number, if the value is one from `least` to `most`. It may be written 1.0 or 1e2.
[[nodiscard]] RHEOBASE_API std::optional<std::uint64_t> whole_of(const Json& value,
                                                                 std::uint64_t least,
                                                                 std::uint64_t most);

/// The integer, if the value is one of 32 bits with a sign, its least value excepted.
[[nodiscard]] std::optional<std::int32_t> int32_of(const Json& value);

/// "text", "an integer", "an array", … for messages.
[[nodiscard]] RHEOBASE_API std::string kind_of(const Json& value);

/// A value in short, for messages: at most 60 characters.
[[nodiscard]] RHEOBASE_API std::string excerpt_of(const Json& value);

}  // namespace rheobase
