// SPDX-License-Identifier: Apache-2.0
/// \file
/// The programs of a projection on blocks of synapses or of neurons.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "backends/cpu/block_program.h"
#include "network/view.h"

namespace rheobase {

/// A program whose parameters are the same for all.
class SharedProgram {
 public:
  SharedProgram(const Definition& definition, const std::vector<float>& parameters)
      : program_(definition.step, {parameters.begin(), parameters.end()}),
        states_(definition.step.next.size()) {
    for (const float& parameter : parameters) {
      parameters_.push_back(&parameter);
    }
    for (std::uint32_t p = 0; p < definition.step.ports; ++p) {
      reads_.push_back(reads_port(definition.step, p));
    }
  }

  [[nodiscard]] std::size_t states() const { return states_; }
  [[nodiscard]] std::size_t ports() const { return reads_.size(); }
  [[nodiscard]] bool reads(std::size_t port) const { return reads_[port]; }

  /// `states` and `ports`: arrays of kBlock numbers one behind the other.
  void run(std::uint32_t count, float* states, const float* ports, std::uint64_t t, double dt_ms,
           Registers& registers) const {
    std::array<float*, model::kMostStates + 1U> state{};
    std::array<const float*, model::kMostPorts> port{};
    for (std::size_t s = 0; s < states_; ++s) {
      state[s] = states + s * kBlock;
    }
    for (std::size_t p = 0; p < reads_.size(); ++p) {
      port[p] = ports + p * kBlock;
    }
    std::array<std::uint8_t, kBlock> fired;  // nothing fires
    program_.run({count,
                  {state.data(), states_},
                  {port.data(), reads_.size()},
                  parameters_,
                  0,
                  0,
                  t,
                  dt_ms,
                  fired.data()},
                 registers);
  }

 private:
  BlockProgram program_;
  std::size_t states_;
  std::vector<const float*> parameters_;
  std::vector<bool> reads_;
};

/// Bursts since a spike, as programs read them.
[[nodiscard]] inline float bursts_since(std::uint64_t spiked, std::uint64_t t) {
  const std::uint64_t bursts = spiked == 0 ? kLongAgo : t - spiked;
  return static_cast<float>(static_cast<std::int32_t>(std::min<std::uint64_t>(bursts, kLongAgo)));
}

}  // namespace rheobase
