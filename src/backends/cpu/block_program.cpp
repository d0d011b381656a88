// SPDX-License-Identifier: Apache-2.0
#include "backends/cpu/block_program.h"

#include <algorithm>
#include <cstring>

#include "model/run_step.h"

namespace rheobase {
namespace {

/// Registers lie a line further apart than they are long, so that not all of them meet in the same
/// sets of the cache.
constexpr std::size_t kStride = kBlock + kLanes;

/// The first place in `numbers` that begins a line.
float* aligned(std::vector<float>& numbers) {
  auto* const begin = numbers.data();
  const auto over = reinterpret_cast<std::uintptr_t>(begin) % (kLanes * sizeof(float));
  return begin + (over == 0 ? 0 : kLanes - over / sizeof(float));
}

/// What is only read has a place among what is written too: no instruction writes to it.
float* place_of(const float* given) { return const_cast<float*>(given); }

}  // namespace

void BlockProgram::fit(Registers& r) const {
  if (r.program_ == id_) {
    return;
  }
  const std::size_t given = state_count_ + port_count_ + parameter_count_;
  const auto at_least = [](std::vector<float>& numbers, std::size_t size) {
    if (numbers.size() < size) {
      numbers.assign(size, 0.0F);
    }
  };
  at_least(r.numbers_, register_count_ * kStride + kLanes);
  at_least(r.padded_, (given + 1) * kLanes);
  r.places_.assign(given, nullptr);
  for (std::size_t i = 0; i < register_count_; ++i) {
    r.places_.push_back(aligned(r.numbers_) + i * kStride);
  }
  const std::size_t first_single = r.places_.size();
  for (const float& single : singles_) {
    r.places_.push_back(place_of(&single));
  }
  r.timed_.resize(timed_.size());
  for (std::size_t i = 0; i < timed_.size(); ++i) {
    r.places_[first_single + timed_[i].single] = &r.timed_[i];
  }
  r.burst_.reset();
  r.program_ = id_;
}

/// What follows from the time alone is computed once a burst, not once a neuron.
void BlockProgram::set_time(const Block& block, Registers& r) const {
  if (timed_.empty() || r.burst_ == block.burst) {
    return;
  }
  r.values_.resize(single_program_.operations.size());
  model::StepInputs inputs;
  inputs.burst = block.burst;
  inputs.dt_ms = block.dt_ms;
  (void)model::run_step(single_program_, inputs, r.values_);
  for (std::size_t i = 0; i < timed_.size(); ++i) {
    r.timed_[i] = model::float_of(r.values_[timed_[i].operation]);
  }
  r.burst_ = block.burst;
}

void BlockProgram::run(const Block& block, Registers& registers) const {
  fit(registers);
  set_time(block, registers);
  const std::uint32_t whole = block.count & ~(kLanes - 1);
  if (whole != 0) {
    float** const places = registers.places_.data();
    std::copy_n(block.states.data(), state_count_, places);
    for (std::size_t p = 0; p < port_count_; ++p) {
      places[state_count_ + p] = place_of(block.ports[p]);
    }
    for (const std::uint32_t p : own_parameters_) {
      places[state_count_ + port_count_ + p] = place_of(block.parameters[p]);
    }
    run_whole(block, whole, registers);
  }
  if (whole != block.count) {
    run_rest(block, whole, registers);
  }
}

void BlockProgram::run_whole(const Block& block, std::uint32_t count, Registers& r) const {
  float* const* const places = r.places_.data();
  for (const Instruction& i : instructions_) {
    float* const to = places[i.to];
    const float* const a = places[i.from[0]];
    if (i.draw == nullptr) {
      i.loop(to, a, places[i.from[1]], places[i.from[2]], places[i.from[3]], count);
    } else {
      i.draw(to, a, {block.seed, block.burst, i.site, block.first_id}, count);
    }
  }
  fired_(block.fired, places[fires_], count);
}

/// Less than a whole group: on copies, in which the last neuron is repeated.
void BlockProgram::run_rest(const Block& block, std::uint32_t first, Registers& r) const {
  const std::uint32_t count = block.count - first;
  float* next = aligned(r.padded_);
  const auto copied = [&](std::size_t place, const float* from) {
    for (std::uint32_t i = 0; i < kLanes; ++i) {
      next[i] = from[first + std::min(i, count - 1)];
    }
    r.places_[place] = next;
    next += kLanes;
  };
  for (std::size_t s = 0; s < state_count_; ++s) {
    copied(s, block.states[s]);
  }
  for (std::size_t p = 0; p < port_count_; ++p) {
    copied(state_count_ + p, block.ports[p]);
  }
  for (const std::uint32_t p : own_parameters_) {
    copied(state_count_ + port_count_ + p, block.parameters[p]);
  }
  Block rest = block;
  std::array<std::uint8_t, kLanes> fired{};
  rest.fired = fired.data();
  rest.first_id = block.first_id + first;
  run_whole(rest, kLanes, r);
  for (std::size_t s = 0; s < state_count_; ++s) {
    std::memcpy(block.states[s] + first, r.places_[s], count * sizeof(float));
  }
  std::copy_n(fired.begin(), count, block.fired + first);
}

}  // namespace rheobase
