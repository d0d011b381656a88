// SPDX-License-Identifier: Apache-2.0
/// \file
/// Base64 as RFC 4648 has it, with padding. All here, so that the program needs nothing of a shared
/// library that is not public.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rheobase {

inline constexpr std::string_view kBase64Letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

inline constexpr std::uint8_t kNoBase64Letter = 64;
/// Of each byte as a letter.
inline constexpr std::array<std::uint8_t, 256> kBase64Values = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoBase64Letter);
  for (std::size_t i = 0; i < kBase64Letters.size(); ++i) {
    values[static_cast<unsigned char>(kBase64Letters[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}();

[[nodiscard]] inline std::string base64_of(std::string_view bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t n = bytes.size() - i < 3 ? bytes.size() - i : 3;
    std::uint32_t word = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      word = word << 8U | (j < n ? static_cast<std::uint8_t>(bytes[i + j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      text += j <= n ? kBase64Letters[word >> (18U - 6U * j) & 63U] : '=';
    }
  }
  return text;
}

/// None if the text is not the base64 of anything: wrong letters, length or padding. By a table:
/// pictures come as base64 too.
template <class Bytes = std::string>
[[nodiscard]] std::optional<Bytes> bytes_of_base64(std::string_view text) {
  const std::size_t whole = text.find_last_not_of('=') + 1;  // 0 if there is no letter
  const std::size_t padding = text.size() - whole;
  if (text.size() % 4 != 0 || padding > 2) {
    return std::nullopt;
  }
  Bytes bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::uint8_t value =
        i < whole ? kBase64Values[static_cast<unsigned char>(text[i])] : std::uint8_t{0};
    if (value == kNoBase64Letter) {
      return std::nullopt;
    }
    bits = (bits << 6U) | value;
    if (i % 4 == 3) {
      for (const unsigned shift : {16U, 8U, 0U}) {
        bytes.push_back(static_cast<typename Bytes::value_type>(bits >> shift & 255U));
      }
      bits = 0;
    }
  }
  bytes.resize(bytes.size() - padding);
  return bytes;
}

}  // namespace rheobase
