// SPDX-License-Identifier: Apache-2.0
#include "backends/wgpu/self_test.h"

#include <algorithm>

#include "model/float_ops.h"
#include "model/random.h"
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
    for (std::uint32_t target = 0; target < test.target_count; ++target) {
      request.injection_targets.push_back(target);
      request.injection_values.push_back(20.0F * (numbers.next() - 0.25F));
    }
    request.injection_begin.push_back(request.injection_targets.size());
  }
  device.write_state(state);
  static_cast<void>(device.poll(device.submit(request), true));
  const State found = device.read_state();
  for (std::size_t a = 0; a < test.model_areas.size(); ++a) {
    const ModelArea& area = test.model_areas[a];
    for (std::uint32_t burst = 0; burst < kBursts; ++burst) {
      for (std::uint32_t i = 0; i < area.count; ++i) {
        const std::size_t at =
            request.injection_begin[burst] + area.first_target + std::size_t{i} * area.ports;
        ModelNeuron neuron(area, state.tables[a], i);
        for (std::uint32_t p = 0; p < area.ports; ++p) {
          neuron.arrive(p, request.injection_values[at + p], 0, test.charge.quantum_bits);
        }
        static_cast<void>(neuron.run(kSeed, area.first + i, burst + 1U));
        neuron.keep(state.tables[a]);
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
