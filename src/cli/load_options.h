// SPDX-License-Identifier: Apache-2.0
/// \file
/// The options of every subcommand that loads a brain.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "cli/stop.h"
#include "rheobase/load.h"

namespace rheobase::cli {

struct BrainOptions {
  std::string path;
  std::string semantics = "feagi-0.0.53";
  bool strict = false;
  bool skip_broken = false;
  std::uint64_t wiring_seed = 1;
  std::optional<std::uint32_t> quantum_bits{};

  void add_to(CLI::App& command, bool required = true) {
    command
        .add_option("brain", path, "FEAGI genome (.genome, .json), network recipe or checkpoint")
        ->required(required);
    command.add_option("--semantics", semantics, "FEAGI engine to follow for genomes")
        ->check(CLI::IsMember({"feagi-0.0.53", "feagi-0.0.49", "feagi-2026-02", "feagi-2025-10"}))
        ->capture_default_str();
    CLI::Option* exactly =
        command.add_flag("--strict", strict, "Read broken genomes exactly as FEAGI does");
    command
        .add_flag("--skip-broken", skip_broken,
                  "Leave out what cannot be read of a broken genome, and list it")
        ->excludes(exactly);
    command.add_option("--wiring-seed", wiring_seed, "Seed of random connections in genomes")
        ->capture_default_str();
    command
        .add_option("--quantum-bits", quantum_bits,
                    "Charge is counted in multiples of 2^-K, for finer weights by later edits than "
                    "the file has")
        ->check(CLI::Range(0, 40))
        ->type_name("K");
  }

  /// Built by so many threads; 0: one for each core.
  [[nodiscard]] Brain load(std::uint32_t threads = 0) const {
    return until_signalled([&](const StopRequest& stop) {
      return rheobase::load(path, {semantics_from_name(semantics), strict, wiring_seed, threads,
                                   stop, skip_broken, quantum_bits});
    });
  }
};

}  // namespace rheobase::cli
