// SPDX-License-Identifier: Apache-2.0
#include "backends/wgpu/self_test.h"

#include <algorithm>
#include <bit>
#include <span>

#include "model/run_step.h"
#include "platform/float_mode.h"
#include "rheobase/text.h"

namespace rheobase::wgpu {
namespace {

constexpr std::uint32_t kNeurons = 512;  ///< of each area
constexpr std::uint32_t kBursts = 2;
constexpr std::uint64_t kSeed = 1;

/// In [0, 1), from a counter.
class Numbers {
 public:
  float next() { return static_cast<float>(model::pcg(counter_++) >> 8U) * 0x1p-24F; }

 private:
  std::uint32_t counter_ = 0;
};

/// Half of them near where the model begins, half anywhere in its range, as far as that is sane.
float random_state(const Definition::State& state, float initial, Numbers& numbers) {
  constexpr float kSane = 1e4F;
  const float lowest = std::max(state.lowest, -kSane);
  const float highest = std::min(state.highest, kSane);
  const float anywhere = lowest + (highest - lowest) * numbers.next();
  const float near =
      initial + (numbers.next() - 0.5F) * (1.0F + (initial < 0 ? -initial : initial));
  const float chosen = numbers.next() < 0.5F ? near : anywhere;
  const float whole = state.hidden ? static_cast<float>(static_cast<int>(chosen)) : chosen;
  return model::canonical(std::clamp(whole, state.lowest, state.highest));
}

/// One burst of one neuron, on the host.
void step(const ModelArea& area, StateTable& table, std::uint32_t i, float injected,
          std::uint64_t burst, std::vector<std::uint32_t>& values) {
  const auto of_neuron = [i](const std::vector<float>& numbers) {
    return numbers.size() == 1 ? numbers[0] : numbers[i];
  };
  std::vector<float> parameters, states;
  for (const std::vector<float>& numbers : area.numbers->parameters) {
    parameters.push_back(of_neuron(numbers));
  }
  for (const std::vector<float>& column : table.columns) {
    states.push_back(column[i]);
  }
  std::vector<float> ports(area.ports, 0.0F);
  ports[0] = model::at_port(injected, 0.0F);
  const model::StepProgram& step = area.definition->step;
  values.resize(step.operations.size());
  model::run_step(step, {parameters, states, ports, kSeed, area.first + i, burst}, values);
  for (std::size_t s = 0; s < table.columns.size(); ++s) {
    table.columns[s][i] = model::float_of(values[step.next[s]]);
  }
}

}  // namespace

NetworkPointer self_test_network(const NetworkData& network) {
  NetworkBuilder builder({network.dt_ms, 1, {}, {}, 1});
  std::vector<const ModelNumbers*> seen;  // areas of joined copies share theirs
  for (const ModelArea& area : network.model_areas) {
    if (std::find(seen.begin(), seen.end(), area.numbers.get()) != seen.end()) {
      continue;
    }
    seen.push_back(area.numbers.get());
    const std::uint32_t count = std::min(area.count, kNeurons);
    std::vector<ModelValue> values = network.areas[area.area].spec.values;
    for (ModelValue& value : values) {
      value.values.resize(std::min<std::size_t>(value.values.size(), count));
    }
    builder.population_of(Model(area.definition), number_text(area.area), count, std::move(values));
  }
  return seen.empty() ? nullptr : builder.build().data();
}

bool differs_from_host(Backend& device, const NetworkData& test) {
  const platform::FloatMode mode;
  Numbers numbers;
  State state = initial_state(test);
  for (std::size_t a = 0; a < test.model_areas.size(); ++a) {
    const Definition& definition = *test.model_areas[a].definition;
    for (std::size_t s = 0; s < definition.states.size(); ++s) {
      for (float& value : state.tables[a].columns[s]) {
        value = random_state(definition.states[s], value, numbers);
      }
    }
  }
  BurstRequest request;
  request.bursts = kBursts;
  request.plan = std::make_shared<RecordPlan>();
  request.injection_begin = {0};
  for (std::uint32_t burst = 0; burst < kBursts; ++burst) {
    for (NeuronId id = 0; id < test.neuron_count; ++id) {
      request.injection_ids.push_back(id);
      request.injection_values.push_back(20.0F * (numbers.next() - 0.25F));
    }
    request.injection_begin.push_back(request.injection_ids.size());
  }
  device.write_state(state);
  static_cast<void>(device.poll(device.submit(request), true));
  const State found = device.read_state();
  std::vector<std::uint32_t> values;
  for (std::size_t a = 0; a < test.model_areas.size(); ++a) {
    const ModelArea& area = test.model_areas[a];
    for (std::uint32_t burst = 0; burst < kBursts; ++burst) {
      for (std::uint32_t i = 0; i < area.count; ++i) {
        const std::size_t at = request.injection_begin[burst] + area.first + i;
        step(area, state.tables[a], i, request.injection_values[at], burst + 1U, values);
      }
    }
    const auto same = [](float x, float y) { return model::bits_of(x) == model::bits_of(y); };
    for (std::size_t s = 0; s < state.tables[a].columns.size(); ++s) {
      if (!std::ranges::equal(state.tables[a].columns[s], found.tables[a].columns[s], same)) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace rheobase::wgpu
