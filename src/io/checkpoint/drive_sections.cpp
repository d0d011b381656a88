// SPDX-License-Identifier: Apache-2.0
#include "io/checkpoint/drive_sections.h"

#include <algorithm>

#include "io/checkpoint/section_values.h"

namespace rheobase::checkpoint {

void write_drives(SectionWriter& out, const std::vector<Drive>& drives) {
  out.put(static_cast<std::uint32_t>(drives.size()));
  for (const Drive& drive : drives) {
    out.put(static_cast<std::uint8_t>(drive.kind));
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
    drive.kind = get_choice(in, Drive::Kind::poisson);
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
