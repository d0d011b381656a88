// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "engine/backend.h"
#include "network/view.h"
#include "rheobase/error.h"
#include "rheobase/genome.h"

namespace rheobase {
namespace {

/// A run of neurons of the former network and where it is now.
struct Kept {
  NeuronId from = 0, to = 0;
  std::uint32_t count = 0;
};

std::string key_of(const AreaSpec& spec) {
  return spec.file_id.empty() ? "name " + spec.name : "id " + spec.file_id;
}

std::vector<Kept> kept_areas(const Network& from, const Network& to) {
  std::map<std::string, const Area*> former;
  for (const Area& area : from.areas()) {
    // one that was deleted may have a successor of the same id
    if (area.count != 0 && from.alive(area.first)) {
      former[key_of(area.spec)] = &area;
    }
  }
  std::vector<Kept> kept;
  for (const Area& area : to.areas()) {
    const auto it = former.find(key_of(area.spec));
    if (it == former.end()) {
      continue;
    }
    const AreaSpec& spec = it->second->spec;
    if (spec.size == area.spec.size && spec.neurons_per_voxel == area.spec.neurons_per_voxel &&
        spec.model.empty() == area.spec.model.empty() &&
        (spec.model.empty() || spec.model.text() == area.spec.model.text())) {
      kept.push_back({it->second->first, area.first, area.count});
    }
  }
  std::sort(kept.begin(), kept.end(), [](const Kept& a, const Kept& b) { return a.from < b.from; });
  return kept;
}

/// Where the former neuron is now; none if its area begins anew.
std::optional<NeuronId> moved(const std::vector<Kept>& kept, NeuronId id) {
  auto it = std::upper_bound(kept.begin(), kept.end(), id,
                             [](NeuronId i, const Kept& k) { return i < k.from; });
  if (it == kept.begin() || id - (--it)->from >= it->count) {
    return std::nullopt;
  }
  return it->to + (id - it->from);
}

template <class T>
void copy_kept(const std::vector<Kept>& kept, const std::vector<T>& from, std::vector<T>& to) {
  for (const Kept& k : kept) {
    std::copy_n(from.begin() + k.from, k.count, to.begin() + k.to);
  }
}

void copy_tables(const std::vector<Kept>& kept, const Network& before, const State& from,
                 const Network& after, State& to) {
  for (StateTable& table : to.tables) {
    const NeuronId first = after.areas()[table.area].first;
    const auto k = std::find_if(kept.begin(), kept.end(),
                                [&](const Kept& entry) { return entry.to == first; });
    if (k == kept.end()) {
      continue;
    }
    for (const StateTable& former : from.tables) {
      if (before.areas()[former.area].first == k->from) {
        table.columns = former.columns;
      }
    }
  }
}

bool same_synapses(const LearningProjection& a, const LearningProjection& b) {
  return a.delay == b.delay && a.delay_in == b.delay_in && a.port == b.port &&
         a.definition->text == b.definition->text && a.rows->row_begin == b.rows->row_begin &&
         a.rows->post == b.rows->post && a.numbers->lowest == b.numbers->lowest &&
         a.numbers->highest == b.numbers->highest;
}

/// What was learned stays with synapses that are still there, projection by projection.
void copy_learned(const std::vector<Kept>& kept, const NetworkData& before, const State& from,
                  const NetworkData& after, State& to) {
  const auto is_at = [&](NeuronId former, NeuronId now) {
    return std::ranges::any_of(kept,
                               [&](const Kept& k) { return k.from == former && k.to == now; });
  };
  std::vector<bool> taken(before.projections.size());
  for (std::size_t i = 0; i < after.projections.size(); ++i) {
    const LearningProjection& now = after.projections[i];
    for (std::size_t j = 0; j < before.projections.size(); ++j) {
      const LearningProjection& former = before.projections[j];
      if (!taken[j] && is_at(former.pre_first, now.pre_first) &&
          is_at(former.post_first, now.post_first) && same_synapses(former, now)) {
        to.projections[i] = from.projections[j];
        taken[j] = true;
        break;
      }
    }
  }
}

FireQueue moved_queue(const std::vector<Kept>& kept, const FireQueue& from, bool potentials) {
  std::vector<std::pair<NeuronId, float>> fired;
  if (potentials && from.potentials.size() != from.ids.size()) {
    return {};  // what they were driven by is not known
  }
  for (std::size_t i = 0; i < from.ids.size(); ++i) {
    if (const auto id = moved(kept, from.ids[i])) {
      fired.emplace_back(*id, potentials ? from.potentials[i] : 0.0F);
    }
  }
  std::sort(fired.begin(), fired.end());
  FireQueue queue;
  for (const auto& [id, potential] : fired) {
    queue.ids.push_back(id);
    if (potentials) {
      queue.potentials.push_back(potential);
    }
  }
  return queue;
}

}  // namespace

Checkpoint carried_over(const Checkpoint& from, const Network& to) {
  if (!from.network.members().empty() || !to.members().empty()) {
    throw Error(ErrorCode::invalid_argument,
                "a joined network cannot be changed for another while it runs (its areas are of "
                "several networks). Change its members and join them again.");
  }
  const std::vector<Kept> kept = kept_areas(from.network, to);
  Checkpoint c{to, initial_state(*to.data()), from.seed,  {},          from.signature, {}, {},
               {}, from.last_burst,           from.seeds, from.fatigue};
  State& state = c.state;
  state.burst = from.state.burst;
  copy_kept(kept, from.state.u, state.u);
  copy_kept(kept, from.state.refractory_countdown, state.refractory_countdown);
  copy_kept(kept, from.state.fire_count, state.fire_count);
  copy_kept(kept, from.state.snooze_countdown, state.snooze_countdown);
  copy_kept(kept, from.state.forget, state.forget);
  copy_tables(kept, from.network, from.state, to, state);
  copy_learned(kept, *from.network.data(), from.state, *to.data(), state);
  for (std::size_t i = 0; i < state.fired.size() && i < from.state.fired.size(); ++i) {
    state.fired[i] = moved_queue(kept, from.state.fired[i], to.data()->potential_driven);
  }
  for (std::size_t i = 0; i < from.injected_ids.size(); ++i) {
    if (const auto id = moved(kept, from.injected_ids[i])) {
      c.injected_ids.push_back(*id);
      c.injected_values.push_back(from.injected_values[i]);
      if (!from.injected_ports.empty()) {
        c.injected_ports.push_back(from.injected_ports[i]);
      }
    }
  }
  return c;
}

}  // namespace rheobase
