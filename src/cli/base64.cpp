// SPDX-License-Identifier: Apache-2.0
#include "cli/base64.h"

#include <array>
#include <string_view>

namespace rheobase::cli {
namespace {

constexpr std::uint8_t kNoLetter = 64;

constexpr std::array<std::uint8_t, 256> values_of_letters() {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoLetter);
  for (std::size_t i = 0; i < kLetters.size(); ++i) {
    values[static_cast<unsigned char>(kLetters[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

}  // namespace

std::optional<std::vector<std::uint8_t>> bytes_of_base64(std::string_view text) {
  static constexpr auto kValues = values_of_letters();
  if (text.size() % 4 != 0) {
    return std::nullopt;
  }
  const std::size_t whole = text.find_last_not_of('=') + 1;  // 0 if there is no letter
  const std::size_t padding = text.size() - whole;
  if (padding > 2) {
    return std::nullopt;
  }
  std::vector<std::uint8_t> bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::uint8_t value =
        i < whole ? kValues[static_cast<unsigned char>(text[i])] : std::uint8_t{0};
    if (value == kNoLetter) {
      return std::nullopt;
    }
    bits = (bits << 6U) | value;
    if (i % 4 == 3) {
      bytes.push_back(static_cast<std::uint8_t>(bits >> 16U));
      bytes.push_back(static_cast<std::uint8_t>(bits >> 8U));
      bytes.push_back(static_cast<std::uint8_t>(bits));
      bits = 0;
    }
  }
  bytes.resize(bytes.size() - padding);
  return bytes;
}

}  // namespace rheobase::cli
