// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "engine/explain.h"
#include "engine/fatigue.h"
#include "engine/injections.h"
#include "rheobase/engine.h"

namespace rheobase {
namespace {

constexpr std::uint32_t kMostNeurons = 200;

/// Input of the burst that follows a checkpoint.
BurstRequest next_input(const Checkpoint& at) {
  Injections injections;
  injections.schedule(at.input);
  const NetworkData& network = *at.network.data();
  for (std::size_t i = 0; i < at.injected_ids.size(); ++i) {
    const std::uint32_t port = at.injected_ports.empty() ? 0U : at.injected_ports[i];
    injections.add(network.target_of(at.injected_ids[i]) + port, at.injected_values[i]);
  }
  if (at.fatigue) {
    injections.hold(fatigue_targets(at.network), *at.fatigue);
  }
  BurstRequest request;
  injections.take(at.state.burst + 1, network, request);
  return request;
}

/// For each neuron, whether synapses lead to it from a source; sources themselves count.
std::vector<bool> reachable_from(const NetworkData& network, std::vector<NeuronId> sources) {
  std::vector<bool> reached(network.neuron_count, false);
  for (const NeuronId id : sources) {
    reached[id] = true;
  }
  while (!sources.empty()) {
    const NeuronId pre = sources.back();
    sources.pop_back();
    network.for_each_synapse(
        pre, [&](std::uint32_t target, std::uint32_t /*code*/, std::uint32_t /*delay*/) {
          const NeuronId post = network.neuron_of(target);
          if (!reached[post]) {
            reached[post] = true;
            sources.push_back(post);
          }
        });
  }
  return reached;
}

/// Neurons where activity can begin: driven, injected into, of input areas, just fired.
std::vector<NeuronId> beginnings(const Checkpoint& at,
                                 const std::vector<model::CompiledDrive>& drives) {
  std::vector<NeuronId> ids = at.injected_ids;
  ids.insert(ids.end(), at.input.ids.begin(), at.input.ids.end());
  for (const FireQueue& queue : at.state.fired) {
    ids.insert(ids.end(), queue.ids.begin(), queue.ids.end());
  }
  const auto add_range = [&](NeuronId first, std::uint32_t count) {
    for (NeuronId id = first; id - first < count; ++id) {
      ids.push_back(id);
    }
  };
  if (at.fatigue) {
    const std::vector<NeuronId> driven = fatigue_neurons(at.network);
    ids.insert(ids.end(), driven.begin(), driven.end());
  }
  for (const model::CompiledDrive& drive : drives) {
    add_range(drive.first, drive.count);
  }
  for (const Area& area : at.network.areas()) {
    if (area.spec.role == "input") {
      add_range(area.first, area.count);
    }
  }
  return ids;
}

/// Names of the areas that send synapses to this one.
std::vector<std::string> sources_of(const NetworkData& network, const Area& area) {
  std::vector<std::string> names;
  for (const Area& from : network.areas) {
    const auto reaches = [&](NeuronId pre) {
      bool found = false;
      network.for_each_synapse(
          pre, [&](std::uint32_t target, std::uint32_t /*code*/, std::uint32_t /*delay*/) {
            const NeuronId post = network.neuron_of(target);
            found = found || (post >= area.first && post - area.first < area.count);
          });
      return found;
    };
    for (NeuronId pre = from.first; pre - from.first < from.count; ++pre) {
      if (reaches(pre)) {
        names.push_back(from.spec.name);
        break;
      }
    }
  }
  return names;
}

/// By which the model of a neuron draws.
std::uint64_t seed_of(const NetworkData& network, const Checkpoint& at, NeuronId id) {
  const std::size_t member = network.members.empty() ? 0 : network.member_of(id);
  return member_seeds(network, {at.seed, at.seeds})[member];
}

/// Counts what an explanation says.
void count(const Explanation& e, SilenceReport& r) {
  const auto took = [&](Branch b) { return e.branches[static_cast<std::size_t>(b)]; };
  ++r.steps;
  r.spikes += e.fired ? 1U : 0U;
  if (!e.alive) {
    ++r.dead;
  } else if (e.fired) {
    return;
  } else if (took(Branch::refractory)) {
    ++r.refractory;
  } else if (took(Branch::snoozed)) {
    ++r.snoozed;
  } else if (took(Branch::vetoed)) {
    ++r.vetoed;
  } else if (took(Branch::limited)) {
    ++r.limited;
  } else if (took(Branch::above_limit)) {
    ++r.above_limit;
  } else if (!e.model.empty()) {
    const bool refractory = std::any_of(e.states.begin(), e.states.end(), [](const auto& state) {
      return state.name == "refractory" && state.before > 0.0F;
    });
    r.condition = refractory ? r.condition : e.decided_by;
    ++(refractory ? r.refractory : r.unmet);
  } else if (e.arrivals.empty() && e.injections.empty()) {
    ++r.without_input;
  } else if (model::add_rn(e.injected, e.synaptic) <= 0.0F) {
    ++r.inhibited;
  } else {
    ++r.below_threshold;
    if (e.potential_tested - e.params.threshold > r.highest - r.threshold) {
      r.highest = e.potential_tested;
      r.threshold = e.params.threshold;
    }
  }
}

}  // namespace

Explanation explain_burst(Checkpoint from, NeuronId id, std::uint64_t burst) {
  if (burst > from.state.burst + 1) {
    Engine copy(std::move(from), {"cpu", 0, 1, {}});
    copy.run(burst - 1 - copy.burst());
    from = copy.checkpoint();
  }
  const NetworkData& network = *from.network.data();
  return explain(
      {network, from.state, compile_drives(network, from.drives, {from.seed, from.seeds}),
       next_input(from), seed_of(network, from, id)},
      id);
}

SilenceReport explain_silence(Checkpoint from, const std::string& name, std::uint64_t bursts) {
  const Network kept = from.network;
  const Area& area = kept.area(name);
  const NetworkData& network = *kept.data();
  const std::vector<model::CompiledDrive> drives =
      compile_drives(network, from.drives, {from.seed, from.seeds});
  SilenceReport report;
  report.area = area.spec.name;
  report.bursts = bursts;
  report.neurons = std::min(area.count, kMostNeurons);
  std::vector<NeuronId> neurons;
  for (std::uint32_t i = 0; i < report.neurons; ++i) {
    neurons.push_back(area.first +
                      static_cast<NeuronId>(std::uint64_t{i} * area.count / report.neurons));
  }
  const std::vector<bool> reached = reachable_from(network, beginnings(from, drives));
  report.reachable =
      std::any_of(neurons.begin(), neurons.end(), [&](NeuronId id) { return reached[id]; });
  report.sources = sources_of(network, area);
  Engine copy(std::move(from), {"cpu", 1, 1, {}});
  for (std::uint64_t i = 0; i < bursts; ++i) {
    const Checkpoint at = copy.checkpoint();
    const Moment moment{network, at.state, drives, next_input(at),
                        seed_of(network, at, area.first)};
    for (const NeuronId id : neurons) {
      count(explain(moment, id), report);
    }
    copy.run(1);
  }
  return report;
}

}  // namespace rheobase
