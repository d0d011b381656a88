// SPDX-License-Identifier: Apache-2.0
/// \file
/// The step of a user's model: straight-line operations on the values of one neuron. They are made
/// once, when a definition is read (src/definition), and mean the same on every backend, to the
/// bit: src/model/run_step.h says what.
#pragma once

#include <cstdint>
#include <vector>

namespace rheobase::model {

/// A value is 32 bits: a number (an f32 that is finite, normal or +0, within +-2^100) or a truth.
/// `a`, `b` and `c` are places of earlier operations; numbers unless said otherwise.
enum class Op : std::uint8_t {
  // what a step starts from; `word` says which
  constant,   ///< the number whose bits `word` is
  parameter,  ///< of the population: the same for all neurons, or one for each
  state,      ///< before the step
  port,       ///< what arrived in this burst
  // draws, keyed by (seed, call site `word`, neuron, burst)
  uniform,  ///< in [0, 1)
  normal,   ///< mean 0, standard deviation 1
  poisson,  ///< a whole number of mean a
  // numbers
  add,
  subtract,
  multiply,
  divide,
  power,  ///< a to the b
  minimum,
  maximum,
  absolute,
  square_root,
  exponential,
  logarithm,
  hyperbolic_tangent,
  sine,
  cosine,
  round_down,
  // truths from numbers
  less,        ///< a < b
  less_equal,  ///< a <= b
  equal,       ///< a == b
  // truths from truths
  both,
  either,
  opposite,
  // a is a truth
  select,  ///< b if a, else c
  // behind the others, whose numbers are in the hashes of models
  time,  ///< of the burst, `word` half steps after its beginning (model/step_time.h)
};
inline constexpr std::size_t kOpCount = static_cast<std::size_t>(Op::time) + 1;

struct Operation {
  Op op = Op::constant;
  std::uint32_t a = 0, b = 0, c = 0;
  std::uint32_t word = 0;
  friend bool operator==(const Operation&, const Operation&) = default;
};

/// Operations that read none of `a`, `b`, `c`; one; two; three of them.
[[nodiscard]] constexpr std::uint32_t operands_of(Op op) {
  switch (op) {
    case Op::constant:
    case Op::parameter:
    case Op::state:
    case Op::port:
    case Op::uniform:
    case Op::normal:
    case Op::time: return 0;
    case Op::poisson:
    case Op::absolute:
    case Op::square_root:
    case Op::exponential:
    case Op::logarithm:
    case Op::hyperbolic_tangent:
    case Op::sine:
    case Op::cosine:
    case Op::round_down:
    case Op::opposite: return 1;
    case Op::select: return 3;
    default: return 2;
  }
}
/// Whether the result is a truth. (That of a select is what b and c are: numbers only.)
[[nodiscard]] constexpr bool is_truth(Op op) { return op >= Op::less && op <= Op::opposite; }

inline constexpr std::uint32_t kMostOperations = 4096;
inline constexpr std::uint32_t kMostStates = 32;
inline constexpr std::uint32_t kMostPorts = 8;

struct StepProgram {
  std::vector<Operation> operations;
  std::vector<std::uint32_t> next;  ///< for each state: the place of its number after the step
  std::uint32_t fires = 0;          ///< the place of the truth whether the neuron fires
  std::uint32_t parameters = 0;     ///< how many there are
  std::uint32_t ports = 0;
  std::uint32_t sites = 0;  ///< call sites of draws
  friend bool operator==(const StepProgram&, const StepProgram&) = default;
};

/// Whether one burst may differ from another though the states and what arrives are the same.
[[nodiscard]] inline bool depends_on_burst(const StepProgram& step) {
  for (const Operation& o : step.operations) {
    if (o.op == Op::time) {
      return true;
    }
  }
  return step.sites != 0;
}

}  // namespace rheobase::model
