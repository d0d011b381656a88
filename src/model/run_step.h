// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the operations of a step program mean: one neuron, one operation at a time. The reference
/// runs it, `why` shows it, and every other backend is compared with it.
#pragma once

#include <cstdint>
#include <span>

#include "model/functions.h"
#include "model/random.h"
#include "model/step_program.h"
#include "model/step_time.h"

namespace rheobase::model {

/// What one neuron's step starts from.
struct StepInputs {
  std::span<const float> parameters;
  std::span<const float> states;
  std::span<const float> ports;
  std::uint64_t seed = 1;
  std::uint32_t id = 0;  ///< the draws count neurons by it
  std::uint64_t burst = 0;
  double dt_ms = 1.0;
};

inline constexpr std::uint32_t kTrue = 0xFFFFFFFFU;
[[nodiscard]] inline std::uint32_t truth(bool holds) { return holds ? kTrue : 0U; }

/// What a port gets in a burst: an injection, and the sum of what synapses bring; within +-2^63,
/// as those who make programs rely on.
inline float at_port(float injected, float arrived) {
  constexpr float kMost = 0x1p63F;
  const float sum = add_rn(injected, arrived);
  const float below = select(sum, kMost, sum > kMost);
  return select(below, -kMost, below < -kMost);
}

/// Runs a program. `values` gets the result of every operation, and is as long as there are.
/// \return whether the neuron fires; its states are then the values at the places `next`.
inline bool run_step(const StepProgram& program, const StepInputs& in,
                     std::span<std::uint32_t> values) {
  const auto number = [&](std::uint32_t place) { return float_of(values[place]); };
  for (std::size_t i = 0; i < program.operations.size(); ++i) {
    const Operation& o = program.operations[i];
    const auto words = [&] { return draw4(in.seed, Purpose::model, o.word, in.id, in.burst); };
    const auto is = [&](float result) { values[i] = bits_of(result); };
    switch (o.op) {
      case Op::constant: values[i] = o.word; break;
      case Op::parameter: is(in.parameters[o.word]); break;
      case Op::state: is(in.states[o.word]); break;
      case Op::port: is(in.ports[o.word]); break;
      case Op::uniform: is(uniform_of(words()[0])); break;
      case Op::normal: {
        const auto drawn = words();
        is(normal_of(drawn[0], drawn[1]));
        break;
      }
      case Op::poisson: is(poisson_of(number(o.a), words()[0])); break;
      case Op::add: is(add_rn(number(o.a), number(o.b))); break;
      case Op::subtract: is(add_rn(number(o.a), -number(o.b))); break;
      case Op::multiply: is(mul_rn(number(o.a), number(o.b))); break;
      case Op::divide: is(div_rn(number(o.a), number(o.b))); break;
      case Op::power: is(pow_rn(number(o.a), number(o.b))); break;
      case Op::minimum: is(select(number(o.a), number(o.b), number(o.b) < number(o.a))); break;
      case Op::maximum: is(select(number(o.a), number(o.b), number(o.b) > number(o.a))); break;
      case Op::absolute: values[i] = values[o.a] & 0x7FFFFFFFU; break;
      case Op::square_root: is(sqrt_rn(number(o.a))); break;
      case Op::exponential: is(exp_rn(number(o.a))); break;
      case Op::logarithm: is(log_rn(number(o.a))); break;
      case Op::hyperbolic_tangent: is(tanh_rn(number(o.a))); break;
      case Op::sine: is(sin_rn(number(o.a))); break;
      case Op::cosine: is(cos_rn(number(o.a))); break;
      case Op::round_down: is(floor_rn(number(o.a))); break;
      case Op::less: values[i] = truth(number(o.a) < number(o.b)); break;
      case Op::less_equal: values[i] = truth(number(o.a) <= number(o.b)); break;
      case Op::equal: values[i] = truth(number(o.a) == number(o.b)); break;
      case Op::both: values[i] = values[o.a] & values[o.b]; break;
      case Op::either: values[i] = values[o.a] | values[o.b]; break;
      case Op::opposite: values[i] = ~values[o.a]; break;
      case Op::select: values[i] = values[o.a] != 0U ? values[o.b] : values[o.c]; break;
      case Op::time: is(time_of(in.burst, in.dt_ms, o.word)); break;
    }
  }
  return values[program.fires] != 0U;
}

}  // namespace rheobase::model
