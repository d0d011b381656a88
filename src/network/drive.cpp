// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "network/canonical.h"
#include "network/drive_streams.h"
#include "network/model_areas.h"
#include "network/view.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {

namespace {

std::string name_of(const Drive& drive) {
  return "drive on neurons " + number_text(drive.first) + " to " +
         number_text(std::uint64_t{drive.first} + drive.count);
}

}  // namespace

void check_drive(const Drive& drive, double dt_ms) {
  const std::string where = name_of(drive);
  const double mean = drive.rate_hz * dt_ms * 1e-3;
  constexpr double kMostEvents = 1048576.0;
  if (!(drive.rate_hz >= 0.0) || drive.rate_hz > 1e9 || mean > kMostEvents) {
    throw Error(ErrorCode::invalid_argument,
                where + ": a rate of " + number_text(drive.rate_hz) +
                    " Hz is out of range (0 to 1e9 Hz, at most 1048576 events a burst).");
  }
  if (drive.kind == Drive::Kind::poisson && mean > model::kLargestPoissonMean) {
    throw Error(ErrorCode::invalid_argument,
                where + ": a Poisson rate of " + number_text(drive.rate_hz) + " Hz gives " +
                    number_text(mean) +
                    " events a burst (at most 2000). Lower the rate or raise the amplitude.");
  }
  static_cast<void>(canonical_number(drive.amplitude, where + ": amplitude"));
}

void check_drive_port(const Drive& drive, std::span<const Area> areas) {
  const std::string where = name_of(drive);
  const std::uint64_t end = std::uint64_t{drive.first} + drive.count;
  const auto behind =
      std::lower_bound(areas.begin(), areas.end(), end,
                       [](const Area& a, std::uint64_t id) { return a.first < id; });
  for (auto area = behind; area != areas.begin();) {
    --area;
    if (std::uint64_t{area->first} + area->count <= drive.first) {
      break;
    }
    if (drive.port == 0 && area->spec.model.empty()) {
      continue;
    }
    try {
      require_port(*area, drive.port);
    } catch (const Error& error) {
      throw Error(error.code(), where + ": " + error.what());
    }
  }
}

model::CompiledDrive compile_drive(const Drive& drive, const NetworkData& network) {
  const std::string where = name_of(drive);
  if (std::uint64_t{drive.first} + drive.count > network.neuron_count) {
    throw Error(ErrorCode::invalid_argument,
                where + " leaves the network (" + number_text(network.neuron_count) + " neurons).");
  }
  check_drive(drive, network.dt_ms);
  if (drive.port != 0 || !network.model_areas.empty()) {
    check_drive_port(drive, network.areas.list());
  }
  const double mean = drive.rate_hz * network.dt_ms * 1e-3;
  model::CompiledDrive d;
  d.first = drive.first;
  d.count = drive.count;
  d.port = drive.port;
  d.amplitude = canonical_number(drive.amplitude, where + ": amplitude");
  switch (drive.kind) {
    case Drive::Kind::constant: d.kind = model::CompiledDrive::Kind::constant; break;
    case Drive::Kind::regular:
      d.kind = model::CompiledDrive::Kind::regular;
      d.step = static_cast<std::uint64_t>(mean * 4294967296.0 + 0.5);
      break;
    case Drive::Kind::poisson:
      d.kind = model::CompiledDrive::Kind::poisson;
      d.draws = mean <= 500.0 ? 1U : (mean <= 1000.0 ? 2U : 4U);
      d.stream = drive.stream;
      d.unit_shift = model::unit_shift_of(mean);
      d.cumulative = model::poisson_table(mean * (1U << d.unit_shift) / d.draws);
      break;
  }
  return d;
}

namespace {

/// What of a drive reaches neurons first .. first + count - 1.
Drive cut(Drive drive, NeuronId first, std::uint32_t count) {
  const std::uint64_t end =
      std::min(std::uint64_t{drive.first} + drive.count, std::uint64_t{first} + count);
  drive.first = std::max(drive.first, first);
  drive.count = end > drive.first ? static_cast<std::uint32_t>(end - drive.first) : 0U;
  return drive;
}

}  // namespace

std::vector<std::uint64_t> member_seeds(const NetworkData& network, const RunSeeds& seeds) {
  const std::size_t count = std::max<std::size_t>(network.members.size(), 1);
  if (!seeds.members.empty() && seeds.members.size() != count) {
    throw Error(ErrorCode::invalid_argument,
                number_text(seeds.members.size()) + " run seeds were given (the network has " +
                    number_text(count) + " members). Give one for each, or none.");
  }
  std::vector<std::uint64_t> all(seeds.members);
  for (std::size_t i = all.size(); i < count; ++i) {
    all.push_back(seeds.seed + i);
  }
  return all;
}

std::vector<model::CompiledDrive> compile_drives(const NetworkData& network,
                                                 const std::vector<Drive>& extra,
                                                 const RunSeeds& seeds) {
  const std::vector<std::uint64_t> seed_of = member_seeds(network, seeds);
  const std::size_t count = seed_of.size();
  for (const Drive& drive : extra) {
    static_cast<void>(compile_drive(drive, network));  // in range as a whole
  }
  std::vector<model::CompiledDrive> drives;
  auto own = network.drives.begin();
  for (std::size_t i = 0; i < count; ++i) {
    const Member member =
        network.members.empty() ? Member{0, network.neuron_count, 0, 0, {}} : network.members[i];
    const auto add = [&](const Drive& drive) {
      drives.push_back(compile_drive(drive, network));
      drives.back().seed = seed_of[i];
      drives.back().origin = member.first;
    };
    DriveStreams streams;
    for (; own != network.drives.end() && (count == 1 || own->first - member.first < member.count);
         ++own) {
      add(*own);
      streams.take(*own);
    }
    for (Drive drive : extra) {
      drive = cut(drive, member.first, member.count);
      if (drive.count != 0 || count == 1) {
        drive.stream = streams.choose(drive);
        add(drive);
      }
    }
  }
  return drives;
}

}  // namespace rheobase
