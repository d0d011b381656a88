// SPDX-License-Identifier: Apache-2.0
#include "platform/nearest.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace rheobase {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Edits (insert, drop, replace, swap of neighbours) that turn one text into the other; case costs
/// nothing.
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) {
    row[j] = j;
  }
  const auto same = [&](std::size_t i, std::size_t j) { return lower(a[i]) == lower(b[j]); };
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before = std::exchange(last, std::exchange(row, std::vector<std::size_t>(b.size() + 1, i)));
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same(i - 1, j - 1) ? 0 : 1)});
      if (i > 1 && j > 1 && same(i - 1, j - 2) && same(i - 2, j - 1)) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
  }
  return row.back();
}

}  // namespace

std::string_view nearest(std::string_view text, std::span<const std::string_view> names) {
  std::string_view best;
  std::size_t least = 3;
  if (text.size() > 100) {
    return best;  // no name is as long
  }
  for (const std::string_view name : names) {
    const std::size_t edits = edits_between(text, name);
    if (edits < least && edits * 2 <= name.size()) {
      least = edits;
      best = name;
    }
  }
  return best;
}

}  // namespace rheobase
