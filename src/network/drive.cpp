// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "network/canonical.h"
#include "network/view.h"
#include "rheobase/error.h"

namespace rheobase {

model::CompiledDrive compile_drive(const Drive& drive, const NetworkData& network) {
  const std::string where = "drive on neurons " + std::to_string(drive.first) + " to " +
                            std::to_string(std::uint64_t{drive.first} + drive.count);
  if (std::uint64_t{drive.first} + drive.count > network.neuron_count) {
    throw Error(
        ErrorCode::invalid_argument,
        where + " leaves the network (" + std::to_string(network.neuron_count) + " neurons).");
  }
  const double mean = drive.rate_hz * network.dt_ms * 1e-3;
  constexpr double kMostEvents = 1048576.0;
  if (!(drive.rate_hz >= 0.0) || drive.rate_hz > 1e9 || mean > kMostEvents) {
    throw Error(ErrorCode::invalid_argument,
                where + ": a rate of " + std::to_string(drive.rate_hz) +
                    " Hz is out of range (0 to 1e9 Hz, at most 1048576 events a burst).");
  }
  model::CompiledDrive d;
  d.first = drive.first;
  d.count = drive.count;
  d.amplitude = canonical_number(drive.amplitude, where + ": amplitude");
  d.stream = drive.stream;
  switch (drive.kind) {
    case Drive::Kind::constant: d.kind = model::CompiledDrive::Kind::constant; break;
    case Drive::Kind::regular:
      d.kind = model::CompiledDrive::Kind::regular;
      d.step = static_cast<std::uint64_t>(mean * 4294967296.0 + 0.5);
      break;
    case Drive::Kind::poisson:
      if (mean > model::kLargestPoissonMean) {
        throw Error(ErrorCode::invalid_argument,
                    where + ": a Poisson rate of " + std::to_string(drive.rate_hz) + " Hz gives " +
                        std::to_string(mean) +
                        " events a burst (at most 2000). Lower the rate or raise the amplitude.");
      }
      d.kind = model::CompiledDrive::Kind::poisson;
      d.draws = mean <= 500.0 ? 1U : (mean <= 1000.0 ? 2U : 4U);
      d.cumulative = model::poisson_table(mean / d.draws);
      break;
  }
  return d;
}

std::vector<model::CompiledDrive> compile_drives(const NetworkData& network,
                                                 const std::vector<Drive>& extra) {
  std::vector<model::CompiledDrive> drives;
  for (const Drive& drive : network.drives) {
    drives.push_back(compile_drive(drive, network));
  }
  for (Drive drive : extra) {
    drive.stream = static_cast<std::uint32_t>(drives.size());
    drives.push_back(compile_drive(drive, network));
  }
  return drives;
}

}  // namespace rheobase
