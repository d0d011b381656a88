// SPDX-License-Identifier: Apache-2.0
#include "server/container.h"

#include <algorithm>

#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::server {
namespace {

constexpr std::uint8_t kVersion = 4;
constexpr std::uint8_t kStructureVersion = 1;
constexpr std::size_t kHeader = 4 + sizeof(SessionId);

std::uint8_t u8_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

[[noreturn]] void refuse(const std::string& reason) {
  throw Error(ErrorCode::invalid_argument, "not a message of FEAGI's sockets (" + reason + ").");
}

}  // namespace

std::uint16_t u16_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(u8_at(bytes, at) | u8_at(bytes, at + 1) << 8U);
}
std::uint32_t u32_at(std::string_view bytes, std::size_t at) {
  return u16_at(bytes, at) | static_cast<std::uint32_t>(u16_at(bytes, at + 2)) << 16U;
}
void put_u16(std::string& to, std::uint16_t value) {
  to += static_cast<char>(value & 255U);
  to += static_cast<char>(value >> 8U);
}
void put_u32(std::string& to, std::uint32_t value) {
  put_u16(to, static_cast<std::uint16_t>(value & 65535U));
  put_u16(to, static_cast<std::uint16_t>(value >> 16U));
}

Container read_container(std::string_view bytes) {
  if (bytes.size() < kHeader) {
    refuse("it has " + number_text(bytes.size()) + " bytes, the header alone has " +
           number_text(kHeader));
  }
  if (u8_at(bytes, 0) != kVersion) {
    refuse("version " + number_text(u8_at(bytes, 0)) + ", 4 was expected");
  }
  Container container;
  container.counter = u16_at(bytes, 1);
  const std::size_t count = u8_at(bytes, 3);
  std::copy_n(bytes.begin() + 4, container.session.size(), container.session.begin());
  if (bytes.size() < kHeader + 4 * count) {
    refuse("it ends within the lengths of its structures");
  }
  std::size_t at = kHeader + 4 * count;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t length = u32_at(bytes, kHeader + 4 * i);
    if (length < 2 || length > bytes.size() - at) {
      refuse("structure " + number_text(i + 1) + " is said to have " + number_text(length) +
             " bytes, " + number_text(bytes.size() - at) + " are left");
    }
    const std::uint8_t type = u8_at(bytes, at);
    if (u8_at(bytes, at + 1) != kStructureVersion) {
      refuse("version " + number_text(u8_at(bytes, at + 1)) + " of a structure, 1 was expected");
    }
    if (type != static_cast<std::uint8_t>(StructureType::json) &&
        type != static_cast<std::uint8_t>(StructureType::xyzp)) {
      refuse("a structure of type " + number_text(type) + "; known are 1, JSON, and 11, voxels");
    }
    container.structures.push_back(
        {static_cast<StructureType>(type), bytes.substr(at + 2, length - 2)});
    at += length;
  }
  return container;
}

std::string container_of(StructureType type, std::string_view body, const SessionId& session,
                         std::uint16_t counter) {
  std::string bytes;
  bytes.reserve(kHeader + 6 + body.size());
  bytes += static_cast<char>(kVersion);
  put_u16(bytes, counter);
  bytes += '\1';
  bytes.append(session.data(), session.size());
  put_u32(bytes, static_cast<std::uint32_t>(body.size() + 2));
  bytes += static_cast<char>(type);
  bytes += static_cast<char>(kStructureVersion);
  bytes += body;
  return bytes;
}

}  // namespace rheobase::server
