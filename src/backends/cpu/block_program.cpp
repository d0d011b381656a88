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

}  // namespace

void BlockProgram::fit(Registers& r) const {
  if (r.program_ == id_) {
    return;
  }
  const std::size_t given = state_count_ + port_count_ + one_number_.size();
  if (r.numbers_.size() < register_count_ * kStride + kLanes) {
    r.numbers_.assign(register_count_ * kStride + kLanes, 0.0F);
  }
  if (r.padded_.size() < (given + 1) * kLanes) {
    r.padded_.assign((given + 1) * kLanes, 0.0F);
  }
  r.singles_.assign(singles_.size(), 0.0F);
  r.given_.assign(one_number_.size(), 0.0F);
  r.made_ = false;
  r.places_.resize(given + register_count_ + singles_.size());
  float* const numbers = aligned(r.numbers_);
  for (std::size_t i = 0; i < register_count_; ++i) {
    r.places_[given + i] = numbers + i * kStride;
  }
  for (std::size_t i = 0; i < singles_.size(); ++i) {
    r.places_[given + register_count_ + i] = &r.singles_[i];
  }
  r.program_ = id_;
}

void BlockProgram::make_singles(std::span<const float* const> parameters, Registers& r) const {
  bool same = r.made_;
  for (std::size_t p = 0; p < one_number_.size(); ++p) {
    const float number = one_number_[p] ? *parameters[p] : 0.0F;
    same = same && model::bits_of(number) == model::bits_of(r.given_[p]);
    r.given_[p] = number;
  }
  r.made_ = true;
  if (same || singles_.empty()) {
    return;
  }
  std::vector<std::uint32_t> values(single_program_.operations.size());
  model::run_step(single_program_, {.parameters = r.given_, .states = {}, .ports = {}}, values);
  for (std::size_t i = 0; i < singles_.size(); ++i) {
    r.singles_[i] = model::float_of(values[singles_[i]]);
  }
}

void BlockProgram::run(const Block& block, Registers& registers) const {
  fit(registers);
  make_singles(block.parameters, registers);
  const std::uint32_t whole = block.count & ~(kLanes - 1);
  if (whole != 0) {
    float** place = std::copy(block.states.begin(), block.states.begin() + state_count_,
                              registers.places_.data());
    // what is only read is not written: no instruction has it as its result
    const auto given = [&](std::span<const float* const> columns, std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) {
        *place++ = const_cast<float*>(columns[i]);
      }
    };
    given(block.ports, port_count_);
    given(block.parameters, one_number_.size());
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

/// Less than a whole group: on copies, of which the last neuron is repeated.
void BlockProgram::run_rest(const Block& block, std::uint32_t first, Registers& r) const {
  const std::uint32_t count = block.count - first;
  float* next = aligned(r.padded_);
  float** place = r.places_.data();
  const auto copied = [&](const float* from, bool one) {
    for (std::uint32_t i = 0; i < kLanes; ++i) {
      next[i] = one ? *from : from[first + std::min(i, count - 1)];
    }
    *place++ = next;
    next += kLanes;
  };
  for (std::size_t s = 0; s < state_count_; ++s) {
    copied(block.states[s], false);
  }
  for (std::size_t p = 0; p < port_count_; ++p) {
    copied(block.ports[p], false);
  }
  for (std::size_t p = 0; p < one_number_.size(); ++p) {
    copied(block.parameters[p], one_number_[p]);
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
