// SPDX-License-Identifier: Apache-2.0
#include "backends/cpu/step_plan.h"

#include <algorithm>

#include "backends/cpu/block_loops.h"

namespace rheobase {
namespace {

/// A run as long as this is stepped by itself (bench/README.md).
constexpr std::uint32_t kOwnRun = 128;

/// The form that fits both.
ClassForm joined(ClassForm a, ClassForm b) { return a == b ? a : ClassForm::any; }

}  // namespace

/// Of one class.
struct StepPlan::Run {
  NeuronId first = 0, last = 0;
  std::uint32_t neuron_class = 0;
};

void StepPlan::make(const NetworkData& network, NeuronId first, NeuronId last) {
  blocks_.clear();
  store_ = {};
  auto found = std::upper_bound(network.runs.begin(), network.runs.end(), first,
                                [](NeuronId id, const ClassRun& r) { return id < r.first; }) -
               1;
  NeuronId waiting = first;  // from here on neurons without a model are in no block yet
  const auto close = [&](NeuronId end) {
    if (waiting == end) {
      return;
    }
    const auto classes = network.class_of.begin();
    const std::uint32_t c = classes[waiting];
    if (std::all_of(classes + waiting, classes + end, [c](std::uint32_t i) { return i == c; })) {
      add_alike(network, {waiting, end, c});
    } else {
      add_varied(network, waiting, end);
    }
    waiting = end;
  };
  for (NeuronId id = first; id < last;) {
    while (std::uint64_t{found->first} + found->count <= id) {
      ++found;
    }
    const auto end = static_cast<NeuronId>(
        std::min<std::uint64_t>(std::uint64_t{found->first} + found->count, last));
    if (const ModelArea* const area = network.model_of(id); area != nullptr) {
      close(id);
      const NeuronId behind = std::min(last, area->first + area->count);
      add_models(network, *area, id, behind);
      waiting = id = behind;
      continue;
    }
    if (end - id >= kOwnRun) {
      close(id);
      add_alike(network, {id, end, found->neuron_class});
      waiting = end;
    }
    id = end;
  }
  close(last);
}

void StepPlan::add_models(const NetworkData& network, const ModelArea& area, NeuronId first,
                          NeuronId last) {
  for (NeuronId id = first; id < last; id += kBlock) {
    PlannedBlock block;
    block.first = id;
    block.count = std::min(kBlock, last - id);
    block.first_target = network.target_of(id);
    block.targets = block.count * area.ports;
    block.model = &area;
    blocks_.push_back(block);
  }
}

void StepPlan::add_alike(const NetworkData& network, const Run& run) {
  PlannedBlock block;
  block.neuron_class = &network.classes[run.neuron_class];
  block.form = form_of(*block.neuron_class, network.potential_driven);
  for (NeuronId id = run.first; id < run.last; id += kStepBlock) {
    block.first = id;
    block.count = std::min(kStepBlock, run.last - id);
    block.first_target = network.target_of(id);
    block.targets = block.count;
    blocks_.push_back(block);
  }
}

void StepPlan::add_varied(const NetworkData& network, NeuronId first, NeuronId last) {
  for (NeuronId id = first; id < last; id += kStepBlock) {
    PlannedBlock block;
    block.first = id;
    block.count = std::min(kStepBlock, last - id);
    block.first_target = network.target_of(id);
    block.targets = block.count;
    const auto form_at = [&](NeuronId neuron) {
      return form_of(network.classes[network.class_of[neuron]], network.potential_driven);
    };
    block.form = form_at(id);
    for (NeuronId neuron = id; neuron - id < block.count; ++neuron) {
      block.form = joined(block.form, form_at(neuron));
    }
    block.columns = store_.columns_of(network, id, block.count, kStepBlock);
    blocks_.push_back(block);
  }
}

bool draws_matter(const PlannedBlock& block, std::uint32_t rules, const float* u) {
  if (block.form == ClassForm::plain || (rules & model::kTestEveryBurst) == 0U) {
    return false;  // without input nobody is tested, or nobody draws
  }
  for (std::uint32_t i = 0; i < block.count; ++i) {
    const bool alike = block.neuron_class != nullptr;
    const std::uint32_t flags = alike ? block.neuron_class->flags : block.columns.flags[i];
    const float threshold = alike ? block.neuron_class->threshold : block.columns.threshold[i];
    if ((flags & model::kAlwaysFires) == 0U && u[i] >= threshold) {
      return true;
    }
  }
  return false;
}

}  // namespace rheobase
