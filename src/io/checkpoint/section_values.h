// SPDX-License-Identifier: Apache-2.0
/// \file
/// Values that several sections hold, checked as they are read.
#pragma once

#include "io/checkpoint/section_file.h"
#include "network/canonical.h"

namespace rheobase::checkpoint {

inline bool get_flag(SectionReader& in) {
  const auto byte = in.get<std::uint8_t>();
  in.require(byte <= 1, "a flag is neither 0 nor 1");
  return byte == 1;
}

/// A number that the library could have written: neither NaN nor infinite, and canonical.
inline float get_canonical(SectionReader& in) {
  const auto value = in.get<float>();
  in.require(is_canonical(value), "a number is out of range");
  return value;
}

/// One of an enumeration's values, of which `last` is the last.
template <class Enum>
Enum get_choice(SectionReader& in, Enum last) {
  const auto byte = in.get<std::uint8_t>();
  in.require(byte <= static_cast<std::uint8_t>(last), "a choice is unknown");
  return static_cast<Enum>(byte);
}

}  // namespace rheobase::checkpoint
