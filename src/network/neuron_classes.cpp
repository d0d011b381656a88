// SPDX-License-Identifier: Apache-2.0
#include "network/neuron_classes.h"

#include <algorithm>
#include <array>
#include <bit>

#include "model/float_ops.h"
#include "network/connection_rule.h"
#include "network/neuron_values.h"

namespace rheobase {

namespace {

float threshold_at(const AreaSpec& spec, Voxel v) {
  const auto step = [](std::uint32_t n, float increment) {
    return model::mul_rn(static_cast<float>(n), increment);
  };
  float threshold = spec.params.threshold;
  threshold = model::add_rn(threshold, step(v.x, spec.threshold_gradient[0]));
  threshold = model::add_rn(threshold, step(v.y, spec.threshold_gradient[1]));
  return model::canonical(model::add_rn(threshold, step(v.z, spec.threshold_gradient[2])));
}

}  // namespace

std::uint32_t step_rules_of(const Rules& rules) {
  return (rules.leak == Rules::Leak::every_burst ? model::kLeakEveryBurst : 0U) |
         (rules.countdown == Rules::When::every_burst ? model::kCountdownEveryBurst : 0U) |
         (rules.test == Rules::When::every_burst ? model::kTestEveryBurst : 0U) |
         (rules.forget == Rules::Forget::former_candidate ? model::kForgetFormerCandidate : 0U) |
         (rules.floor_negative ? model::kFloorNegative : 0U) |
         (rules.leak_in_refractory ? model::kLeakInRefractory : 0U) |
         (rules.saturating_count ? model::kSaturatingCount : 0U) |
         (rules.separate_snooze ? model::kSeparateSnooze : 0U);
}

bool asks_for_candidates(const Rules& rules) {
  return rules.leak == Rules::Leak::after_miss || rules.countdown == Rules::When::as_candidate ||
         rules.test == Rules::When::as_candidate || rules.forget == Rules::Forget::former_candidate;
}

model::NeuronClass derived_class(const NeuronParams& params, const PspMode& psp, bool alive) {
  // excitability of 0.999 and more always fires, as in FEAGI
  constexpr float kAlways = 0.999F;
  const auto relative = [&](float potential) {
    return potential == kNoLimit ? kNoLimit : model::add_rn(potential, -params.v_rest);
  };
  model::NeuronClass c{};
  c.threshold = relative(params.threshold);
  c.threshold_limit = relative(params.threshold_limit);
  c.keep = model::add_rn(1.0F, -params.leak);
  c.reset = relative(params.v_reset);
  c.rest = params.v_rest;
  c.draw_below = params.excitability > 0.0F && params.excitability < kAlways
                     ? model::draw_threshold(params.excitability)
                     : 0U;
  c.refractory_period = params.refractory_period;
  c.fire_limit = params.fire_limit;
  c.snooze_period = params.snooze_period;
  c.flags = static_cast<std::uint16_t>((params.accumulates ? model::kAccumulates : 0U) |
                                       (params.excitability >= kAlways ? model::kAlwaysFires : 0U) |
                                       (alive ? 0U : model::kDead) |
                                       (psp.potential_driven ? model::kPotentialDriven : 0U) |
                                       (psp.uniform ? 0U : model::kDividedPsp));
  return c;
}

PspMode psp_mode_of(std::uint32_t flags) {
  return {(flags & model::kDividedPsp) == 0U, (flags & model::kPotentialDriven) != 0U};
}

ClassTable::ClassTable(NetworkData& network) : network_(network) {
  for (std::uint32_t i = 0; i < network.classes.size(); ++i) {
    index_.emplace(key(network.class_params[i], network.classes[i].flags), i);
  }
}

void ClassTable::append(const Area& area) {
  const AreaSpec& spec = area.spec;
  std::vector<std::uint32_t>& class_of = network_.class_of.edit();
  const bool is_even = spec.threshold_gradient == std::array{0.0F, 0.0F, 0.0F};
  if (is_even && (spec.values.empty() || !spec.model.empty())) {
    class_of.insert(class_of.end(), area.count, find_or_add(spec.params, spec.psp, true));
    return;
  }
  const NeuronValues values(spec, spec.values, area.count, network_.dt_ms);
  const AreaShape shape{spec.size, spec.neurons_per_voxel, area.count};
  for (std::uint32_t i = 0; i < area.count; ++i) {
    NeuronParams params = spec.params;
    if (!is_even) {
      params.threshold = threshold_at(spec, voxel_at(shape, i));
    }
    values.set(params, i);
    class_of.push_back(find_or_add(params, spec.psp, true));
  }
}

std::string ClassTable::key(const NeuronParams& p, std::uint32_t flags) {
  std::string text;
  const auto put = [&](std::uint32_t word) {
    for (unsigned shift = 0; shift < 32U; shift += 8U) {
      text.push_back(static_cast<char>((word >> shift) & 255U));
    }
  };
  for (const float value :
       {p.v_rest, p.v_reset, p.threshold, p.threshold_limit, p.leak, p.excitability}) {
    put(model::bits_of(value));
  }
  put(p.refractory_period | (std::uint32_t{p.fire_limit} << 16U));
  put(p.snooze_period | (flags << 16U));
  return text;
}

std::uint32_t ClassTable::find_or_add(const NeuronParams& params, const PspMode& psp, bool alive) {
  const model::NeuronClass derived = derived_class(params, psp, alive);
  const auto next = static_cast<std::uint32_t>(network_.classes.size());
  const auto [place, added] = index_.emplace(key(params, derived.flags), next);
  if (added) {
    network_.class_params.edit().push_back(params);
    network_.classes.edit().push_back(derived);
  }
  return place->second;
}

void find_class_runs(NetworkData& network) {
  std::vector<ClassRun>& runs = network.runs.edit();
  runs.clear();
  std::vector<NeuronId> borders;  // areas with a model have runs of their own
  for (const ModelArea& area : network.model_areas) {
    borders.push_back(area.first);
    borders.push_back(area.first + area.count);
  }
  auto border = borders.begin();
  for (NeuronId id = 0; id < network.neuron_count; ++id) {
    const std::uint32_t c = network.class_of[id];
    border = std::find_if(border, borders.end(), [id](NeuronId at) { return at >= id; });
    const bool begins = border != borders.end() && *border == id;
    if (runs.empty() || begins || runs.back().neuron_class != c) {
      runs.push_back({id, 0, c});
    }
    ++runs.back().count;
  }
  network.potential_driven = std::any_of(runs.begin(), runs.end(), [&](const ClassRun& run) {
    return (network.classes[run.neuron_class].flags & model::kPotentialDriven) != 0U;
  });
}

}  // namespace rheobase
