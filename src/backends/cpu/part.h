// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the threads of the CPU do in a burst. Each owns a range of neurons, which it injects into
/// and steps. Spikes are delivered by groups of threads, as large as is cheapest: each group walks
/// all rows and adds what reaches the neurons of its threads, who share the rows; each adds to
/// accumulators of its own, from which whoever owns the neuron then collects. A group of one adds
/// to what it steps. None needs atomics.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "backends/cpu/learning.h"
#include "backends/cpu/row_table.h"
#include "backends/cpu/thread_team.h"
#include "engine/backend.h"

namespace rheobase {

/// What all parts of a burst read.
struct BurstContext {
  const NetworkData* network = nullptr;
  const RowTable* rows = nullptr;  ///< of the network
  const std::vector<model::CompiledDrive>* drives = nullptr;
  std::uint64_t burst = 0;
  std::uint64_t seed = 1;  ///< of the draws of models
  const BurstRequest* request = nullptr;
  std::uint32_t index = 0;  ///< of the burst within the request
  State* state = nullptr;   ///< each part writes its own neurons
  bool branches = false;
  const CpuLearning* learning = nullptr;
};

/// What a part did. In cache lines of its own, since parts write at the same time.
struct alignas(128) PartResult {
  FireQueue fired;
  std::uint64_t events = 0;
  std::uint64_t inhibitory_events = 0;
  BranchCounts branches{};
  std::vector<ProfileSpan> spans;

  void clear();
};

/// The parts of all threads.
class CpuParts {
 public:
  virtual ~CpuParts() = default;
  /// After an edit that kept the number of neurons and the form of the accumulators.
  virtual void follow(const NetworkData& network) = 0;
  /// The state was replaced from outside.
  virtual void state_was_set() = 0;
  /// One burst. \return what each thread did, in the order of ids.
  virtual const std::vector<PartResult>& run(const BurstContext& context) = 0;
};

/// With accumulators of the network's width. `team` must outlive them.
[[nodiscard]] std::unique_ptr<CpuParts> make_cpu_parts(const NetworkData& network,
                                                       ThreadTeam& team);

}  // namespace rheobase
