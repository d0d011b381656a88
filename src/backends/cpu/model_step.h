// SPDX-License-Identifier: Apache-2.0
/// \file
/// The step of neurons that have a model, on the CPU: block by block, operation by operation.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "backends/cpu/arrived.h"
#include "backends/cpu/block_program.h"
#include "engine/backend.h"

namespace rheobase {

/// Those of all areas with a model, prepared once; threads share them.
[[nodiscard]] inline std::vector<BlockProgram> block_programs(const NetworkData& network) {
  std::vector<BlockProgram> programs;
  for (const ModelArea& area : network.model_areas) {
    std::vector<std::optional<float>> shared;
    for (const std::vector<float>& numbers : area.numbers->parameters) {
      shared.push_back(numbers.size() == 1 ? std::optional<float>(numbers[0]) : std::nullopt);
    }
    programs.emplace_back(area.definition->step, shared);
  }
  return programs;
}

/// What one thread needs to step them.
template <class Word>
class ModelStep {
 public:
  static constexpr std::uint32_t kBlock = rheobase::kBlock;

  struct Neurons {
    const ModelArea* area = nullptr;
    StateTable* table = nullptr;
    NeuronId first = 0;
    std::uint32_t count = 0;          ///< at most kBlock
    std::uint32_t first_draw = 0;     ///< what the draws know the first one by
    Word* words = nullptr;            ///< sums of their targets, read and set to 0
    const float* injected = nullptr;  ///< for each target; null: nothing is injected
    std::uint8_t* fired = nullptr;    ///< result
  };

  void run(const BlockProgram& program, const Neurons& n, const NetworkData& network,
           std::uint64_t seed, std::uint64_t burst) {
    const ModelArea& area = *n.area;
    const std::uint32_t offset = n.first - area.first;
    states_.clear();
    parameters_.clear();
    ports_.clear();
    for (std::vector<float>& column : n.table->columns) {
      states_.push_back(column.data() + offset);
    }
    for (const std::vector<float>& numbers : area.numbers->parameters) {
      parameters_.push_back(numbers.size() == 1 ? numbers.data() : numbers.data() + offset);
    }
    arrived_.resize(std::size_t{area.ports} * kBlock);
    read_arrived<Word>({n.count, area.ports, network.charge.event_bits, network.charge.quantum_bits,
                        n.words, n.injected, arrived_.data()});
    for (std::uint32_t p = 0; p < area.ports; ++p) {
      ports_.push_back(arrived_.data() + std::size_t{p} * kBlock);
    }
    program.run(
        {n.count, states_, ports_, parameters_, seed, n.first_draw, burst, network.dt_ms, n.fired},
        registers_);
  }

 private:
  Registers registers_;
  std::vector<float> arrived_;
  std::vector<float*> states_;
  std::vector<const float*> ports_, parameters_;
};

}  // namespace rheobase
