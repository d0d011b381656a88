// SPDX-License-Identifier: Apache-2.0
#include "io/checkpoint/drive_sections.h"

#include <algorithm>

#include "io/checkpoint/section_values.h"

namespace rheobase::checkpoint {
namespace {

/// What stands in a file for a kind.
enum class StoredKind : std::uint8_t {
  constant,
  regular,
  earlier_poisson,  ///< whose draws are no longer made
  poisson,
};

StoredKind stored_kind(Drive::Kind kind) {
  switch (kind) {
    case Drive::Kind::constant: return StoredKind::constant;
    case Drive::Kind::regular: return StoredKind::regular;
    case Drive::Kind::poisson: break;
  }
  return StoredKind::poisson;
}

Drive::Kind get_kind(SectionReader& in) {
  switch (get_choice(in, StoredKind::poisson)) {
    case StoredKind::constant: return Drive::Kind::constant;
    case StoredKind::regular: return Drive::Kind::regular;
    case StoredKind::earlier_poisson:
      if (!in.network_alone()) {
        in.refuse(
            "the run cannot go on as it began (its Poisson drives are of an earlier version, which "
            "drew other numbers). Go on with that version, or load the network alone and begin "
            "anew.");
      }
      break;
    case StoredKind::poisson: break;
  }
  return Drive::Kind::poisson;
}

}  // namespace

void write_drives(SectionWriter& out, const std::vector<Drive>& drives) {
  out.put(static_cast<std::uint32_t>(drives.size()));
  for (const Drive& drive : drives) {
    out.put(static_cast<std::uint8_t>(stored_kind(drive.kind)));
    out.put(drive.first);
    out.put(drive.count);
    out.put(drive.amplitude);
    out.put(drive.rate_hz);
    out.put(drive.stream);
  }
}

void write_drive_ports(SectionWriter& out, std::string_view section,
                       const std::vector<Drive>& drives) {
  if (std::ranges::any_of(drives, [](const Drive& drive) { return drive.port != 0; })) {
    out.begin(section);
    for (const Drive& drive : drives) {
      out.put(drive.port);
    }
  }
}

void read_drive_ports(SectionReader& in, std::string_view section, const NetworkData& network,
                      std::vector<Drive>& drives) {
  if (in.next() != section) {
    return;
  }
  in.begin(section);
  for (Drive& drive : drives) {
    drive.port = in.get<std::uint32_t>();
    in.understand([&] { static_cast<void>(compile_drive(drive, network)); });
  }
}

std::vector<Drive> read_drives(SectionReader& in, const NetworkData& network) {
  std::vector<Drive> drives;
  const auto count = in.get<std::uint32_t>();
  for (std::uint32_t i = 0; i < count; ++i) {
    Drive drive;
    drive.kind = get_kind(in);
    drive.first = in.get<std::uint32_t>();
    drive.count = in.get<std::uint32_t>();
    drive.amplitude = in.get<float>();
    drive.rate_hz = in.get<double>();
    drive.stream = in.get<std::uint32_t>();
    in.understand([&] { static_cast<void>(compile_drive(drive, network)); });
    drives.push_back(drive);
  }
  return drives;
}

}  // namespace rheobase::checkpoint
