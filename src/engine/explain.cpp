// SPDX-License-Identifier: Apache-2.0
#include "engine/explain.h"

#include <algorithm>

#include "engine/explain_model.h"
#include "model/fixed_point.h"
#include "model/neuron_step.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

void find_arrivals(const Moment& m, NeuronId id, Explanation& e) {
  const NetworkData& network = m.network;
  for (const std::uint32_t delay : network.delays) {
    const FireQueue& queue = m.state.fired[delay - 1];
    for (std::size_t f = 0; f < queue.ids.size(); ++f) {
      const NeuronId pre = queue.ids[f];
      const std::uint32_t flags = network.classes[network.class_of[pre]].flags;
      const bool driven = (flags & model::kPotentialDriven) != 0U;
      const RowSpan row = network.row(pre, delay);
      for (std::uint32_t i = 0; i < row.count; ++i) {
        if (network.neuron_of(row.post(i)) != id) {
          continue;
        }
        const SynapseKind kind = network.kind(row.code(i));
        Explanation::Arrival arrival{
            pre,      e.burst - delay, delay,       kind.weight,
            kind.psp, driven,          kind.charge, network.port_of(row.post(i))};
        if (driven) {
          const std::uint32_t divisor =
              (flags & model::kDividedPsp) != 0U ? network.out_degree(pre) : 1U;
          const std::int64_t size =
              model::driven_charge(kind.weight_numerator, kind.weight_shift,
                                   model::driven_psp(queue.potentials[f], network.rules.rounded_psp,
                                                     network.charge.quantum_bits, divisor));
          arrival.psp = queue.potentials[f];
          arrival.quanta = kind.weight < 0.0F ? -size : size;
        }
        e.quanta += arrival.quanta;
        e.arrivals.push_back(arrival);
      }
    }
  }
}

/// What synapses that learn bring, as they are when the spikes have changed them.
void find_learned_arrivals(const Moment& m, NeuronId id, Explanation& e) {
  if (m.network.projections.empty()) {
    return;
  }
  State after = m.state;
  deliver_learning(
      m.network, after, e.burst,
      [&](const LearningProjection& p, std::uint32_t synapse, std::uint32_t pre,
          std::int64_t quanta) {
        if (p.post_first + p.rows->post[synapse] != id) {
          return;
        }
        const double per_quantum = 1.0 / static_cast<double>(std::uint64_t{1} << e.quantum_bits);
        const auto weight = static_cast<float>(static_cast<double>(quanta) * per_quantum);
        e.quanta += quanta;
        e.arrivals.push_back(
            {p.pre_first + pre, e.burst - p.delay, p.delay, weight, 1.0F, false, quanta, p.port});
      });
}

std::string name_of(const model::CompiledDrive& drive, std::size_t number) {
  const char* kind = "constant";
  switch (drive.kind) {
    case model::CompiledDrive::Kind::constant: break;
    case model::CompiledDrive::Kind::regular: kind = "regular"; break;
    case model::CompiledDrive::Kind::poisson: kind = "poisson"; break;
  }
  return "drive " + number_text(number) + " (" + kind + ")";
}

/// In the order in which backends add them.
void find_injections(const Moment& m, NeuronId id, Explanation& e) {
  const auto add = [&](std::string from, std::uint32_t events, float potential,
                       std::uint32_t port) {
    e.injected = model::add_rn(e.injected, potential);
    e.injections.push_back({std::move(from), events, potential, port});
  };
  for (std::size_t i = 0; i < m.input.injection_targets.size(); ++i) {
    const std::uint32_t target = m.input.injection_targets[i];
    if (m.network.neuron_of(target) == id) {
      add("injection", 1, m.input.injection_values[i], m.network.port_of(target));
    }
  }
  for (std::size_t d = 0; d < m.drives.size(); ++d) {
    const model::CompiledDrive& drive = m.drives[d];
    if (id < drive.first || id - drive.first >= drive.count) {
      continue;
    }
    const std::uint32_t events = model::drive_events(drive, id, e.burst);
    if (events != 0U) {
      add(name_of(drive, d), events, model::drive_potential(drive, events), drive.port);
    }
  }
}

}  // namespace

Explanation explain(const Moment& m, NeuronId id) {
  const NetworkData& network = m.network;
  const State& s = m.state;
  const model::NeuronClass& p = network.classes[network.class_of[id]];
  Explanation e;
  e.neuron = id;
  const auto after = std::upper_bound(network.areas.begin(), network.areas.end(), id,
                                      [](NeuronId n, const Area& area) { return n < area.first; });
  const Area& area = *(after - 1);
  e.area = area.spec.name;
  e.index = id - area.first;
  e.burst = s.burst + 1;
  e.params = network.class_params[network.class_of[id]];
  e.quantum_bits = network.charge.quantum_bits;
  find_arrivals(m, id, e);
  find_learned_arrivals(m, id, e);
  find_injections(m, id, e);
  e.synaptic = model::fixed_to_f32(e.quanta, e.quantum_bits);
  e.counts_candidates = network.counts_candidates;
  e.candidate = network.counts_candidates && !(e.arrivals.empty() && e.injections.empty());
  if (const ModelArea* const model = network.model_of(id); model != nullptr) {
    explain_model(m, *model, e);
    return e;
  }

  e.potential_before = model::add_rn(s.u[id], p.rest);
  e.refractory_before = s.refractory_countdown[id];
  e.fire_count_before = s.fire_count[id];
  e.snooze_before = s.snooze_countdown[id];
  e.keep = p.keep;
  const auto low = static_cast<std::uint32_t>(e.burst);
  const NeuronId origin = network.origin_of(id);
  e.hash = model::excitability_hash(id - origin, low);
  e.below = p.draw_below;
  e.always = (p.flags & model::kAlwaysFires) != 0U;
  e.alive = (p.flags & model::kDead) == 0U;

  const model::StepResult out = model::neuron_step(
      network.step_rules, p,
      {s.u[id], s.refractory_countdown[id], s.fire_count[id], s.snooze_countdown[id], s.forget[id]},
      {e.candidate, e.injected, e.synaptic, id - origin, low});
  e.fired = out.fired;
  e.u_after = out.state.u;
  e.potential_after = model::add_rn(out.state.u, p.rest);
  e.potential_tested = out.potential_at_firing;
  e.refractory_after = static_cast<std::uint16_t>(out.state.refractory_countdown);
  e.fire_count_after = static_cast<std::uint16_t>(out.state.fire_count);
  e.snooze_after = static_cast<std::uint16_t>(out.state.snooze_countdown);
  e.forget_after = static_cast<std::uint8_t>(out.state.forget);
  for (std::size_t b = 0; b < kBranchCount; ++b) {
    e.branches[b] = ((out.branches >> b) & 1U) != 0U;
  }
  return e;
}

}  // namespace rheobase
