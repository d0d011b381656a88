// SPDX-License-Identifier: Apache-2.0
/// \file
/// The header of NumPy's array files, version 1.0.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace rheobase::recording {

/// Every header written here has this length, so that it can be rewritten in place.
inline constexpr std::size_t kNpyHeaderBytes = 128;

/// Header of a C-ordered (rows, columns) array; `type` as NumPy writes it, such as "<u8".
[[nodiscard]] std::string npy_header(std::string_view type, std::uint64_t rows,
                                     std::uint64_t columns);

/// Appends a number, least significant byte first.
template <class Unsigned>
void append_little_endian(std::string& out, Unsigned value) {
  std::array<char, sizeof(Unsigned)> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>((value >> (8 * i)) & 0xFFU);
  }
  out.append(bytes.data(), bytes.size());
}

}  // namespace rheobase::recording
