// SPDX-License-Identifier: Apache-2.0
#include "backends/wgpu/device_neurons.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "backends/wgpu/drives.h"
#include "engine/backend.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::wgpu {
namespace {

/// Words of `extras` before the states of models: injections into targets, and the rarer state of
/// neurons.
std::uint64_t extra_words(const NetworkData& network) {
  const bool rarer =
      (network.step_rules & (model::kSeparateSnooze | model::kForgetFormerCandidate)) != 0U;
  return std::uint64_t{network.target_count} + (rarer ? network.neuron_count : 0U);
}

std::uint64_t product(std::uint64_t a, std::uint64_t b) { return a * b; }

std::uint64_t accumulator_bytes(const NetworkData& network) {
  const std::uint64_t sets = network.max_delay() == 1 ? 2 : 1;
  return sets * network.target_count * (network.charge.accumulator_bits == 32U ? 4U : 8U);
}

}  // namespace

DeviceNeurons::DeviceNeurons(Gpu& gpu, const NetworkData& network, const DeviceSynapses& synapses,
                             const std::vector<model::CompiledDrive>& drives,
                             const std::vector<std::uint64_t>& seeds)
    : gpu_(gpu),
      count_(network.neuron_count),
      target_count_(network.target_count),
      words_((network.neuron_count + 31U) / 32U),
      slots_(network.max_delay() + 1U),
      potentials_(network.potential_driven),
      extras_used_(extra_words(network) != network.target_count),
      models_({}, {}, 0, 0) {
  const std::uint64_t n = count_;
  // room for a few more long rows than there are, since edits make them
  const std::uint64_t long_room = std::min<std::uint64_t>(n, synapses.long_count() + n / 64U + 16U);
  long_capacity_ = static_cast<std::uint32_t>(long_room);
  long_at_ = 2U * words_;
  mask_at_ = long_at_ + long_capacity_;
  potentials_at_ = mask_at_ + words_;
  const std::uint64_t slot = potentials_at_ + (potentials_ ? n : 0U);
  if (product(slot, slots_) >= (std::uint64_t{1} << 32U)) {
    throw Error(ErrorCode::out_of_memory, "the network is too large for a GPU (fire queues of " +
                                              number_text(count_) + " neurons for " +
                                              number_text(slots_) +
                                              " bursts). Use the cpu backend, or shorter delays.");
  }
  slot_words_ = static_cast<std::uint32_t>(slot);
  class_capacity_ = static_cast<std::uint32_t>(network.classes.size() + 64U);

  accumulators = gpu.storage("accumulators", accumulator_bytes(network));
  states = gpu.storage("states", 8U * n);
  const std::vector<std::uint32_t> firsts = network.member_firsts();
  const std::vector<std::uint32_t> drive = drive_words(drives, firsts, count_);
  member_count_ = static_cast<std::uint32_t>(firsts.size());
  members_at_ = 2U * class_capacity_ + (count_ + 3U) / 4U;
  models_at_ = members_at_ + static_cast<std::uint32_t>(drive.size() / 4U);
  models_ = DeviceModels(network, seeds, extra_words(network), 4U * std::uint64_t{models_at_});
  extras = gpu.storage("injected potentials and states of models",
                       4U * (extra_words(network) + models_.state_words()));
  neurons = gpu.storage("neurons", 16U * std::uint64_t{models_at_} + 4U * models_.words().size());
  fired = gpu.storage("fire queues", 4U * slot * slots_);
  gpu.write(extras, 0, std::vector<std::uint32_t>(target_count_, kNotInjected));
  gpu.write(neurons, 16U * std::uint64_t{members_at_}, drive);
  if (!network.first_potentials.empty()) {
    // all else of a state begins as 0
    std::vector<std::uint32_t> packed(2U * network.first_potentials.size());
    for (std::size_t id = 0; id < network.first_potentials.size(); ++id) {
      packed[2U * id] = std::bit_cast<std::uint32_t>(network.first_potentials[id]);
    }
    gpu.write(states, 0, packed);
  }
  if (models_.count() != 0) {
    gpu.write(neurons, 16U * std::uint64_t{models_at_}, models_.words());
    models_.write(gpu, extras, initial_state(network));
  }
  write_classes(network, synapses);
}

void DeviceNeurons::check_sizes(const Gpu& gpu, const NetworkData& network) {
  const std::uint64_t n = network.neuron_count;
  const std::uint64_t slot = 3U * ((n + 31U) / 32U) + (network.potential_driven ? n : 0U);
  gpu.require_size("states", 8U * n);
  gpu.require_size("accumulators", accumulator_bytes(network));
  std::uint64_t state_words = extra_words(network);
  for (const ModelArea& area : network.model_areas) {
    state_words += std::uint64_t{area.count} * area.definition->states.size();
  }
  gpu.require_size("injected potentials and states of models", 4U * state_words);
  gpu.require_size("neurons", 32U * network.classes.size() + 4U * n);
  gpu.require_size("fire queues", 4U * slot * (network.max_delay() + 1U));
}

void DeviceNeurons::write_classes(const NetworkData& network, const DeviceSynapses& synapses) {
  static_assert(sizeof(model::NeuronClass) == 32, "two vec4 of the shader");
  gpu_.write(neurons, 0, network.classes.list());
  std::vector<std::uint32_t> words(network.class_of.list());
  for (std::uint32_t id = 0; id < count_; ++id) {
    words[id] |= synapses.has_long_rows(id) ? kLongRows : 0U;
  }
  if (class_words_.size() != words.size()) {
    class_words_.clear();
  }
  // only stretches that differ
  constexpr std::size_t kStretch = 4096;
  for (std::size_t at = 0; at < words.size(); at += kStretch) {
    const std::size_t size = std::min(kStretch, words.size() - at);
    if (class_words_.empty() ||
        std::memcmp(words.data() + at, class_words_.data() + at, 4U * size) != 0) {
      gpu_.write(neurons, 32U * std::uint64_t{class_capacity_} + 4U * at, words.data() + at,
                 4U * size);
    }
  }
  class_words_ = std::move(words);
}

bool DeviceNeurons::apply(const NetworkData& before, const NetworkData& after,
                          const DeviceSynapses& synapses) {
  const auto same_numbers = [](const ModelArea& a, const ModelArea& b) {
    return a.numbers == b.numbers;
  };
  if (!std::ranges::equal(after.model_areas, before.model_areas, same_numbers)) {
    return false;
  }
  if (after.neuron_count != before.neuron_count || after.target_count != before.target_count ||
      after.max_delay() != before.max_delay() ||
      after.charge.accumulator_bits != before.charge.accumulator_bits ||
      after.potential_driven != before.potential_driven || after.classes.size() > class_capacity_ ||
      synapses.long_count() > long_capacity_) {
    return false;
  }
  write_classes(after, synapses);
  return true;
}

void DeviceNeurons::describe(Params& p) const {
  p.neuron_count = count_;
  p.word_count = words_;
  p.slots = slots_;
  p.slot_words = slot_words_;
  p.long_at = long_at_;
  p.mask_at = mask_at_;
  p.potentials_at = potentials_at_;
  p.class_vectors = 2U * class_capacity_;
  p.members_at = members_at_;
  p.drives_at = members_at_ + member_count_;
  p.member_count = member_count_;
  p.member_size = std::max(1U, count_ / member_count_);
  p.model_count = models_.count();
  p.models_at = models_at_;
  p.rarer_at = extras_used_ ? target_count_ : 0U;
  p.writes_potentials = potentials_ ? 1U : 0U;
}

State DeviceNeurons::read_state(const NetworkData& network, const Buffer& results,
                                std::uint64_t burst) const {
  State state = initial_state(network);
  state.burst = burst;
  std::vector<std::uint32_t> packed(2U * std::size_t{count_});
  gpu_.read(states, 0, packed.data(), 4U * packed.size());
  for (std::uint32_t id = 0; id < count_; ++id) {
    state.u[id] = std::bit_cast<float>(packed[2U * id]);
    state.refractory_countdown[id] = static_cast<std::uint16_t>(packed[2U * id + 1U] & 0xFFFFU);
    state.fire_count[id] = static_cast<std::uint16_t>(packed[2U * id + 1U] >> 16U);
  }
  if (extras_used_) {
    packed.resize(count_);
    gpu_.read(extras, 4U * std::uint64_t{target_count_}, packed.data(), 4U * packed.size());
    for (std::uint32_t id = 0; id < count_; ++id) {
      state.snooze_countdown[id] = static_cast<std::uint16_t>(packed[id] & 0xFFFFU);
      state.forget[id] = static_cast<std::uint8_t>(packed[id] >> 16U);
    }
  }
  models_.read(gpu_, extras, state);
  std::vector<std::uint32_t> counts(count_words());
  gpu_.read(results, 0, counts.data(), 4U * counts.size());
  std::vector<std::uint32_t> mask(words_);
  std::vector<float> potentials(potentials_ ? count_ : 0U);
  for (std::size_t back = 0; back < state.fired.size(); ++back) {
    const std::uint32_t slot = slot_of(burst + slots_ - back);  // also before the first burst
    if (counts[slot * kQueueCounts + 2U] == 0U) {
      continue;
    }
    const std::uint64_t queue = 4U * product(slot, slot_words_);
    gpu_.read(fired, queue + 4U * std::uint64_t{mask_at_}, mask.data(), 4U * mask.size());
    if (potentials_) {
      gpu_.read(fired, queue + 4U * std::uint64_t{potentials_at_}, potentials.data(),
                4U * potentials.size());
    }
    for (std::uint32_t w = 0; w < words_; ++w) {
      for (std::uint32_t bits = mask[w]; bits != 0U; bits &= bits - 1U) {
        const std::uint32_t id = w * 32U + static_cast<std::uint32_t>(std::countr_zero(bits));
        state.fired[back].ids.push_back(id);
        if (potentials_) {
          state.fired[back].potentials.push_back(potentials[id]);
        }
      }
    }
  }
  return state;
}

void DeviceNeurons::write_state(const DeviceSynapses& synapses, const Buffer& results,
                                const State& state) {
  std::vector<std::uint32_t> packed(2U * std::size_t{count_});
  for (std::uint32_t id = 0; id < count_; ++id) {
    packed[2U * id] = std::bit_cast<std::uint32_t>(state.u[id]);
    packed[2U * id + 1U] =
        state.refractory_countdown[id] | (std::uint32_t{state.fire_count[id]} << 16U);
  }
  gpu_.write(states, 0, packed);
  if (extras_used_) {
    packed.resize(count_);
    for (std::uint32_t id = 0; id < count_; ++id) {
      packed[id] = state.snooze_countdown[id] | (std::uint32_t{state.forget[id]} << 16U);
    }
    gpu_.write(extras, 4U * std::uint64_t{target_count_}, packed);
  }

  models_.write(gpu_, extras, state);
  std::vector<std::uint32_t> counts(count_words(), 0U);
  for (std::size_t back = 0; back < state.fired.size(); ++back) {
    const FireQueue& queue = state.fired[back];
    if (queue.ids.empty()) {
      continue;
    }
    const std::uint32_t slot = slot_of(state.burst + slots_ - back);
    std::vector<std::uint32_t> words(slot_words_, 0U);
    std::vector<std::uint32_t> listed(words_, 0U);
    std::uint32_t long_ones = 0;
    for (std::size_t i = 0; i < queue.ids.size(); ++i) {
      const NeuronId id = queue.ids[i];
      words[mask_at_ + id / 32U] |= 1U << (id % 32U);
      if (synapses.has_long_rows(id)) {
        words[long_at_ + long_ones++] = id;
      } else {
        listed[id / 32U] |= 1U << (id % 32U);
      }
      if (potentials_) {
        words[potentials_at_ + id] = std::bit_cast<std::uint32_t>(queue.potentials[i]);
      }
    }
    std::uint32_t entries = 0;
    for (std::uint32_t w = 0; w < words_; ++w) {
      if (listed[w] != 0U) {
        words[2U * entries] = w;
        words[2U * entries + 1U] = listed[w];
        ++entries;
      }
    }
    counts[slot * kQueueCounts] = entries;
    counts[slot * kQueueCounts + 1U] = long_ones;
    counts[slot * kQueueCounts + 2U] = static_cast<std::uint32_t>(queue.ids.size());
    gpu_.write(fired, 4U * product(slot, slot_words_), words);
  }
  gpu_.write(results, 0, counts);
}

}  // namespace rheobase::wgpu
