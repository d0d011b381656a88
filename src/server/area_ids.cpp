// SPDX-License-Identifier: Apache-2.0
#include "server/area_ids.h"

#include <algorithm>

#include "io/base64.h"
#include "rheobase/text.h"

namespace rheobase::server {

std::string free_id(const Document& document, char kind, const std::string& name) {
  constexpr std::size_t kLetters = 6;
  std::string head(1, kind);
  for (const char c : name.substr(0, kLetters)) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    head += letter ? c : '_';
  }
  head.resize(1 + kLetters, '_');
  for (unsigned i = 0; i < 256; ++i) {
    // printable ones first
    const std::string id = base64_of(head + static_cast<char>((i + '0') & 255U));
    if (document.find(id) == nullptr) {
      return id;
    }
  }
  throw Error(ErrorCode::out_of_range, "256 areas have names that begin like " + quoted_name(name) +
                                           ". Choose another name.");
}

std::string free_name(const Document& document, const std::string& name) {
  const auto taken = [&](const std::string& wanted) {
    return std::any_of(document.areas().begin(), document.areas().end(),
                       [&](const GenomeArea& area) { return area.name() == wanted; });
  };
  std::string free = name;
  for (int i = 2; taken(free); ++i) {
    free = name + " (" + number_text(i) + ")";
  }
  return free;
}

}  // namespace rheobase::server
