// SPDX-License-Identifier: Apache-2.0
/// \file
/// The step of a user's model on the CPU: each operation for a block of neurons at a time, with
/// the bits of model/run_step.h. Threads share a program; each has registers of its own.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "backends/cpu/block_loops.h"
#include "model/step_program.h"

namespace rheobase {

/// What one thread needs to run programs, any of them in turn.
class Registers {
 public:
  Registers() = default;
  Registers(const Registers&) = delete;
  Registers& operator=(const Registers&) = delete;
  Registers(Registers&&) = default;
  Registers& operator=(Registers&&) = default;
  ~Registers() = default;

 private:
  friend class BlockProgram;
  std::vector<float> numbers_;  ///< the registers
  std::vector<float*> places_;  ///< see BlockProgram
  std::vector<float> padded_;   ///< the last neurons of a block that are no whole group
  std::uint64_t program_ = 0;   ///< whose places these are
  // single numbers that follow from the time
  std::vector<float> timed_;
  std::vector<std::uint32_t> values_;   ///< of the operations that give them
  std::optional<std::uint64_t> burst_;  ///< for which these are
};

/// One population's step on blocks of neurons.
class BlockProgram {
 public:
  /// `shared[p]`: the number of parameter p, if the population has one for all neurons.
  BlockProgram(const model::StepProgram& program, const std::vector<std::optional<float>>& shared,
               InstructionSet set = best_instruction_set());
  BlockProgram(const BlockProgram&) = delete;  // registers know where its numbers are
  BlockProgram& operator=(const BlockProgram&) = delete;
  BlockProgram(BlockProgram&&) = default;
  BlockProgram& operator=(BlockProgram&&) = default;
  ~BlockProgram() = default;

  struct Block {
    std::uint32_t count = 0;                   ///< at most kBlock
    std::span<float* const> states;            ///< of `count` numbers; read and written
    std::span<const float* const> ports;       ///< what arrived, of `count` numbers
    std::span<const float* const> parameters;  ///< of `count` numbers; not read where shared
    std::uint64_t seed = 1;
    std::uint32_t first_id = 0;  ///< draws count neuron i as first_id + i
    std::uint64_t burst = 0;
    double dt_ms = 1.0;
    std::uint8_t* fired = nullptr;  ///< `count` times 0 or 1: results
  };
  void run(const Block& block, Registers& registers) const;

  /// Registers that are in use at once: kBlock numbers each.
  [[nodiscard]] std::uint32_t registers() const { return register_count_; }
  /// Loops that a block runs through.
  [[nodiscard]] std::size_t length() const { return instructions_.size(); }

 private:
  friend class BlockCompiler;

  /// Operands are places: states, ports, parameters, registers, single numbers, in that order.
  struct Instruction {
    Loop loop = nullptr;
    DrawLoop draw = nullptr;  ///< instead, where it is one
    std::uint16_t to = 0;
    std::array<std::uint16_t, 4> from{};
    std::uint32_t site = 0;
  };

  /// A single number that changes from burst to burst.
  struct Timed {
    std::uint32_t single = 0;     ///< its number among `singles_`
    std::uint32_t operation = 0;  ///< of `single_program_`, whose result it is
  };

  void fit(Registers& registers) const;
  void set_time(const Block& block, Registers& registers) const;
  void run_whole(const Block& block, std::uint32_t count, Registers& registers) const;
  void run_rest(const Block& block, std::uint32_t first, Registers& registers) const;

  std::uint64_t id_ = 0;  ///< of this program, so that registers know it again
  std::uint32_t state_count_ = 0;
  std::uint32_t port_count_ = 0;
  std::uint32_t parameter_count_ = 0;
  std::uint32_t register_count_ = 0;
  std::vector<std::uint32_t> own_parameters_;  ///< that each neuron has
  std::vector<Instruction> instructions_;
  FiredLoop fired_ = nullptr;
  std::uint16_t fires_ = 0;
  std::vector<float> singles_;  ///< numbers that are the same for all neurons
  std::vector<Timed> timed_;    ///< these of them are in registers
  model::StepProgram single_program_;
};

}  // namespace rheobase
