// SPDX-License-Identifier: Apache-2.0
#include "server/random_id.h"

#include <random>
#include <string_view>

namespace rheobase::server {

std::string random_letters(std::size_t count) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::random_device source;
  std::string text;
  while (text.size() < count) {
    // 62 of 64: the others are drawn again, so that all are equally likely
    const std::size_t drawn = source() & 63U;
    if (drawn < kLetters.size()) {
      text += kLetters[drawn];
    }
  }
  return text;
}

std::string random_uuid() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx";
  std::random_device source;
  for (char& c : text) {
    if (c == 'x') {
      c = kDigits[source() & 15U];
    }
  }
  return text;
}

}  // namespace rheobase::server
