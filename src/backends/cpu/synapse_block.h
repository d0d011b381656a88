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

/// What a thread needs: the numbers of a block.
class SynapseLanes {
 public:
  [[nodiscard]] float* state(std::size_t number) { return states_.data() + number * kBlock; }
  [[nodiscard]] float* port(std::size_t number) { return ports_.data() + number * kBlock; }
  [[nodiscard]] Registers& registers() { return registers_; }

 private:
  Registers registers_;
  std::vector<float> states_ = std::vector<float>((model::kMostStates + 1U) * kBlock);
  std::vector<float> ports_ = std::vector<float>(model::kMostPorts * kBlock);
};

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
  [[nodiscard]] bool reads(std::size_t port) const { return reads_[port]; }

  /// On what stands in the lanes.
  void run(std::uint32_t count, SynapseLanes& lanes, std::uint64_t t, double dt_ms) const {
    std::array<float*, model::kMostStates + 1U> states{};
    std::array<const float*, model::kMostPorts> ports{};
    for (std::size_t s = 0; s < states_; ++s) {
      states[s] = lanes.state(s);
    }
    for (std::size_t p = 0; p < reads_.size(); ++p) {
      ports[p] = lanes.port(p);
    }
    std::array<std::uint8_t, kBlock> fired;  // nothing fires
    program_.run({count,
                  {states.data(), states_},
                  {ports.data(), reads_.size()},
                  parameters_,
                  0,
                  0,
                  t,
                  dt_ms,
                  fired.data()},
                 lanes.registers());
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
