// SPDX-License-Identifier: Apache-2.0
#include "backends/cpu/part.h"

#include <algorithm>
#include <array>

#include "backends/cpu/deliver.h"
#include "backends/cpu/step.h"
#include "model/drive.h"

namespace rheobase {
namespace {

template <class Word>
class Part final : public CpuPart {
 public:
  Part(const NetworkData& network, NeuronId first, NeuronId last)
      : first_(first),
        last_(last),
        accumulators_(network, first, last),
        injected_(last - first, 0.0F) {}

  void learn_kinds(const NetworkData& network) override { accumulators_.learn_kinds(network); }

  void run(const BurstContext& context, std::uint32_t lane, PartResult& result) override {
    result = PartResult{};
    PhaseClock clock(context.request->profile, context.burst, lane, result.spans);
    accumulators_.deliver(context, result);
    clock.done("deliver");
    inject(context);
    clock.done("inject");
    step(context, result);
    clock.done("step");
  }

 private:
  void add(NeuronId id, float value) {
    float& sum = injected_[id - first_];
    sum = model::add_rn(sum, value);
    accumulators_.mark_candidate(id);
  }

  /// Scheduled and sensory input first, then the drives in order.
  void inject(const BurstContext& context) {
    const BurstRequest& request = *context.request;
    const auto ids = request.injection_ids.begin();
    const auto begin = ids + static_cast<std::ptrdiff_t>(request.injection_begin[context.index]);
    const auto end = ids + static_cast<std::ptrdiff_t>(request.injection_begin[context.index + 1]);
    for (auto id = std::lower_bound(begin, end, first_); id != end && *id < last_; ++id) {
      add(*id, request.injection_values[static_cast<std::size_t>(id - ids)]);
      injects_ = true;
    }
    for (const model::CompiledDrive& drive : *context.drives) {
      const std::uint64_t drive_end = std::uint64_t{drive.first} + drive.count;
      const auto to = static_cast<NeuronId>(std::min<std::uint64_t>(drive_end, last_));
      for (NeuronId id = std::max(drive.first, first_); id < to; ++id) {
        const std::uint32_t events = model::drive_events(drive, context.seed, id, context.burst);
        if (events != 0U) {
          add(id, model::drive_potential(drive, events));
          injects_ = true;
        }
      }
    }
  }

  void step(const BurstContext& context, PartResult& result) {
    const NetworkData& network = *context.network;
    const StepFunction<Word> step_block = step_function<Word>(network.step_rules, context.branches);
    StepBlock<Word> block;
    block.rules = network.step_rules;
    block.burst_low = static_cast<std::uint32_t>(context.burst);
    block.quantum_bits = network.charge.quantum_bits;
    block.event_bits = network.charge.event_bits;
    block.counts_candidates = network.counts_candidates;
    block.fired = fired_.data();
    block.potential_at_firing = potential_at_firing_.data();
    block.branches = branches_.data();

    auto stretch = std::upper_bound(network.runs.begin(), network.runs.end(), first_,
                                    [](NeuronId id, const ClassRun& r) { return id < r.first; }) -
                   1;
    for (NeuronId id = first_; id < last_; ++stretch) {
      block.neuron_class = &network.classes[stretch->neuron_class];
      const auto end = static_cast<NeuronId>(
          std::min<std::uint64_t>(std::uint64_t{stretch->first} + stretch->count, last_));
      for (; id < end; id += block.count) {
        block.first = id;
        block.count = std::min(kStepBlock, end - id);
        point_at(block, *context.state);
        step_block(block);
        collect(block, context, result);
      }
    }
    if (injects_) {
      std::fill(injected_.begin(), injected_.end(), 0.0F);
      injects_ = false;
    }
  }

  void point_at(StepBlock<Word>& block, State& state) {
    block.words = accumulators_.words() + (block.first - first_);
    block.injected = injected_.data() + (block.first - first_);
    block.u = state.u.data() + block.first;
    block.refractory_countdown = state.refractory_countdown.data() + block.first;
    block.fire_count = state.fire_count.data() + block.first;
    block.snooze_countdown = state.snooze_countdown.data() + block.first;
    block.forget = state.forget.data() + block.first;
  }

  void collect(const StepBlock<Word>& block, const BurstContext& context,
               PartResult& result) const {
    for (std::uint32_t i = 0; i < block.count; ++i) {
      if (fired_[i] != 0) {
        result.fired.ids.push_back(block.first + i);
        if (context.network->potential_driven) {
          result.fired.potentials.push_back(potential_at_firing_[i]);
        }
      }
    }
    for (std::uint32_t i = 0; context.branches && i < block.count; ++i) {
      for (std::size_t bit = 0; bit < kBranchCount; ++bit) {
        result.branches[bit] += (branches_[i] >> bit) & 1U;
      }
    }
  }

  NeuronId first_, last_;
  Accumulators<Word> accumulators_;
  std::vector<float> injected_;
  bool injects_ = false;  ///< whether `injected_` holds anything but zeros
  std::array<std::uint8_t, kStepBlock> fired_{};
  std::array<float, kStepBlock> potential_at_firing_{};
  std::array<std::uint32_t, kStepBlock> branches_{};
};

}  // namespace

std::unique_ptr<CpuPart> make_cpu_part(const NetworkData& network, NeuronId first, NeuronId last) {
  if (network.charge.accumulator_bits == 32U) {
    return std::make_unique<Part<std::int32_t>>(network, first, last);
  }
  return std::make_unique<Part<std::int64_t>>(network, first, last);
}

}  // namespace rheobase
