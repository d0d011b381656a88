// SPDX-License-Identifier: Apache-2.0
#include "definition/host_program.h"

#include "definition/double_functions.h"
#include "definition/limits.h"
#include "model/float_ops.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {

using model::Op;

namespace language {

double host_value(Op op, double a, double b, double c) {
  const auto truth = [](bool holds) { return holds ? 1.0 : 0.0; };
  switch (op) {
    case Op::add: return a + b;
    case Op::subtract: return a - b;
    case Op::multiply: return a * b;
    case Op::divide: return a / b;
    case Op::power: return pow_of(a, b);
    case Op::minimum: return b < a ? b : a;
    case Op::maximum: return b > a ? b : a;
    case Op::absolute: return a < 0.0 ? -a : a;
    case Op::square_root: return sqrt_of(a);
    case Op::exponential: return exp_of(a);
    case Op::logarithm: return log_of(a);
    case Op::hyperbolic_tangent: return tanh_of(a);
    case Op::sine: return sin_of(a);
    case Op::cosine: return cos_of(a);
    case Op::round_down: return floor_of(a);
    case Op::less: return truth(a < b);
    case Op::less_equal: return truth(a <= b);
    case Op::equal: return truth(a == b);
    case Op::both: return a * b;
    case Op::either: return truth(a + b > 0.0);
    case Op::opposite: return 1.0 - a;
    case Op::select: return a != 0.0 ? b : c;
    default: return 0.0;  // leaves have no operands, draws do not come here
  }
}

}  // namespace language

namespace {

double bursts_of(double time, double dt_ms, const std::string& model) {
  const double steps = time / dt_ms;
  const double whole = language::floor_of(steps + 0.5);
  const double off = steps - whole;
  if (steps >= 0.0 && steps <= language::kLongestRefractory && off <= 1e-6 && off >= -1e-6) {
    return whole;
  }
  const std::string problem =
      "model " + quoted_name(model) + ": the refractory period of " + rounded_text(time) + " ms ";
  if (!(steps >= 0.0 && steps <= language::kLongestRefractory)) {
    throw Error(ErrorCode::invalid_argument, problem +
                                                 "cannot be (it is from 0 to 2^24 bursts of " +
                                                 rounded_text(dt_ms) + " ms). Give another one.");
  }
  throw Error(ErrorCode::invalid_argument,
              problem + "is off the grid (dt is " + rounded_text(dt_ms) +
                  " ms). Nearest value: " + rounded_text(whole * dt_ms) + " ms.");
}

float rounded(double x, const HostRoutine::Result& result, const std::string& model) {
  if (x >= -language::kLargestNumber && x <= language::kLargestNumber) {
    const float value = model::canonical(static_cast<float>(x));
    if (value >= result.lowest && value <= result.highest) {
      return value;
    }
  }
  throw Error(ErrorCode::invalid_argument,
              "model " + quoted_name(model) + ": with what is given, a value of line " +
                  number_text(result.line) + " is " + (x == x ? rounded_text(x) : "no number") +
                  " (it can be from " + rounded_text(result.lowest) + " to " +
                  rounded_text(result.highest) +
                  "; infinity comes of a division by 0). Change "
                  "them.");
}

}  // namespace

std::vector<double> HostRoutine::evaluate(const Inputs& inputs, const std::string& model) const {
  std::vector<double> values(operations.size());
  std::vector<std::vector<double>> exponentials(matrices.size());
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const HostOperation& o = operations[i];
    switch (o.kind) {
      case HostOp::number: values[i] = o.number; break;
      case HostOp::parameter: values[i] = inputs.parameters[o.a]; break;
      case HostOp::dt: values[i] = inputs.dt_ms; break;
      case HostOp::operation:
        values[i] = language::host_value(o.op, values[o.a], values[o.b], values[o.c]);
        break;
      case HostOp::exprel: values[i] = language::exprel_of(values[o.a]); break;
      case HostOp::bursts: values[i] = bursts_of(values[o.a], inputs.dt_ms, model); break;
      case HostOp::first:
        values[i] = inputs.first.empty() ? values[o.a] : inputs.first[o.b].value_or(values[o.a]);
        break;
      case HostOp::matrix: {
        const HostMatrix& matrix = matrices[o.a];
        std::vector<double>& m = exponentials[o.a];
        m.resize(matrix.entries.size());
        for (std::size_t k = 0; k < m.size(); ++k) {
          m[k] = matrix.entries[k] == HostMatrix::kZero ? 0.0 : values[matrix.entries[k]];
        }
        language::exponentiate(m, matrix.size);
        break;
      }
      case HostOp::entry: {
        const std::uint32_t number = operations[o.a].a;
        values[i] = exponentials[number][o.b * matrices[number].size + o.c];
        break;
      }
    }
  }
  std::vector<double> numbers(results.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    numbers[i] = values[results[i].place];
  }
  return numbers;
}

std::vector<float> HostRoutine::run(const Inputs& inputs, const std::string& model) const {
  const std::vector<double> exact = evaluate(inputs, model);
  std::vector<float> numbers(exact.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    numbers[i] = rounded(exact[i], results[i], model);
  }
  return numbers;
}

}  // namespace rheobase
