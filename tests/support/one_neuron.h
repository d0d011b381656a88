// SPDX-License-Identifier: Apache-2.0
/// \file
/// One neuron of a model, stepped by hand with what the operations mean.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "definition/definition.h"
#include "model/run_step.h"

namespace rheobase::test {

class OneNeuron {
 public:
  using Values = std::vector<std::pair<std::string_view, double>>;

  explicit OneNeuron(std::string_view text, double dt_ms = 1.0, const Values& changed = {})
      : OneNeuron(parse_definition(text, "the model"), dt_ms, changed) {}
  explicit OneNeuron(std::shared_ptr<const Definition> of, double dt_ms = 1.0,
                     const Values& changed = {})
      : definition(std::move(of)), ports(definition->ports.size()), dt_ms_(dt_ms) {
    std::vector<double> parameters;
    for (const auto& p : definition->parameters) {
      parameters.push_back(p.value);
    }
    for (const auto& [name, value] : changed) {
      parameters[place(definition->parameters, name)] = value;
    }
    constants = definition->constants(parameters, dt_ms);
    states = definition->initial(parameters, dt_ms);
    values.resize(definition->step.operations.size());
  }

  /// One burst in which so much arrives at these ports. \return whether it fires.
  bool step(std::initializer_list<std::pair<std::string_view, float>> arrivals = {}) {
    for (const auto& [name, value] : arrivals) {
      ports[place(definition->ports, name)] = value;
    }
    const bool fires = model::run_step(
        definition->step, {constants, states, ports, seed, id, burst++, dt_ms_}, values);
    for (std::size_t s = 0; s < states.size(); ++s) {
      states[s] = model::float_of(values[definition->step.next[s]]);
    }
    ports.assign(ports.size(), 0.0F);
    return fires;
  }

  [[nodiscard]] float operator[](std::string_view state) const {
    return states[place(definition->states, state)];
  }
  float& operator[](std::string_view state) { return states[place(definition->states, state)]; }

  std::shared_ptr<const Definition> definition;
  std::vector<float> constants, states, ports;
  std::vector<std::uint32_t> values;
  std::uint64_t seed = 1, burst = 1;
  std::uint32_t id = 0;

 private:
  double dt_ms_;

  template <class List>
  static std::size_t place(const List& list, std::string_view name) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (list[i].name == name) {
        return i;
      }
    }
    throw std::invalid_argument("nothing is called " + std::string(name));
  }
};

}  // namespace rheobase::test
