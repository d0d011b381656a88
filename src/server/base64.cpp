// SPDX-License-Identifier: Apache-2.0
#include "server/base64.h"

#include <cstdint>

namespace rheobase::server {
namespace {

constexpr std::string_view kLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string base64_of(std::string_view bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t n = bytes.size() - i < 3 ? bytes.size() - i : 3;
    std::uint32_t word = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      word = word << 8U | (j < n ? static_cast<std::uint8_t>(bytes[i + j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      text += j <= n ? kLetters[word >> (18U - 6U * j) & 63U] : '=';
    }
  }
  return text;
}

std::optional<std::string> bytes_of_base64(std::string_view text) {
  if (text.size() % 4 != 0) {
    return std::nullopt;
  }
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 4) {
    std::uint32_t word = 0;
    std::size_t padding = 0;
    for (const char c : text.substr(i, 4)) {
      const std::size_t digit = kLetters.find(c);
      if (c == '=' && i + 4 == text.size() && padding < 2) {
        ++padding;
      } else if (digit == std::string_view::npos || padding != 0) {
        return std::nullopt;
      }
      word = word << 6U | static_cast<std::uint32_t>(c == '=' ? 0U : digit);
    }
    if (padding != 0 && (text[i + 1] == '=' || text[i] == '=')) {
      return std::nullopt;
    }
    for (std::size_t j = 0; j + padding < 3; ++j) {
      bytes += static_cast<char>(word >> (16U - 8U * j) & 255U);
    }
  }
  return bytes;
}

}  // namespace rheobase::server
