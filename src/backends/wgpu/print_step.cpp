// SPDX-License-Identifier: Apache-2.0
#include "backends/wgpu/print_step.h"

#include <cstdint>

#include "rheobase/text.h"

namespace rheobase::wgpu {
namespace {

using model::Op;

/// What an operation is called, with its operands as %a, %b, %c and its word as %w.
const char* pattern_of(Op op) {
  switch (op) {
    case Op::constant: return "float_of(%wu)";
    case Op::parameter: return "";  // by whether it is single
    case Op::state: return "model_state(at, %wu)";
    case Op::port: return "arrived_%w";
    case Op::uniform: return "uniform_of(model_draw(at, %wu).x)";
    case Op::normal: return "normal_of(model_draw(at, %wu).x, model_draw(at, %wu).y)";
    case Op::poisson: return "poisson_of(%a, model_draw(at, %wu).x)";
    case Op::add: return "add_rn(%a, %b)";
    case Op::subtract: return "add_rn(%a, -%b)";
    case Op::multiply: return "mul_rn(%a, %b)";
    case Op::divide: return "div_rn(%a, %b)";
    case Op::power: return "pow_rn(%a, %b)";
    case Op::minimum: return "select(%a, %b, %b < %a)";
    case Op::maximum: return "select(%a, %b, %b > %a)";
    case Op::absolute: return "float_of(bits_of(%a) & 0x7FFFFFFFu)";
    case Op::square_root: return "sqrt_rn(%a)";
    case Op::exponential: return "exp_rn(%a)";
    case Op::logarithm: return "log_rn(%a)";
    case Op::hyperbolic_tangent: return "tanh_rn(%a)";
    case Op::sine: return "sin_rn(%a)";
    case Op::cosine: return "cos_rn(%a)";
    case Op::round_down: return "floor_rn(%a)";
    case Op::less: return "%a < %b";
    case Op::less_equal: return "%a <= %b";
    case Op::equal: return "%a == %b";
    case Op::both: return "%a & %b";
    case Op::either: return "%a | %b";
    case Op::opposite: return "!%a";
    case Op::select: return "select(%c, %b, %a)";
    case Op::time: return "model_time(%wu)";
  }
  return "";
}

std::string value_name(std::uint32_t place) { return "v" + number_text(place); }

std::string filled(std::string_view pattern, const model::Operation& o) {
  std::string text;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      text += pattern[i];
      continue;
    }
    switch (pattern[++i]) {
      case 'a': text += value_name(o.a); break;
      case 'b': text += value_name(o.b); break;
      case 'c': text += value_name(o.c); break;
      default: text += number_text(o.word); break;
    }
  }
  return text;
}

/// Operations that the result hangs on.
std::vector<bool> needed(const model::StepProgram& step) {
  std::vector<bool> needed(step.operations.size(), false);
  needed[step.fires] = true;
  for (const std::uint32_t place : step.next) {
    needed[place] = true;
  }
  for (std::size_t i = step.operations.size(); i-- > 0;) {
    const model::Operation& o = step.operations[i];
    const std::uint32_t operands = needed[i] ? model::operands_of(o.op) : 0U;
    if (operands > 0) {
      needed[o.a] = true;
    }
    if (operands > 1) {
      needed[o.b] = true;
    }
    if (operands > 2) {
      needed[o.c] = true;
    }
  }
  return needed;
}

}  // namespace

std::string print_step(const model::StepProgram& step, const std::vector<bool>& single,
                       std::size_t number) {
  // single parameters lie one behind the other, then those with a number for each neuron
  std::vector<std::string> parameters;
  std::uint32_t singles = 0;
  std::uint32_t each = 0;
  for (const bool one : single) {
    parameters.push_back(one ? "model_single(at, " + number_text(singles++) + "u)"
                             : "model_each(at, " + number_text(each++) + "u)");
  }
  std::string text = "fn step_" + number_text(number) + "(at: ModelPlace) -> bool {\n";
  for (std::uint32_t p = 0; p < step.ports; ++p) {
    text += "  let arrived_" + number_text(p) + " = model_port(at, " + number_text(p) + "u);\n";
  }
  const std::vector<bool> is_needed = needed(step);
  for (std::uint32_t i = 0; i < step.operations.size(); ++i) {
    const model::Operation& o = step.operations[i];
    if (is_needed[i]) {
      text += "  let " + value_name(i) + " = " +
              (o.op == Op::parameter ? parameters[o.word] : filled(pattern_of(o.op), o)) + ";\n";
    }
  }
  for (std::uint32_t s = 0; s < step.next.size(); ++s) {
    text += "  keep_state(at, " + number_text(s) + "u, " + value_name(step.next[s]) + ");\n";
  }
  return text + "  return " + value_name(step.fires) + ";\n}\n";
}

std::string print_choice(std::size_t programs) {
  std::string text = "fn step_model(at: ModelPlace) -> bool {\n  switch (at.program) {\n";
  for (std::size_t i = 0; i < programs; ++i) {
    text += "    case " + number_text(i) + "u: { return step_" + number_text(i) + "(at); }\n";
  }
  return text + "    default: { return false; }\n  }\n}\n";
}

}  // namespace rheobase::wgpu
