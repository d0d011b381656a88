// SPDX-License-Identifier: Apache-2.0
#include "rheobase/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <locale>
#include <sstream>

namespace rheobase {
namespace {

constexpr std::size_t kMostOfName = 80;

struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 1;
  bool valid = false;
};

/// The code point at the start of `text`, which is not empty.
CodePoint first_of(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) {
    return {lead, 1, true};
  }
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) {
    return {lead, 1, false};
  }
  char32_t value = lead & (0xFFU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0U) != 0x80U) {
      return {lead, 1, false};
    }
    value = (value << 6U) | (next & 0x3FU);
  }
  constexpr std::array<char32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < kLeast[bytes] || value > 0x10FFFF || surrogate) {
    return {lead, 1, false};
  }
  return {value, bytes, true};
}

/// Whether a character does something instead of being seen (Unicode's categories Cc, Cf, Zl, Zp).
bool acts(char32_t c) {
  struct Range {
    char32_t first, last;
  };
  constexpr std::array<Range, 17> kActing{{{0x00, 0x1F},
                                           {0x7F, 0x9F},
                                           {0xAD, 0xAD},
                                           {0x600, 0x605},
                                           {0x61C, 0x61C},
                                           {0x6DD, 0x6DD},
                                           {0x70F, 0x70F},
                                           {0x8E2, 0x8E2},
                                           {0x180E, 0x180E},
                                           {0x200B, 0x200F},
                                           {0x2028, 0x202E},
                                           {0x2060, 0x206F},
                                           {0xFEFF, 0xFEFF},
                                           {0xFFF9, 0xFFFB},
                                           {0x13430, 0x1343F},
                                           {0x1D173, 0x1D17A},
                                           {0xE0000, 0xE0FFF}}};
  return std::any_of(kActing.begin(), kActing.end(),
                     [c](const Range& range) { return c >= range.first && c <= range.last; });
}

std::string spelled(const CodePoint& c) {
  switch (c.value) {
    case U'\n': return "\\n";
    case U'\t': return "\\t";
    case U'\r': return "\\r";
    default: break;
  }
  const auto value = static_cast<std::uint32_t>(c.value);
  return c.bytes == 1     ? fmt::format("\\x{:02x}", value)
         : value > 0xFFFF ? fmt::format("\\U{:08x}", value)
                          : fmt::format("\\u{:04x}", value);
}

/// The power of ten of the first digit that is not 0, of a number in decimal notation.
std::int64_t magnitude_of(std::string_view text) {
  constexpr std::int64_t kFar = 1'000'000'000;
  const std::size_t e = std::min(text.find_first_of("eE"), text.size());
  const std::size_t point = std::min(text.substr(0, e).find('.'), e);
  const std::size_t first = text.substr(0, e).find_first_of("123456789");
  std::int64_t exponent = 0;
  if (e < text.size()) {
    const bool plus = text.substr(e + 1).starts_with('+');
    const std::string_view digits = text.substr(e + (plus ? 2 : 1));
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (error != std::errc{}) {
      exponent = digits.starts_with('-') ? -kFar : kFar;
    }
  }
  return exponent + (first < point ? static_cast<std::int64_t>(point - first) - 1
                                   : -static_cast<std::int64_t>(first - point));
}

template <class Number>
std::optional<Number> parsed(std::string_view text) {
  Number value{};
#if defined(__cpp_lib_to_chars)
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error != std::errc::invalid_argument && end == text.data() + text.size();
  const bool outside = error == std::errc::result_out_of_range;
#else  // libc++ reads no floats by from_chars; a stream with the classic locale reads the same
  const std::string_view first = text.starts_with('-') ? text.substr(1) : text;
  if (first == "inf" || first == "nan") {
    value = first == "inf" ? std::numeric_limits<Number>::infinity()
                           : std::numeric_limits<Number>::quiet_NaN();
    return text.starts_with('-') ? -value : value;
  }
  if (text.empty() || text.find_first_not_of("0123456789.eE+-") != std::string_view::npos ||
      text.starts_with('+')) {
    return std::nullopt;
  }
  std::istringstream in{std::string(text)};
  in.imbue(std::locale::classic());
  in >> std::noskipws >> value;
  const bool outside =
      in.fail() && (value == 0 || std::abs(value) == std::numeric_limits<Number>::max());
  const bool whole = (!in.fail() || outside) && in.peek() == std::istringstream::traits_type::eof();
#endif
  if (!whole) {
    return std::nullopt;
  }
  if (outside) {
    value = magnitude_of(text) > 0 ? std::numeric_limits<Number>::infinity() : Number{0};
    return text.starts_with('-') ? -value : value;
  }
  return value;
}

}  // namespace

std::string shown(std::string_view text, std::size_t most) {
  std::string line;
  line.reserve(std::min(text.size(), most));
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size(); ++characters) {
    if (characters == most) {
      return line + "…";
    }
    const CodePoint c = first_of(text.substr(at));
    line += c.valid && !acts(c.value) ? std::string(text.substr(at, c.bytes)) : spelled(c);
    at += c.bytes;
  }
  return line;
}

std::string quoted_name(std::string_view name) { return "'" + shown(name, kMostOfName) + "'"; }

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

std::string number_text(double value) {
  // an integer that a double holds exactly has no exponent
  constexpr double kWhole = 9007199254740992.0;
  if (value >= -kWhole && value <= kWhole &&
      static_cast<double>(static_cast<std::int64_t>(value)) == value) {
    return number_text(static_cast<std::int64_t>(value));
  }
  return fmt::format("{}", value);
}
std::string number_text(float value) {
  constexpr float kWhole = 16777216.0F;
  if (value >= -kWhole && value <= kWhole &&
      static_cast<float>(static_cast<std::int64_t>(value)) == value) {
    return number_text(static_cast<std::int64_t>(value));
  }
  return fmt::format("{}", value);
}
std::string number_text(std::int64_t value) { return fmt::format("{}", value); }
std::string number_text(std::uint64_t value) { return fmt::format("{}", value); }

std::string rounded_text(double value, int digits) { return fmt::format("{:.{}g}", value, digits); }

std::string fixed_text(double value, int decimals) {
  return fmt::format("{:.{}f}", value, decimals);
}

template <>
std::optional<double> parse_number<double>(std::string_view text) {
  return parsed<double>(text);
}
template <>
std::optional<float> parse_number<float>(std::string_view text) {
  return parsed<float>(text);
}

std::string bytes_text(double bytes) {
  constexpr std::array kUnits{"B", "KB", "MB", "GB", "TB", "PB"};
  std::size_t unit = 0;
  while (bytes >= 1000.0 && unit + 1 < kUnits.size()) {
    bytes /= 1000.0;
    ++unit;
  }
  return fixed_text(bytes, unit == 0 ? 0 : 1) + " " + kUnits[unit];
}

std::string hex_text(std::uint64_t value) { return fmt::format("{:016x}", value); }

}  // namespace rheobase
