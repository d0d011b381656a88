// SPDX-License-Identifier: Apache-2.0
/// \file
/// How names and numbers stand in messages, tables and files: the same on every machine and under
/// every locale, and harmless to a terminal whatever a stranger's file holds.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "rheobase/export.h"

namespace rheobase {

/// Text on one line in which nothing acts on a terminal: control characters, marks that change
/// the direction of writing, invisible characters and bytes that are no UTF-8 are spelled out
/// (`\n`, `\x1b`, `\u202e`). Beyond `most` characters it is cut and ends in "…".
[[nodiscard]] RHEOBASE_API std::string shown(
    std::string_view text, std::size_t most = std::numeric_limits<std::size_t>::max());

/// A name or a value that came from a file or a user, for a message: as `shown`, at most 80
/// characters, between single quotes.
[[nodiscard]] RHEOBASE_API std::string quoted_name(std::string_view name);

/// Columns that a text takes: its characters (code points).
[[nodiscard]] RHEOBASE_API std::size_t columns_of(std::string_view text);

/// The shortest decimal number that reads back as the same value: 20, 0.1, 1e-30, inf, nan.
[[nodiscard]] RHEOBASE_API std::string number_text(double value);
[[nodiscard]] RHEOBASE_API std::string number_text(float value);
[[nodiscard]] RHEOBASE_API std::string number_text(std::int64_t value);
[[nodiscard]] RHEOBASE_API std::string number_text(std::uint64_t value);
template <std::integral Integer>
requires(!std::same_as<Integer, bool> && !std::same_as<Integer, std::int64_t> &&
         !std::same_as<Integer, std::uint64_t>) [[nodiscard]] std::string
    number_text(Integer value) {
  if constexpr (std::is_signed_v<Integer>) {
    return number_text(static_cast<std::int64_t>(value));
  } else {
    return number_text(static_cast<std::uint64_t>(value));
  }
}

/// With at most so many digits that count, for what a reader needs not to the last bit:
/// rounded_text(0.1 + 0.2) is "0.3".
[[nodiscard]] RHEOBASE_API std::string rounded_text(double value, int digits = 9);

/// With so many decimals, as tables want them: fixed_text(2, 1) is "2.0".
[[nodiscard]] RHEOBASE_API std::string fixed_text(double value, int decimals);

/// The number that all of `text` spells with a decimal point, as Number rounds it: beyond
/// Number's range it is infinite, below its least value 0. "inf" and "nan" are numbers here.
/// Nothing if the text is no number; a leading "+" or blank makes it none.
template <std::floating_point Number>
[[nodiscard]] std::optional<Number> parse_number(std::string_view text) = delete;
template <>
[[nodiscard]] RHEOBASE_API std::optional<double> parse_number<double>(std::string_view text);
template <>
[[nodiscard]] RHEOBASE_API std::optional<float> parse_number<float>(std::string_view text);

/// "1.5 GB": at most one decimal, units of 1000.
[[nodiscard]] RHEOBASE_API std::string bytes_text(double bytes);

/// 16 hexadecimal digits, as signatures and hashes are written.
[[nodiscard]] RHEOBASE_API std::string hex_text(std::uint64_t value);

}  // namespace rheobase
