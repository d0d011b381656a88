// SPDX-License-Identifier: Apache-2.0
// Neurons that meet the comparisons of the step exactly.
#include <cmath>
#include <limits>

#include "io/trials.h"
#include "model/fixed_point.h"
#include "model/neuron_class.h"

namespace rheobase {
namespace {

constexpr std::uint32_t kSources = 8;
/// Neurons with parameters of their own, then groups that share them: backends step a stretch of
/// one kind in wide steps, with a loop for kinds that need less.
constexpr std::uint32_t kSingle = 192;
constexpr std::uint32_t kGroups = 12;
constexpr std::uint32_t kGroup = 37;
constexpr std::uint32_t kCells = kSingle + kGroups * kGroup;
constexpr std::uint64_t kBursts = 40;
constexpr float kInfinity = std::numeric_limits<float>::infinity();

float after(float x) { return std::nextafter(x, kInfinity); }
float before(float x) { return std::nextafter(x, -kInfinity); }

NeuronParams any_params(Dice& dice) {
  NeuronParams p;
  p.v_rest = dice.any_of({0.0F, 0.0F, 0.0F, -0.5F, 2.0F});
  p.v_reset = p.v_rest + dice.any_of({0.0F, 0.0F, 0.0F, 0.75F, -1.0F});
  p.threshold = p.v_rest + dice.any_of({1.0F, 1.0F, 0.5F, 1.5F, 2.0F, 0.0F, -1.0F});
  p.threshold_limit = p.threshold + dice.any_of({0.0F, 0.5F, 1.0F});
  if (dice.below(3) != 0) {
    p.threshold_limit = kNoLimit;
  }
  p.leak = dice.any_of({0.0F, 0.0F, 0.25F, 0.5F, 1.0F, 0.1F, 1.5F, -1.0F});
  p.excitability = dice.any_of({1.0F, 1.0F, 1.0F, 0.999F, before(0.999F), 0.5F, 0.0F});
  p.refractory_period = dice.any_of<std::uint16_t>({0, 0, 0, 1, 2, 5, 65535});
  p.fire_limit = dice.any_of<std::uint16_t>({0, 0, 1, 2, 3, 65534, 65535});
  p.snooze_period = dice.any_of<std::uint16_t>({0, 1, 2, 3, 65535});
  p.accumulates = dice.below(3) != 0;
  return p;
}

/// Of a group: every third fires whenever it may, every third draws, and neither forgets or pauses.
NeuronParams group_params(Dice& dice, std::uint32_t group) {
  NeuronParams p = any_params(dice);
  if (group % 3 != 0) {
    p.fire_limit = 0;
    p.snooze_period = 0;
    p.accumulates = true;
    p.excitability = group % 3 == 1 ? 1.0F : 0.5F;
    p.refractory_period = dice.any_of<std::uint16_t>({0, 1, 2});
    p.threshold_limit = dice.one_in(2) ? kNoLimit : p.threshold + 0.5F;
  }
  return p;
}

/// Tested in every burst, and in one of them its draw is the first that does not fire (the test is
/// h < T). \return false if no excitability gives that.
bool draws_exactly(NeuronParams& p, NeuronId id) {
  for (std::uint32_t t = 1; t <= kBursts; ++t) {
    const std::uint32_t hash = model::excitability_hash(id, t);
    const float excitability = model::fixed_to_f32(std::int64_t{hash}, 32U);
    if (excitability > 0.0F && excitability < 0.999F &&
        model::draw_threshold(excitability) == hash) {
      p = NeuronParams{};
      p.excitability = excitability;
      return true;
    }
  }
  return false;
}

/// What brings a neuron at rest to its threshold or its limit, a unit of the last place beside
/// them, and what takes sums to the ends of the range.
float any_input(Dice& dice, const NeuronParams& p) {
  const float threshold = p.threshold - p.v_rest;
  const float limit = p.threshold_limit == kNoLimit ? threshold : p.threshold_limit - p.v_rest;
  switch (dice.below(12)) {
    case 0:
    case 1: return threshold;
    case 2: return dice.one_in(2) ? after(threshold) : before(threshold);
    case 3: return limit;
    case 4: return dice.one_in(2) ? after(limit) : before(limit);
    case 5: return 0.0F;
    case 6: return dice.any_of({0x1p100F, -0x1p100F, before(0x1p100F)});
    case 7: return dice.any_of({0x1p-125F, -0x1p-125F, 0x1p-126F, 0x1.8p-126F, 0x1p-20F});
    case 8: return -threshold;
    default: return dice.any_of({0.25F, 0.5F, 1.0F, 2.0F, -0.25F, -0.5F, -1.0F});
  }
}

void set_any_state(Dice& dice, const NeuronParams& p, std::size_t id, State& state) {
  state.u[id] = dice.any_of({0.0F, 0.0F, 0.5F, -0.5F, 1.0F, p.threshold - p.v_rest, 0x1p100F,
                             -0x1p100F, 0x1p-126F, 0x1p-125F});
  state.refractory_countdown[id] = dice.any_of<std::uint16_t>({0, 0, 0, 1, 2, 3, 65535});
  const auto limit = p.fire_limit;
  state.fire_count[id] = dice.any_of<std::uint16_t>(
      {0, 0, 1, 2, limit, static_cast<std::uint16_t>(limit - 1U), 65533, 65534, 65535});
  state.snooze_countdown[id] = dice.any_of<std::uint16_t>({0, 0, 1, 2, 65535});
  state.forget[id] = static_cast<std::uint8_t>(dice.below(2));
}

std::vector<Synapse> any_synapses(Dice& dice) {
  std::vector<Synapse> synapses;
  for (NeuronId cell = kSources; cell < kSources + kCells; ++cell) {
    // two that cancel, often
    const NeuronId pre = dice.below(kSources);
    const float weight = dice.any_of({1.0F, 0.5F, 2.0F});
    synapses.push_back({pre, cell, weight, 1.0F, 1});
    synapses.push_back({dice.one_in(2) ? pre : dice.below(kSources), cell, -weight, 1.0F, 1});
    synapses.push_back({dice.below(kSources), cell, dice.any_of({1.0F, -0.5F}), 1.0F, 2});
    if (dice.one_in(4)) {
      synapses.push_back({cell, kSources + dice.below(kCells), dice.any_of({0.5F, -1.0F}), 1.0F,
                          1 + dice.below(3)});
    }
  }
  return synapses;
}

void add_input(InputSchedule& input, std::uint64_t t, NeuronId id, float potential) {
  input.bursts.push_back(t);
  input.ids.push_back(id);
  input.potentials.push_back(potential);
}

}  // namespace

Trial step_trial(const std::string& name, const Rules& rules, bool driven, std::uint32_t seed) {
  Dice dice(seed);
  NetworkOptions options;
  options.rules = rules;
  NetworkBuilder builder(options);
  builder.population("source", kSources, NeuronParams{});
  AreaSpec cells;
  cells.name = "cells";
  cells.size = {kCells, 1, 1};
  cells.psp.potential_driven = driven;
  builder.add_area(cells);
  builder.connect(any_synapses(dice));

  std::vector<NeuronParams> params(kSources + kCells);
  std::vector<bool> draws(params.size(), false);
  NetworkEdit edit;
  NeuronParams shared;
  bool shared_draws = false;
  for (NeuronId id = kSources; id < params.size(); ++id) {
    NeuronParams& p = params[id];
    if (const std::uint32_t cell = id - kSources; cell >= kSingle) {
      const std::uint32_t group = (cell - kSingle) / kGroup;
      if ((cell - kSingle) % kGroup == 0) {
        shared = group_params(dice, group);
        shared_draws = group % 3 == 2 && group > 3 && draws_exactly(shared, id);
      }
      p = shared;
      draws[id] = shared_draws;
      edit.set_params(id, p);
      continue;
    }
    draws[id] = id % 3 == 0 && draws_exactly(p, id);
    if (draws[id]) {
      p.accumulates = id % 2 == 0;
    } else {
      p = any_params(dice);
    }
    edit.set_params(id, p);
    if (dice.one_in(24)) {
      edit.delete_neuron(id);
    }
  }
  Trial trial = trial_of(name, builder.build().edited(edit), kBursts);
  for (NeuronId id = kSources; id < params.size(); ++id) {
    if (!draws[id]) {
      set_any_state(dice, params[id], id, trial.start.state);
    }
  }
  for (std::uint64_t t = 1; t <= kBursts; ++t) {
    for (NeuronId id = 0; id < kSources; ++id) {
      if (dice.one_in(3)) {
        add_input(trial.start.input, t, id, 1.0F);
      }
    }
    for (NeuronId id = kSources; id < params.size(); ++id) {
      if (draws[id]) {
        add_input(trial.start.input, t, id, 64.0F);  // above its threshold, whatever arrives
      } else if (dice.one_in(2)) {
        add_input(trial.start.input, t, id, any_input(dice, params[id]));
      }
    }
  }
  return trial;
}

}  // namespace rheobase
