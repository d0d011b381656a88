// SPDX-License-Identifier: Apache-2.0
#include "engine/backend.h"
#include "model/fixed_point.h"
#include "model/run_step.h"

namespace rheobase {

ModelNeuron::ModelNeuron(const ModelArea& area, const StateTable& table, std::uint32_t i)
    : area_(area), i_(i), ports_(area.ports, 0.0F) {
  for (const std::vector<float>& numbers : area.numbers->parameters) {
    parameters_.push_back(numbers.size() == 1 ? numbers[0] : numbers[i]);
  }
  for (const std::vector<float>& column : table.columns) {
    states_.push_back(column[i]);
  }
}

void ModelNeuron::arrive(std::uint32_t port, float injected, std::int64_t quanta,
                         std::uint32_t quantum_bits) {
  ports_[port] = model::at_port(injected, model::fixed_to_f32(quanta, quantum_bits));
}

bool ModelNeuron::run(std::uint64_t seed, std::uint32_t id, std::uint64_t burst) {
  const model::StepProgram& step = area_.definition->step;
  values_.resize(step.operations.size());
  return model::run_step(
      step, {parameters_, states_, ports_, seed, id, burst, area_.numbers->dt_ms}, values_);
}

float ModelNeuron::after(std::size_t state) const {
  return model::float_of(values_[area_.definition->step.next[state]]);
}

void ModelNeuron::keep(StateTable& table) const {
  for (std::size_t s = 0; s < states_.size(); ++s) {
    table.columns[s][i_] = after(s);
  }
}

}  // namespace rheobase
