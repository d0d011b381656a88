// SPDX-License-Identifier: Apache-2.0
/// \file
/// How a thread's neurons are cut into blocks that are stepped by one call each.
#pragma once

#include <cstdint>
#include <vector>

#include "backends/cpu/class_columns.h"
#include "backends/cpu/step.h"
#include "network/view.h"

namespace rheobase {

/// Neurons first .. first + count - 1, and the targets that they are.
struct PlannedBlock {
  NeuronId first = 0;
  std::uint32_t count = 0;
  std::uint32_t first_target = 0;
  std::uint32_t targets = 0;
  /// The area with a model that they are of; null if they have none, then the rest counts.
  const ModelArea* model = nullptr;
  ClassForm form = ClassForm::any;
  /// Of all of them; null if they differ, then the columns count.
  const model::NeuronClass* neuron_class = nullptr;
  ClassColumns columns;
};

/// Blocks are cut where the kind of the neurons changes. Short runs of neurons of one class go
/// together in blocks with columns: what a call costs would be more than the columns do.
class StepPlan {
 public:
  /// Of neurons first .. last - 1. `network` must outlive what is done with the plan.
  void make(const NetworkData& network, NeuronId first, NeuronId last);
  [[nodiscard]] const std::vector<PlannedBlock>& blocks() const { return blocks_; }

 private:
  struct Run;
  void add_models(const NetworkData& network, const ModelArea& area, NeuronId first, NeuronId last);
  void add_alike(const NetworkData& network, const Run& run);
  void add_varied(const NetworkData& network, NeuronId first, NeuronId last);

  std::vector<PlannedBlock> blocks_;
  ColumnStore store_;
};

/// Whether a draw may decide what becomes of any of the block's neurons in a burst without input,
/// by their potentials `u` (relative to rest).
[[nodiscard]] bool draws_matter(const PlannedBlock& block, std::uint32_t rules, const float* u);

}  // namespace rheobase
