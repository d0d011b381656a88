// SPDX-License-Identifier: Apache-2.0
#include "engine/explain_model.h"

#include <array>

#include "model/float_ops.h"
#include "model/step_program.h"
#include "model/step_time.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

using model::Op;

/// How an operation is written; empty for those that begin the step.
std::string_view sign_of(Op op) {
  constexpr std::array<std::string_view, model::kOpCount> signs{
      "",    "",      "",    "",    "uniform()", "normal()", "poisson", "+",   "-",    "*",
      "/",   "^",     "min", "max", "abs",       "sqrt",     "exp",     "log", "tanh", "sin",
      "cos", "floor", "<",   "<=",  "==",        "and",      "or",      "not", "if",   ""};
  return signs[static_cast<std::size_t>(op)];
}

/// Of the time so many half steps after the beginning of a burst.
std::string_view time_name(std::uint32_t half_steps) {
  constexpr std::array<std::string_view, model::kTimesOfStep> names{"t", "t + dt/2", "t + dt"};
  return names[half_steps];
}

/// Of one step that was run.
class Teller {
 public:
  Teller(const Definition& definition, const std::vector<std::uint32_t>& values)
      : definition_(definition), step_(definition.step), values_(values) {}

  /// "v = -61.5", "#7 = 0.25", "-40"
  [[nodiscard]] std::string operand(std::uint32_t place) const {
    const model::Operation& o = step_.operations[place];
    switch (o.op) {
      case Op::constant: return value(place);
      case Op::state: return definition_.states[o.word].name + " (" + value(place) + ")";
      case Op::port: return definition_.ports[o.word].name + " (" + value(place) + ")";
      case Op::parameter: return value(place);
      case Op::time: return std::string(time_name(o.word)) + " (" + value(place) + ")";
      default: return "#" + number_text(place) + " (" + value(place) + ")";
    }
  }
  [[nodiscard]] std::string value(std::uint32_t place) const {
    return model::is_truth(step_.operations[place].op)
               ? (values_[place] != 0U ? "yes" : "no")
               : number_text(model::float_of(values_[place]));
  }
  /// An operation with its operands.
  [[nodiscard]] std::string expression(std::uint32_t place) const {
    const model::Operation& o = step_.operations[place];
    const std::string sign(sign_of(o.op));
    switch (model::operands_of(o.op)) {
      case 0:
        if (o.op == Op::time) {
          return std::string(time_name(o.word));
        }
        return sign.empty() ? operand(place) : sign;
      case 1: return sign + "(" + operand(o.a) + ")";
      case 2:
        if (o.op == Op::minimum || o.op == Op::maximum) {
          return sign + "(" + operand(o.a) + ", " + operand(o.b) + ")";
        }
        return operand(o.a) + " " + sign + " " + operand(o.b);
      default: return operand(o.b) + " if " + operand(o.a) + " else " + operand(o.c);
    }
  }
  /// The comparison that made a truth what it is.
  [[nodiscard]] std::string decided_by(std::uint32_t place) const {
    for (;;) {
      const model::Operation& o = step_.operations[place];
      const bool holds = values_[place] != 0U;
      if (o.op == Op::opposite) {
        place = o.a;
      } else if (o.op == Op::both || o.op == Op::either) {
        // of both, the one that fails; of either, the one that holds
        const bool first = (values_[o.a] != 0U) == holds;
        place = first && !(o.op == Op::both && holds) ? o.a : o.b;
      } else {
        return expression(place) + (holds ? "" : " does not hold");
      }
    }
  }

 private:
  const Definition& definition_;
  const model::StepProgram& step_;
  const std::vector<std::uint32_t>& values_;
};

}  // namespace

void explain_model(const Moment& m, const ModelArea& area, Explanation& e) {
  const Definition& definition = *area.definition;
  const model::StepProgram& step = definition.step;
  const auto table = static_cast<std::size_t>(&area - m.network.model_areas.data());
  ModelNeuron neuron(area, m.state.tables[table], e.neuron - area.first);
  std::vector<std::int64_t> quanta(area.ports, 0);
  std::vector<float> injected(area.ports, 0.0F);
  for (const Explanation::Arrival& arrival : e.arrivals) {
    quanta[arrival.port] += arrival.quanta;
  }
  for (const Explanation::Injection& injection : e.injections) {
    injected[injection.port] = model::add_rn(injected[injection.port], injection.potential);
  }
  for (std::uint32_t p = 0; p < area.ports; ++p) {
    neuron.arrive(p, injected[p], quanta[p], e.quantum_bits);
  }
  e.fired = neuron.run(m.seed, e.neuron - m.network.origin_of(e.neuron), e.burst);
  const Teller teller(definition, neuron.values());
  e.model = definition.name;
  e.decided_by = teller.decided_by(step.fires);
  for (std::size_t p = 0; p < definition.ports.size(); ++p) {
    e.ports.push_back({definition.ports[p].name, neuron.ports()[p]});
  }
  for (std::size_t s = 0; s < definition.states.size(); ++s) {
    e.states.push_back({definition.states[s].name, neuron.before()[s], neuron.after(s)});
  }
  for (std::uint32_t place = 0; place < step.operations.size(); ++place) {
    if (model::operands_of(step.operations[place].op) != 0 ||
        step.operations[place].op >= Op::uniform) {
      e.operations.push_back({place, teller.expression(place), teller.value(place)});
    }
  }
  e.branches[static_cast<std::size_t>(Branch::fired)] = e.fired;
}

}  // namespace rheobase
