// SPDX-License-Identifier: Apache-2.0
// Charge on its way: delays, sums, shares, drives.
#include <cmath>

#include "io/trials.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

NetworkBuilder builder_for(Semantics semantics) {
  NetworkOptions options;
  options.rules = rules_of(semantics);
  return NetworkBuilder(options);
}

AreaSpec area(std::string name, std::uint32_t count, const NeuronParams& params,
              const PspMode& psp = {}) {
  AreaSpec spec;
  spec.name = std::move(name);
  spec.size = {count, 1, 1};
  spec.params = params;
  spec.psp = psp;
  return spec;
}

void add_input(Trial& trial, std::uint64_t t, NeuronId id, float potential) {
  trial.start.input.bursts.push_back(t);
  trial.start.input.ids.push_back(id);
  trial.start.input.potentials.push_back(potential);
}

/// Rows with many delays, the shortest and the longest among them.
Trial delays(Semantics semantics, std::uint32_t seed) {
  constexpr std::uint32_t kNeurons = 96;
  Dice dice(seed);
  NetworkBuilder builder = builder_for(semantics);
  NeuronParams params;
  params.leak = 0.25F;
  params.refractory_period = 3;
  const AreaId all = builder.population("all", kNeurons, params);
  std::vector<Synapse> synapses;
  for (std::uint32_t i = 0; i < 12 * kNeurons; ++i) {
    synapses.push_back({dice.below(kNeurons), dice.below(kNeurons),
                        dice.any_of({0.5F, 0.5F, 1.0F, -1.0F}), 1.0F,
                        dice.any_of({1U, 1U, 2U, 3U, 127U, 128U, 254U, 255U})});
  }
  builder.connect(std::move(synapses));
  builder.drive(all, Drive::Kind::regular, 1.0F, 40.0);
  builder.drive(all, Drive::Kind::poisson, 0.5F, 30.0);
  return trial_of("delays, " + std::string(name_of(semantics)), builder.build(), 300);
}

/// Into one neuron 2^0 … 2^(powers - 1), into another the same negated: all together they make the
/// largest sum that `powers` bits hold. Parts of it are ties when they become a float.
Trial sums(Semantics semantics, std::uint32_t powers, std::uint32_t seed) {
  Dice dice(seed);
  NetworkBuilder builder = builder_for(semantics);
  builder.population("source", powers, NeuronParams{});
  NeuronParams params;
  params.threshold = 0x1p24F;
  params.threshold_limit = 0x1p30F;
  params.accumulates = false;
  builder.population("sum", 2, params);
  std::vector<Synapse> synapses;
  for (std::uint32_t i = 0; i < powers; ++i) {
    const float weight = std::ldexp(1.0F, static_cast<int>(i));
    synapses.push_back({i, powers, weight, 1.0F, 1});
    synapses.push_back({i, powers + 1, -weight, 1.0F, 1});
  }
  builder.connect(std::move(synapses));
  Trial trial =
      trial_of("sums of " + number_text(powers) + " bits, " + std::string(name_of(semantics)),
               builder.build(), 120);
  for (std::uint64_t t = 1; t <= trial.bursts; ++t) {
    // all, a tie (a high bit with few low ones behind the mantissa), or any
    const std::uint32_t what = dice.below(4);
    const std::uint32_t high = powers - 1 - dice.below(powers - 24);
    for (NeuronId id = 0; id < powers; ++id) {
      const bool low = id + 24 >= high && id + 22 <= high;
      if (what == 0 || (what < 3 && (id == high || (low && dice.one_in(2)))) ||
          (what == 3 && dice.one_in(2))) {
        add_input(trial, t, id, 1.0F);
      }
    }
  }
  return trial;
}

/// Shares of divided PSP, and PSP that is the potential at firing, around all its bounds.
Trial shares(Semantics semantics, std::uint32_t seed) {
  constexpr std::uint32_t kEach = 16;
  Dice dice(seed);
  NetworkBuilder builder = builder_for(semantics);
  NeuronParams params;
  params.threshold = -8.0F;  // fires with whatever potential it is given
  params.accumulates = false;
  std::vector<Synapse> synapses;
  for (std::uint32_t mode = 0; mode < 4; ++mode) {
    builder.add_area(area("mode " + number_text(mode), kEach, params,
                          {.uniform = (mode & 1U) != 0U, .potential_driven = (mode & 2U) != 0U}));
  }
  NeuronParams cells;
  cells.threshold = 1.0F;
  cells.leak = 0.5F;
  builder.population("cells", kEach, cells);
  for (NeuronId pre = 0; pre < 4 * kEach; ++pre) {
    const std::uint32_t fan = 1 + dice.below(7);
    for (std::uint32_t i = 0; i < fan; ++i) {
      synapses.push_back({pre, 4 * kEach + dice.below(kEach),
                          dice.any_of({1.0F, -1.0F, 0.5F, 1.0F / 3.0F, -0.001F, 200.0F}),
                          dice.any_of({1.0F, 1.0F, 3.0F, 0.1F}), 1 + dice.below(2)});
    }
  }
  builder.connect(std::move(synapses));
  Trial trial = trial_of("shares, " + std::string(name_of(semantics)), builder.build(), 80);
  for (std::uint64_t t = 1; t <= trial.bursts; ++t) {
    for (NeuronId pre = 0; pre < 4 * kEach; ++pre) {
      if (dice.one_in(4)) {
        add_input(trial, t, pre,
                  dice.any_of({0.0F, 0.5F, 1.5F, 2.5F, 0.49999997F, 254.5F, 255.0F, 255.5F, 300.0F,
                               65536.0F, 65536.01F, 1e9F, 0x1p-40F, -1.0F, -8.0F, 1.0F / 3.0F}));
      }
    }
  }
  return trial;
}

/// More kinds of synapses than a compact one can name, and a row longer than a piece of work.
Trial kinds() {
  constexpr std::uint32_t kNeurons = 600;
  NetworkBuilder builder = builder_for(Semantics::plain);
  NeuronParams params;
  params.leak = 0.5F;
  const AreaId all = builder.population("all", kNeurons, params);
  std::vector<Synapse> synapses;
  for (std::uint32_t i = 0; i < kNeurons; ++i) {
    const float weight = static_cast<float>(i) * 0.0078125F - 1.0F;
    synapses.push_back({i, (i * 7U) % kNeurons, weight, 1.0F, 1});
    for (std::uint32_t k = 0; k < 8; ++k) {
      synapses.push_back({0, (i + k) % kNeurons, 0.125F, 1.0F, 1});
    }
  }
  builder.connect(std::move(synapses));
  builder.drive(all, Drive::Kind::poisson, 0.5F, 200.0);
  return trial_of("kinds", builder.build(), 60);
}

/// Nearly all fire in every burst.
Trial dense() {
  NetworkBuilder builder = builder_for(Semantics::plain);
  NeuronParams params;
  params.excitability = 0.875F;
  const AreaId all = builder.population("all", 1000, params);
  builder.connect(all, all, fixed_outdegree(16), {.weight = -0.03125F});
  builder.drive(all, Drive::Kind::constant, 1.5F);
  return trial_of("dense", builder.build(), 40);
}

/// Draws, drives and fires of members count from their first neuron.
Trial members() {
  std::vector<Network> networks;
  for (const std::uint32_t count : {33U, 64U, 31U}) {
    NetworkBuilder builder = builder_for(Semantics::feagi_0_0_53);
    NeuronParams params;
    params.excitability = 0.5F;
    params.leak = 0.25F;
    const AreaId all = builder.population("all", count, params);
    builder.connect(all, all, fixed_outdegree(5), {.weight = 0.25F, .delay = 2});
    builder.drive(all, Drive::Kind::poisson, 0.5F, 300.0);
    networks.push_back(builder.build());
  }
  return trial_of("members", join(networks), 80);
}

}  // namespace

std::vector<Trial> delivery_trials() {
  std::vector<Trial> trials;
  trials.push_back(delays(Semantics::plain, 101));
  trials.push_back(delays(Semantics::feagi_0_0_53, 102));
  // the last that fits 32 bits and the first that does not; where events are counted, five bits go
  // to them
  for (const std::uint32_t powers : {31U, 32U}) {
    trials.push_back(sums(Semantics::plain, powers, 110 + powers));
  }
  for (const std::uint32_t powers : {26U, 27U}) {
    trials.push_back(sums(Semantics::feagi_0_0_53, powers, 110 + powers));
  }
  for (const Semantics semantics :
       {Semantics::plain, Semantics::feagi_0_0_53, Semantics::feagi_2026_02}) {
    trials.push_back(shares(semantics, 120 + static_cast<std::uint32_t>(semantics)));
  }
  trials.push_back(kinds());
  trials.push_back(dense());
  trials.push_back(members());
  return trials;
}

}  // namespace rheobase
