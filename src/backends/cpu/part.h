// SPDX-License-Identifier: Apache-2.0
/// \file
/// One thread's part of a burst on the CPU. A thread owns a range of neurons: it delivers the
/// events that reach them, injects into them and steps them, so that no two threads write the same
/// word.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/backend.h"

namespace rheobase {

/// What all parts of a burst read.
struct BurstContext {
  const NetworkData* network = nullptr;
  const std::vector<model::CompiledDrive>* drives = nullptr;
  std::uint64_t seed = 0;
  std::uint64_t burst = 0;
  const BurstRequest* request = nullptr;
  std::uint32_t index = 0;  ///< of the burst within the request
  State* state = nullptr;   ///< each part writes its own neurons
  bool branches = false;
};

/// What a part did.
struct PartResult {
  FireQueue fired;
  std::uint64_t events = 0;
  std::uint64_t inhibitory_events = 0;
  BranchCounts branches{};
  std::vector<ProfileSpan> spans;
};

class CpuPart {
 public:
  virtual ~CpuPart() = default;
  /// After an edit that kept the number of neurons and the form of the accumulators.
  virtual void learn_kinds(const NetworkData& network) = 0;
  /// `lane` is the number of the thread.
  virtual void run(const BurstContext& context, std::uint32_t lane, PartResult& result) = 0;
};

/// A part for the neurons first .. last - 1, with accumulators of the network's width.
[[nodiscard]] std::unique_ptr<CpuPart> make_cpu_part(const NetworkData& network, NeuronId first,
                                                     NeuronId last);

}  // namespace rheobase
