// SPDX-License-Identifier: Apache-2.0
/// \file
/// A network and its state on disk: a run goes on from it elsewhere with the same spikes.
/// docs/formats/checkpoint.md describes the file.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rheobase/export.h"
#include "rheobase/input.h"
#include "rheobase/network.h"
#include "rheobase/state.h"

namespace rheobase {

/// The running hash of a signature (xxHash64): how many bytes were added, its four sums, and the
/// bytes that do not fill a stripe of 32 yet.
struct SignatureState {
  std::uint64_t length = 0;
  std::array<std::uint64_t, 4> sums{};
  std::array<std::uint8_t, 32> rest{};
  friend bool operator==(const SignatureState&, const SignatureState&) = default;
};

/// All that determines what an engine will do next.
struct Checkpoint {
  Network network;
  State state;
  std::uint64_t seed = 1;     ///< run seed
  std::vector<Drive> drives;  ///< of the engine, besides those of the network
  SignatureState signature;
  InputSchedule input;                 ///< what the schedule still holds
  std::vector<NeuronId> injected_ids;  ///< injections for the next burst, in the order given
  std::vector<float> injected_values;  ///< one for each of them
  std::uint64_t last_burst = 0;  ///< where the run that was interrupted was to end; 0: nowhere
  std::vector<std::uint64_t> seeds{};  ///< of the members of a joined network, if they were given
  std::optional<float> fatigue{};      ///< FEAGI's fatigue flag is on, with that amount
  std::vector<std::uint32_t> injected_ports{};  ///< of `injected_ids`; empty: all 0
};

/// Writes beside `path`, makes sure that it is on the disk, then renames: whatever happens, `path`
/// holds the old file or the new one.
/// \throws Error io (no permission, disk full, a second process saves to the same path).
RHEOBASE_API void save_checkpoint(const std::string& path, const Checkpoint& checkpoint);

/// \throws Error io; invalid_file naming the section that is damaged, or if the draws of its
/// Poisson drives are those of an earlier version; out_of_memory.
[[nodiscard]] RHEOBASE_API Checkpoint load_checkpoint(const std::string& path);
/// The same from bytes in memory; `name` is for errors.
[[nodiscard]] RHEOBASE_API Checkpoint read_checkpoint(std::string_view bytes,
                                                      const std::string& name);
/// The network alone, also of checkpoints of earlier versions from which this one cannot go on.
/// \throws Error as load_checkpoint.
[[nodiscard]] RHEOBASE_API Network network_of_checkpoint(const std::string& path);

}  // namespace rheobase
