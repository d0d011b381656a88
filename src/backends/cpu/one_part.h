// SPDX-License-Identifier: Apache-2.0
/// \file
/// One thread's range of neurons: what it delivers, injects and steps in a burst. \see part.h
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

#include "backends/cpu/deliver.h"
#include "backends/cpu/drive_block.h"
#include "backends/cpu/groups.h"
#include "backends/cpu/model_step.h"
#include "backends/cpu/step.h"
#include "model/neuron_step.h"

namespace rheobase {

/// Threads that share rows.
template <class Part>
struct Group {
  std::span<Part* const> parts;                ///< whose neurons they deliver to
  std::uint32_t threads = 1;                   ///< that do so
  std::atomic<std::uint64_t>* next = nullptr;  ///< the first spike that none of them has taken
};

/// One thread's range of neurons.
template <class Word>
class Part {
 public:
  Part(const NetworkData& network, const std::vector<BlockProgram>& programs, NeuronId first,
       NeuronId last)
      : first_(first),
        last_(last),
        first_target_(network.target_of(first)),
        last_target_(network.target_of(last)),
        accumulators_(network, first_target_, last_target_),
        injected_(last_target_ - first_target_, 0.0F),
        programs_(programs) {}

  void learn_kinds(const NetworkData& network) {
    accumulators_.learn_kinds(network);
    if (spread_ != nullptr) {
      spread_->learn_kinds(network);
    }
  }

  /// Adds what all spikes send into this range.
  void deliver_range(const BurstContext& context, std::uint64_t spikes, PartResult& result) {
    const NetworkData& network = *context.network;
    accumulators_.expect(events_of(network, spikes) * (last_ - first_) / network.neuron_count);
    accumulators_.deliver(context, 0, spikes, result);
    accumulators_.finish();
  }

  /// Takes spikes, some at a time, and adds what they send to the neurons of a group.
  void deliver_share(const BurstContext& context, std::uint64_t spikes, const Group<Part>& group,
                     PartResult& result) {
    const NetworkData& network = *context.network;
    const std::uint32_t first = group.parts.front()->first_target_;
    const std::uint32_t last = group.parts.back()->last_target_;
    if (spread_ == nullptr) {
      spread_ = std::make_unique<Accumulators<Word>>(network, first, last);
    }
    spread_->cover(first, last);
    spread_->expect(events_of(network, spikes) * (last - first) / network.target_count /
                    group.threads);
    const std::uint64_t chunk = std::clamp<std::uint64_t>(
        spikes / (std::uint64_t{kChunksPerThread} * group.threads), 1, kLargestChunk);
    std::atomic<std::uint64_t>& next = *group.next;
    for (std::uint64_t from = next.fetch_add(chunk); from < spikes; from = next.fetch_add(chunk)) {
      spread_->deliver(context, from, std::min(from + chunk, spikes), result);
    }
    spread_->finish();
  }

  /// `shares`: parts whose `deliver_share` was called in this burst for this part's group.
  void inject_and_step(const BurstContext& context, std::span<Part* const> shares,
                       PhaseClock& clock, PartResult& result) {
    inject(context);
    clock.done("inject");
    step(context, shares, result);
    clock.done("step");
  }

 private:
  void add(std::uint32_t target, float value) {
    float& sum = injected_[target - first_target_];
    sum = model::add_rn(sum, value);
    accumulators_.mark_candidate(target);
  }

  /// Neurons with as many targets each.
  struct Alike {
    NeuronId until = 0;
    std::uint32_t targets = 1;
  };
  /// Those from `id` on, before `end`, that have one model or none.
  [[nodiscard]] static Alike alike_from(const NetworkData& network, NeuronId id, NeuronId end) {
    for (const ModelArea& area : network.model_areas) {
      if (area.first > id) {
        return {std::min(end, area.first), 1};
      }
      if (area.first + area.count > id) {
        return {std::min(end, area.first + area.count), area.ports};
      }
    }
    return {end, 1};
  }

  /// Scheduled and sensory input first, then the drives in order.
  void inject(const BurstContext& context) {
    const BurstRequest& request = *context.request;
    const auto all = request.injection_targets.begin();
    const auto begin = all + static_cast<std::ptrdiff_t>(request.injection_begin[context.index]);
    const auto end = all + static_cast<std::ptrdiff_t>(request.injection_begin[context.index + 1]);
    const auto from = std::lower_bound(begin, end, first_target_);
    const auto behind = std::lower_bound(from, end, last_target_);
    for (auto target = from; target != behind; ++target) {
      add(*target, request.injection_values[static_cast<std::size_t>(target - all)]);
    }
    listed_ = {from, behind};
    for (const model::CompiledDrive& drive : *context.drives) {
      const std::uint64_t drive_end = std::uint64_t{drive.first} + drive.count;
      const auto to = static_cast<NeuronId>(std::min<std::uint64_t>(drive_end, last_));
      DriveBlock<Word> block{&drive,
                             context.burst,
                             0,
                             0,
                             1,
                             nullptr,
                             nullptr,
                             accumulators_.event_mask(),
                             accumulators_.one_event()};
      for (NeuronId id = std::max(drive.first, first_); id < to; id += block.count) {
        const Alike alike = alike_from(*context.network, id, to);
        const std::uint32_t target = context.network->target_of(id) + drive.port;
        block.first = id;
        block.count = std::min(kDriveBlock, alike.until - id);
        block.stride = alike.targets;
        block.injected = injected_.data() + (target - first_target_);
        block.words = accumulators_.words() + (target - first_target_);
        driven_ |= drive_block(block);
      }
    }
  }

  void step(const BurstContext& context, std::span<Part* const> shares, PartResult& result) {
    const NetworkData& network = *context.network;
    std::array<StepFunction<Word>, kClassForms> loops{};
    for (std::size_t form = 0; form < kClassForms; ++form) {
      loops[form] =
          step_function<Word>(network.step_rules, static_cast<ClassForm>(form), context.branches);
    }
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
      if (const ModelArea* const area = network.model_of(id); area != nullptr) {
        id = step_model(*area, id, context, shares, result);
        continue;
      }
      block.neuron_class = &network.classes[stretch->neuron_class];
      const ClassForm form = form_of(*block.neuron_class, network.potential_driven);
      const StepFunction<Word> step_block = loops[static_cast<std::size_t>(form)];
      const auto end = static_cast<NeuronId>(
          std::min<std::uint64_t>(std::uint64_t{stretch->first} + stretch->count, last_));
      for (; id < end; id += block.count) {
        block.first = id;
        block.count = std::min(kStepBlock, end - id);
        point_at(block, context);
        for (Part* share : shares) {
          share->spread_->move_to(block.words, network.target_of(block.first), block.count);
        }
        step_block(block);
        collect(block.first, block.count, context, result);
      }
    }
    if (driven_) {
      std::fill(injected_.begin(), injected_.end(), 0.0F);
      driven_ = false;
    } else {
      for (const std::uint32_t target : listed_) {
        injected_[target - first_target_] = 0.0F;
      }
    }
    listed_ = {};
  }

  /// Steps the neurons of an area with a model, from `id` on. \return the id behind the last.
  NeuronId step_model(const ModelArea& area, NeuronId id, const BurstContext& context,
                      std::span<Part* const> shares, PartResult& result) {
    const NetworkData& network = *context.network;
    const auto index = static_cast<std::size_t>(&area - network.model_areas.data());
    const NeuronId end = std::min(last_, area.first + area.count);
    std::fill(potential_at_firing_.begin(), potential_at_firing_.end(), 0.0F);
    for (std::uint32_t count = 0; id < end; id += count) {
      count = std::min(ModelStep<Word>::kBlock, end - id);
      const std::uint32_t target = network.target_of(id);
      Word* const words = accumulators_.words() + (target - first_target_);
      for (Part* share : shares) {
        share->spread_->move_to(words, target, count * area.ports);
      }
      model_step_.run(programs_[index],
                      {&area, &context.state->tables[index], id, count, id, words,
                       injects() ? injected_.data() + (target - first_target_) : nullptr,
                       fired_.data()},
                      network, context.seed, context.burst);
      for (std::uint32_t i = 0; context.branches && i < count; ++i) {
        branches_[i] = fired_[i] != 0 ? std::uint32_t{model::kFired} : 0U;
      }
      collect(id, count, context, result);
    }
    return end;
  }

  [[nodiscard]] bool injects() const { return driven_ || !listed_.empty(); }

  void point_at(StepBlock<Word>& block, const BurstContext& context) {
    State& state = *context.state;
    const std::uint32_t at = context.network->target_of(block.first) - first_target_;
    block.words = accumulators_.words() + at;
    // most bursts inject nothing: one block of zeros is read again and again
    block.injected = injects() ? injected_.data() + at : kNothing.data();
    block.u = state.u.data() + block.first;
    block.refractory_countdown = state.refractory_countdown.data() + block.first;
    block.fire_count = state.fire_count.data() + block.first;
    block.snooze_countdown = state.snooze_countdown.data() + block.first;
    block.forget = state.forget.data() + block.first;
  }

  /// The neurons first .. first + count - 1 were stepped.
  void collect(NeuronId first, std::uint32_t count, const BurstContext& context,
               PartResult& result) {
    // eight at a time: few fire
    fired_[count] = 1;  // a neuron behind the last ends the search
    for (std::uint32_t i = next_fired(0); i < count; i = next_fired(i + 1)) {
      result.fired.ids.push_back(first + i);
      if (context.network->potential_driven) {
        result.fired.potentials.push_back(potential_at_firing_[i]);
      }
    }
    for (std::uint32_t i = 0; context.branches && i < count; ++i) {
      for (std::size_t bit = 0; bit < kBranchCount; ++bit) {
        result.branches[bit] += (branches_[i] >> bit) & 1U;
      }
    }
  }

  /// The first entry from i on that is set; one must be.
  [[nodiscard]] std::uint32_t next_fired(std::uint32_t i) const {
    for (; i % sizeof(std::uint64_t) != 0; ++i) {
      if (fired_[i] != 0) {
        return i;
      }
    }
    // first four words at a time, then the word, then the byte
    std::array<std::uint64_t, 4> words{};
    for (; i + sizeof words <= fired_.size(); i += sizeof words) {
      std::memcpy(words.data(), fired_.data() + i, sizeof words);
      if ((words[0] | words[1] | words[2] | words[3]) != 0) {
        break;
      }
    }
    for (;; i += sizeof words[0]) {
      std::memcpy(words.data(), fired_.data() + i, sizeof words[0]);
      if (words[0] != 0) {
        break;
      }
    }
    const int zeros = std::endian::native == std::endian::little ? std::countr_zero(words[0])
                                                                 : std::countl_zero(words[0]);
    return i + static_cast<std::uint32_t>(zeros) / 8U;
  }

  static constexpr std::array<float, kStepBlock> kNothing{};
  static constexpr std::uint32_t kChunksPerThread = 4;
  static constexpr std::uint64_t kLargestChunk = 1024;

  NeuronId first_, last_;
  std::uint32_t first_target_, last_target_;
  Accumulators<Word> accumulators_;
  std::unique_ptr<Accumulators<Word>> spread_;  ///< of a group's neurons, most of which others step
  std::vector<float> injected_;  ///< for each target
  // what of `injected_` is not zero: after drives anything, else the input of the burst
  bool driven_ = false;
  std::span<const std::uint32_t> listed_;
  const std::vector<BlockProgram>& programs_;  ///< of the areas with a model
  ModelStep<Word> model_step_;
  std::array<std::uint8_t, kStepBlock + sizeof(std::uint64_t)> fired_{};
  std::array<float, kStepBlock> potential_at_firing_{};
  std::array<std::uint32_t, kStepBlock> branches_{};
};

}  // namespace rheobase
