// SPDX-License-Identifier: Apache-2.0
/// \file
/// Expressions of parameters that are computed once, on the host, in double precision.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/step_program.h"

namespace rheobase {

enum class HostOp : std::uint8_t {
  number,
  parameter,  ///< number `a` of the definition, in its unit
  dt,         ///< in ms
  operation,  ///< `op` of a, b, c; truths are 0 and 1
  exprel,     ///< (e^a - 1) / a
  bursts,     ///< a / dt, which must be a whole number
  first,      ///< what state `b` begins with: what is given for it, else a
  matrix,     ///< e^M of matrix number `a`; its entries are read by
  entry,      ///< of the matrix at place a: row b, column c
};

struct HostOperation {
  HostOp kind = HostOp::number;
  model::Op op = model::Op::constant;
  std::uint32_t a = 0, b = 0, c = 0;
  double number = 0.0;
};

struct HostMatrix {
  static constexpr std::uint32_t kZero = 0xFFFFFFFFU;
  std::uint32_t size = 0;
  std::vector<std::uint32_t> entries;  ///< row by row: places, or kZero
};

/// Straight-line code; what it gives stands at the places `results`.
struct HostRoutine {
  struct Result {
    std::uint32_t place = 0;
    std::uint32_t line = 0;  ///< of the text, for errors
    float lowest = 0.0F, highest = 0.0F;
  };
  std::vector<HostOperation> operations;
  std::vector<HostMatrix> matrices;
  std::vector<Result> results;

  struct Inputs {
    std::span<const double> parameters;
    double dt_ms = 1.0;
    std::span<const std::optional<double>> first;  ///< of each state; may be empty
  };
  /// Rounded once. \throws Error invalid_argument for what is no number or outside its bounds.
  [[nodiscard]] std::vector<float> run(const Inputs& inputs, const std::string& model) const;
  /// The same results as they are. \throws Error invalid_argument for a time off the grid.
  [[nodiscard]] std::vector<double> evaluate(const Inputs& inputs, const std::string& model) const;
};

struct HostProgram {
  HostRoutine constants;  ///< of the step
  HostRoutine initial;    ///< values of the states
  bool chained = false;   ///< some of these follow from those of other states
};

namespace language {
/// What an operation of the step means in double precision; no draw.
[[nodiscard]] double host_value(model::Op op, double a, double b, double c);
/// e^M of a matrix, row by row, in place.
void exponentiate(std::vector<double>& matrix, std::uint32_t size);
}  // namespace language

}  // namespace rheobase
