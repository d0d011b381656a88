// SPDX-License-Identifier: Apache-2.0
/// \file
/// FEAGI's byte container, version 4, in which every message of its sockets travels. Little endian:
/// u8 4, u16 counter, u8 number of structures, 48 bytes session id, for each structure a u32
/// length, then the structures: u8 type, u8 version 1, body.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rheobase::server {

/// Tells an agent's session; all zeros outside of one.
using SessionId = std::array<char, 48>;

enum class StructureType : std::uint8_t { json = 1, xyzp = 11 };

struct Structure {
  StructureType type{};
  std::string_view body;  ///< without type and version
};

struct Container {
  std::uint16_t counter = 0;
  SessionId session{};
  std::vector<Structure> structures;  ///< views of the bytes that were read
};

/// \throws Error invalid_argument with the reason, for bytes that are no such container.
[[nodiscard]] Container read_container(std::string_view bytes);

/// A container of one structure.
[[nodiscard]] std::string container_of(StructureType type, std::string_view body,
                                       const SessionId& session, std::uint16_t counter = 0);

/// Little-endian numbers.
[[nodiscard]] std::uint16_t u16_at(std::string_view bytes, std::size_t at);
[[nodiscard]] std::uint32_t u32_at(std::string_view bytes, std::size_t at);
void put_u16(std::string& to, std::uint16_t value);
void put_u32(std::string& to, std::uint32_t value);

}  // namespace rheobase::server
