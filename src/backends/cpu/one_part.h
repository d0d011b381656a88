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
#include "backends/cpu/quiet_blocks.h"
#include "backends/cpu/state_copy.h"
#include "backends/cpu/step.h"
#include "backends/cpu/step_plan.h"
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
        programs_(programs) {
    plan(network);
  }

  /// After an edit.
  void follow(const NetworkData& network) {
    accumulators_.learn_kinds(network);
    if (spread_ != nullptr) {
      spread_->learn_kinds(network);
    }
    plan(network);
  }
  void state_was_set() { quiet_.forget(plan_.blocks().size()); }

  /// Adds what all spikes send into this range.
  void deliver_range(const BurstContext& context, std::uint64_t spikes, PartResult& result) {
    const NetworkData& network = *context.network;
    const double events =
        events_of(network, spikes) + static_cast<double>(context.learning->events());
    accumulators_.expect(events * (last_ - first_) / network.neuron_count);
    accumulators_.deliver(context, 0, spikes, result);
    accumulators_.finish();
    accumulators_.deliver_learning(context, first_, last_, result);
  }

  /// Adds what synapses that learn send into this range, where the others are delivered by a group.
  void deliver_learning_alone(const BurstContext& context, PartResult& result) {
    accumulators_.expect(static_cast<double>(context.learning->events()) * (last_ - first_) /
                         context.network->neuron_count);
    accumulators_.deliver_learning(context, first_, last_, result);
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

  /// Something is injected into some of the targets from `first` on, before `end`.
  void mark_input(std::uint32_t first, std::uint32_t end) {
    const auto& blocks = plan_.blocks();
    const auto behind = std::upper_bound(
        blocks.begin(), blocks.end(), first,
        [](std::uint32_t target, const PlannedBlock& b) { return target < b.first_target; });
    for (auto b = static_cast<std::size_t>(behind - blocks.begin()) - 1U;
         b < blocks.size() && blocks[b].first_target < end; ++b) {
      input_[b] = 1;
    }
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
      mark_input(*target, *target + 1U);
    }
    injects_ = from != behind;
    for (const model::CompiledDrive& drive : *context.drives) {
      const std::uint64_t drive_end = std::uint64_t{drive.first} + drive.count;
      const NeuronId low = std::max(drive.first, first_);
      const auto high = static_cast<NeuronId>(std::min<std::uint64_t>(drive_end, last_));
      if (low < high && is_rare(drive)) {
        drive_rarely(context, drive, low, high);
      } else if (low < high) {
        drive_all(context, drive, low, high);
      }
    }
  }

  /// What a drive gives neurons from `from` on, before `to`.
  void drive_all(const BurstContext& context, const model::CompiledDrive& drive, NeuronId from,
                 NeuronId to) {
    DriveBlock<Word> block{&drive,
                           context.burst,
                           0,
                           0,
                           1,
                           nullptr,
                           nullptr,
                           accumulators_.event_mask(),
                           accumulators_.one_event()};
    for (NeuronId id = from; id < to; id += block.count) {
      const Alike alike = alike_from(*context.network, id, to);
      const std::uint32_t target = context.network->target_of(id) + drive.port;
      block.first = id;
      // up to where numbers are drawn by other calls
      const std::uint32_t drawn = kDriveBlock - (id - drive.origin) % model::kUnitsOfCalls;
      block.count = std::min(drawn, alike.until - id);
      block.stride = alike.targets;
      block.injected = injected_.data() + (target - first_target_);
      block.words = accumulators_.words() + (target - first_target_);
      if (drive_block(block)) {
        injects_ = true;
        mark_input(target, target + (block.count - 1U) * block.stride + 1U);
      }
    }
  }

  /// The same where few get something.
  void drive_rarely(const BurstContext& context, const model::CompiledDrive& drive, NeuronId from,
                    NeuronId to) {
    rare_events_.clear();
    find_rare_events(drive, context.burst, from, to, rare_events_);
    for (const RareEvents& got : rare_events_) {
      const std::uint32_t target = context.network->target_of(got.id) + drive.port;
      add(target, model::drive_potential(drive, got.events));
      mark_input(target, target + 1U);
      injects_ = true;
    }
  }

  void plan(const NetworkData& network) {
    plan_.make(network, first_, last_);
    quiet_.forget(plan_.blocks().size());
    input_.assign(plan_.blocks().size(), 0);
  }

  void step(const BurstContext& context, std::span<Part* const> shares, PartResult& result) {
    const NetworkData& network = *context.network;
    std::array<std::array<StepFunction<Word>, kClassForms>, 2> loops{};
    for (std::size_t form = 0; form < kClassForms; ++form) {
      for (const bool varied : {false, true}) {
        loops[varied ? 1 : 0][form] = step_function<Word>(
            network.step_rules, static_cast<ClassForm>(form), context.branches, varied);
      }
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

    for (std::size_t b = 0; b < plan_.blocks().size(); ++b) {
      const PlannedBlock& planned = plan_.blocks()[b];
      // what branches were taken is told of every neuron and burst
      bool tries = !context.branches && quiet_.is_due(b);
      if (tries && (input_[b] != 0 || arrived(planned, shares, network))) {
        quiet_.reached(b);
        tries = false;
      }
      if (tries && quiet_.is_quiet(b)) {
        continue;
      }
      if (tries) {
        before_.take(*context.state, network, planned);
      }
      for (Part* share : shares) {
        share->spread_->move_to(words_of(planned), planned.first_target, planned.targets);
      }
      if (planned.model != nullptr) {
        step_model(planned, context);
      } else {
        block.neuron_class = planned.neuron_class;
        block.columns = &planned.columns;
        const bool varied = planned.neuron_class == nullptr;
        point_at(block, planned, context);
        loops[varied ? 1 : 0][static_cast<std::size_t>(planned.form)](block);
      }
      const bool fires = collect(planned.first, planned.count, context, result);
      if (tries) {
        quiet_.tried(b, !fires && stays(planned, context));
      }
    }
    for (std::size_t b = 0; injects_ && b < input_.size(); ++b) {
      if (input_[b] != 0) {
        const PlannedBlock& got = plan_.blocks()[b];
        std::fill_n(injected_.begin() + (got.first_target - first_target_), got.targets, 0.0F);
        input_[b] = 0;
      }
    }
    injects_ = false;
  }

  /// Whether any event reached the block in this burst.
  [[nodiscard]] bool arrived(const PlannedBlock& block, std::span<Part* const> shares,
                             const NetworkData& network) const {
    if (shares.empty() || !network.projections.empty()) {
      if (accumulators_.reached(block.first_target, block.targets)) {
        return true;
      }
    }
    return std::any_of(shares.begin(), shares.end(), [&](const Part* share) {
      return share->spread_->reached(block.first_target, block.targets);
    });
  }

  /// Whether a block that nothing reached will be as it is in the next burst too, if nothing
  /// reaches it again: it was stepped, and none fired.
  [[nodiscard]] bool stays(const PlannedBlock& block, const BurstContext& context) const {
    const NetworkData& network = *context.network;
    const bool by_chance =
        block.model != nullptr
            ? model::depends_on_burst(block.model->definition->step)
            : draws_matter(block, network.step_rules, context.state->u.data() + block.first);
    return !by_chance && before_.equals(*context.state, network, block);
  }

  void step_model(const PlannedBlock& block, const BurstContext& context) {
    const NetworkData& network = *context.network;
    const auto index = static_cast<std::size_t>(block.model - network.model_areas.data());
    std::fill(potential_at_firing_.begin(), potential_at_firing_.end(), 0.0F);
    model_step_.run(programs_[index],
                    {block.model, &context.state->tables[index], block.first, block.count,
                     block.first, words_of(block), injected_at(block), fired_.data()},
                    network, context.seed, context.burst);
    for (std::uint32_t i = 0; context.branches && i < block.count; ++i) {
      branches_[i] = fired_[i] != 0 ? std::uint32_t{model::kFired} : 0U;
    }
  }

  [[nodiscard]] Word* words_of(const PlannedBlock& block) {
    return accumulators_.words() + (block.first_target - first_target_);
  }
  /// Null: nothing is injected into the block.
  [[nodiscard]] const float* injected_at(const PlannedBlock& block) const {
    return injects_ ? injected_.data() + (block.first_target - first_target_) : nullptr;
  }

  void point_at(StepBlock<Word>& block, const PlannedBlock& planned, const BurstContext& context) {
    State& state = *context.state;
    block.first = planned.first;
    block.count = planned.count;
    block.words = words_of(planned);
    // most bursts inject nothing: one block of zeros is read again and again
    const float* const injected = injected_at(planned);
    block.injected = injected != nullptr ? injected : kNothing.data();
    block.u = state.u.data() + block.first;
    block.refractory_countdown = state.refractory_countdown.data() + block.first;
    block.fire_count = state.fire_count.data() + block.first;
    block.snooze_countdown = state.snooze_countdown.data() + block.first;
    block.forget = state.forget.data() + block.first;
  }

  /// The neurons first .. first + count - 1 were stepped. \return whether any fired.
  bool collect(NeuronId first, std::uint32_t count, const BurstContext& context,
               PartResult& result) {
    const std::size_t before = result.fired.ids.size();
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
    return result.fired.ids.size() != before;
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
  std::vector<float> injected_;                 ///< for each target
  std::vector<std::uint8_t> input_;  ///< of each block: 1 if its part of that may be not zero
  bool injects_ = false;             ///< whether that is so of any
  std::vector<RareEvents> rare_events_;
  const std::vector<BlockProgram>& programs_;  ///< of the areas with a model
  ModelStep<Word> model_step_;
  StepPlan plan_;
  QuietBlocks quiet_;
  StateCopy before_;
  std::array<std::uint8_t, kStepBlock + sizeof(std::uint64_t)> fired_{};
  std::array<float, kStepBlock> potential_at_firing_{};
  std::array<std::uint32_t, kStepBlock> branches_{};
};

}  // namespace rheobase
