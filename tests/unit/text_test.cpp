// SPDX-License-Identifier: Apache-2.0
#include "rheobase/text.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <clocale>
#include <cmath>
#include <cstdint>
#include <limits>

#include "rheobase/error.h"

namespace rheobase {
namespace {

TEST(Text, NothingInANameActsOnATerminal) {
  EXPECT_EQ(quoted_name("camera"), "'camera'");
  EXPECT_EQ(quoted_name("a\nb\tc\x1b[31mred"), "'a\\nb\\tc\\x1b[31mred'");
  EXPECT_EQ(shown(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(shown("\u202eevil\u200b"), "\\u202eevil\\u200b");
  EXPECT_EQ(shown("\xc2\x9b"
                  "31m"),
            "\\u009b31m");  // a terminal's escape in one character
  EXPECT_EQ(shown("\U000e0041"), "\\U000e0041");
  EXPECT_EQ(shown("K\u00f6rper \u8111 \U0001f9e0"), "K\u00f6rper \u8111 \U0001f9e0");
}

TEST(Text, BytesThatAreNoUtf8AreSpelledOut) {
  EXPECT_EQ(shown("\xff\xc3"), "\\xff\\xc3");
  EXPECT_EQ(shown("\xe2\x82"), "\\xe2\\x82");           // cut short
  EXPECT_EQ(shown("\xc0\xaf"), "\\xc0\\xaf");           // longer than need be
  EXPECT_EQ(shown("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // half of a pair
  EXPECT_EQ(shown("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
}

TEST(Text, LongNamesAreCut) {
  EXPECT_EQ(shown("abcdef", 3), "abc\u2026");
  EXPECT_EQ(shown("abc", 3), "abc");
  EXPECT_EQ(columns_of(quoted_name(std::string(5000, 'x'))), 83U);
}

RC_GTEST_PROP(Text, WhateverBytesTheResultIsOneLineOfPrintableText, (const std::string& bytes)) {
  const std::string line = shown(bytes);
  RC_ASSERT(shown(line) == line);
  for (const char c : line) {
    const auto byte = static_cast<unsigned char>(c);
    RC_ASSERT(byte >= 0x20 && byte != 0x7f);
  }
  RC_ASSERT(std::string(Error(ErrorCode::io, bytes).what()) == line);
}

TEST(Text, NumbersAreTheShortestThatReadBack) {
  EXPECT_EQ(number_text(20.0), "20");
  EXPECT_EQ(number_text(0.1), "0.1");
  EXPECT_EQ(number_text(0.1F), "0.1");
  EXPECT_EQ(number_text(1e-30), "1e-30");
  EXPECT_EQ(number_text(1e38F), "1e+38");
  EXPECT_EQ(number_text(16777216.0F), "16777216");
  EXPECT_EQ(number_text(std::uint8_t{7}), "7");
  EXPECT_EQ(number_text(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(number_text(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
  EXPECT_EQ(number_text(-0.0), "0");
  EXPECT_EQ(rounded_text(0.1 + 0.2), "0.3");
  EXPECT_EQ(rounded_text(0.0), "0");
  EXPECT_EQ(fixed_text(2.0, 1), "2.0");
  EXPECT_EQ(fixed_text(0.005, 1), "0.0");
  EXPECT_EQ(hex_text(0xabcU), "0000000000000abc");
  EXPECT_EQ(bytes_text(1.5e9), "1.5 GB");
}

RC_GTEST_PROP(Text, EveryFloatReadsBack, (std::uint32_t bits)) {
  const auto value = std::bit_cast<float>(bits);
  RC_PRE(std::isfinite(value) && value != 0.0F);
  RC_ASSERT(parse_number<float>(number_text(value)) == value);
}

TEST(Text, NumbersAreReadWhole) {
  EXPECT_EQ(parse_number<double>("1e3"), 1000.0);
  EXPECT_EQ(parse_number<double>("-.5"), -0.5);
  for (const char* none : {"", "1,5", "1.5x", " 1", "1 ", "+1", "0x10", "e5", "-", "1e"}) {
    EXPECT_FALSE(parse_number<double>(none)) << none;
  }
}

TEST(Text, NumbersOutOfRangeAreInfiniteOrNothing) {
  EXPECT_EQ(parse_number<float>("1e39"), std::numeric_limits<float>::infinity());
  EXPECT_EQ(parse_number<float>("-1e39"), -std::numeric_limits<float>::infinity());
  EXPECT_EQ(parse_number<float>("1e-60"), 0.0F);
  EXPECT_EQ(parse_number<double>("1e99999999999999999999"),
            std::numeric_limits<double>::infinity());
  EXPECT_EQ(parse_number<double>("1e-99999999999999999999"), 0.0);
  EXPECT_EQ(parse_number<double>("0." + std::string(400, '0') + "1"), 0.0);
  EXPECT_EQ(parse_number<double>("1" + std::string(400, '0')),
            std::numeric_limits<double>::infinity());
}

TEST(Text, NoLocaleHasAVoice) {
  const std::string former = std::setlocale(LC_ALL, nullptr);
  const bool there = std::setlocale(LC_ALL, "de_DE.UTF-8") != nullptr ||
                     std::setlocale(LC_ALL, "fr_FR.UTF-8") != nullptr;
  const std::string number = number_text(1234.5);
  const std::string fixed = fixed_text(1234.5, 2);
  const auto parsed = parse_number<double>("1234.5");
  std::setlocale(LC_ALL, former.c_str());
  EXPECT_EQ(number, "1234.5");
  EXPECT_EQ(fixed, "1234.50");
  EXPECT_EQ(parsed, 1234.5);
  if (!there) {
    GTEST_SKIP() << "this machine has no locale with a decimal comma";
  }
}

}  // namespace
}  // namespace rheobase
