// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "network/rules/voxel_rule.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

constexpr std::int64_t kFar = std::int64_t{1} << 40;

/// One element of a pattern: an inclusive range, absolute or relative to the source coordinate.
struct Element {
  bool relative = false;
  bool except_source = false;  ///< "!"
  std::int64_t low = -kFar, high = kFar;

  [[nodiscard]] bool matches_source(std::uint32_t s) const {
    return relative || (low <= s && s <= high);
  }
  [[nodiscard]] std::vector<std::uint32_t> targets(std::uint32_t s, std::uint32_t size) const {
    const std::int64_t shift = relative ? s : 0;
    const std::int64_t from = std::max<std::int64_t>(low + shift, 0);
    const std::int64_t to = std::min<std::int64_t>(high + shift, std::int64_t{size} - 1);
    std::vector<std::uint32_t> list;
    for (std::int64_t t = from; t <= to; ++t) {
      if (!except_source || t != s) {
        list.push_back(static_cast<std::uint32_t>(t));
      }
    }
    return list;
  }
};

/// A whole number that ends the text, of a size that coordinates can have.
std::optional<std::int64_t> number_in(std::string_view text) {
  constexpr std::int64_t kMost = std::int64_t{1} << 32;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && value <= kMost &&
                 value >= -kMost
             ? std::optional<std::int64_t>(value)
             : std::nullopt;
}

/// "?+N", "?-N", "?" as an offset from the source.
std::optional<std::int64_t> offset_in(std::string_view text) {
  if (text == "?") {
    return 0;
  }
  if (text.size() < 3 || text[0] != '?' || (text[1] != '+' && text[1] != '-')) {
    return std::nullopt;
  }
  const auto size = number_in(text.substr(2));
  if (!size || *size < 0) {
    return std::nullopt;
  }
  return text[1] == '-' ? -*size : *size;
}

[[noreturn]] void refuse(const std::string& text, const std::string& why) {
  throw Error(
      ErrorCode::invalid_argument,
      "pattern element " + quoted_name(text) + " cannot be read (" + why +
          "). Elements are an integer, *, ?, !, ?+, ?-, ?+=, ?-=, ?+N, ?-N, ?-A:?+B or N..M.");
}

Element element_of(const std::string& text) {
  if (text == "*") {
    return {};
  }
  if (text == "!") {
    return {true, true, -kFar, kFar};
  }
  if (text == "?+" || text == "?+=") {
    return {true, false, text == "?+" ? 1 : 0, kFar};
  }
  if (text == "?-" || text == "?-=") {
    return {true, false, -kFar, text == "?-" ? -1 : 0};
  }
  if (const auto offset = offset_in(text)) {
    return {true, false, *offset, *offset};
  }
  if (const std::size_t colon = text.find(':'); colon != std::string::npos) {
    const auto low = offset_in(std::string_view(text).substr(0, colon));
    const auto high = offset_in(std::string_view(text).substr(colon + 1));
    if (low && high) {
      return {true, false, *low, *high};
    }
    refuse(text, "a range has the form ?-A:?+B");
  }
  if (const std::size_t dots = text.find(".."); dots != std::string::npos) {
    const auto low = number_in(std::string_view(text).substr(0, dots));
    const auto high = number_in(std::string_view(text).substr(dots + 2));
    if (low && high && *low >= 0 && *high >= 0) {
      return {false, false, *low, *high};
    }
    refuse(text, "a range has the form N..M");
  }
  const auto value = number_in(text);
  if (!value) {
    refuse(text, "unknown notation");
  }
  if (*value < 0) {
    refuse(text, "coordinates are not negative");
  }
  return {false, false, *value, *value};
}

class Patterns final : public VoxelRule {
 public:
  explicit Patterns(const std::vector<Pattern>& list) {
    for (const Pattern& pattern : list) {
      Pair pair;
      for (unsigned a = 0; a < 3; ++a) {
        pair.source[a] = element_of(pattern.source[a]);
        pair.target[a] = element_of(pattern.target[a]);
      }
      pairs_.push_back(pair);
    }
  }

  [[nodiscard]] std::string describe() const override {
    return "patterns(" + number_text(pairs_.size()) + (pairs_.size() == 1 ? " pair)" : " pairs)");
  }

  void targets(Voxel s, Voxel /*from*/, Voxel to, std::vector<Voxel>& out) const override {
    const auto begin = static_cast<std::ptrdiff_t>(out.size());
    std::size_t matched = 0;
    for (const Pair& pair : pairs_) {
      bool matches = true;
      std::array<std::vector<std::uint32_t>, 3> coordinates;
      for (unsigned a = 0; a < 3; ++a) {
        matches = matches && pair.source[a].matches_source(axis(s, a));
      }
      for (unsigned a = 0; a < 3 && matches; ++a) {
        coordinates[a] = pair.target[a].targets(axis(s, a), axis(to, a));
      }
      if (matches) {
        append_product(coordinates, out);
        ++matched;
      }
    }
    // the union of several pairs is sorted; one pair is sorted already
    if (matched > 1) {
      std::sort(out.begin() + begin, out.end());
      out.erase(std::unique(out.begin() + begin, out.end()), out.end());
    }
  }

 private:
  struct Pair {
    std::array<Element, 3> source, target;
  };
  std::vector<Pair> pairs_;
};

}  // namespace

ConnectionRule patterns(const std::vector<Pattern>& list) {
  return ConnectionRule(std::make_shared<Patterns>(list));
}

}  // namespace rheobase
