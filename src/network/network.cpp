// SPDX-License-Identifier: Apache-2.0
#include "rheobase/network.h"

#include <algorithm>

#include "network/connection_rule.h"
#include "network/network_hash.h"
#include "network/projections.h"
#include "network/view.h"
#include "platform/nearest.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

void require_neuron(const NetworkData& network, NeuronId id) {
  if (id >= network.neuron_count) {
    throw Error(ErrorCode::out_of_range, "there is no neuron " + number_text(id) +
                                             " (the network has " +
                                             number_text(network.neuron_count) + ").");
  }
}

}  // namespace

double Network::dt_ms() const { return data_->dt_ms; }
const Rules& Network::rules() const { return data_->rules; }
std::uint32_t Network::neuron_count() const { return data_->neuron_count; }
std::uint64_t Network::synapse_count() const {
  std::uint64_t count = data_->synapse_count;
  for (const LearningProjection& p : data_->projections) {
    count += p.rows->synapses();
  }
  return count;
}
const std::vector<Area>& Network::areas() const { return data_->areas.list(); }
const std::vector<Drive>& Network::drives() const { return data_->drives; }
std::vector<std::uint32_t> Network::delays() const {
  std::vector<std::uint32_t> all = data_->delays;
  for (const LearningProjection& p : data_->projections) {
    all.push_back(p.delay);
  }
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}
std::uint32_t Network::max_delay() const { return data_->max_delay(); }
const ChargeFacts& Network::charge() const { return data_->charge; }
std::uint64_t Network::wiring_seed() const { return data_->wiring_seed; }
const std::vector<Member>& Network::members() const { return data_->members; }
std::uint64_t Network::hash() const { return network_hash(*data_); }

std::uint64_t Network::unique_synapse_count() const {
  std::uint64_t unique = 0;
  std::vector<NeuronId> posts;
  for (NeuronId id = 0; id < data_->neuron_count; ++id) {
    posts.clear();
    data_->for_each_synapse(
        id, [&](std::uint32_t target, std::uint32_t /*code*/, std::uint32_t /*delay*/) {
          posts.push_back(data_->neuron_of(target));
        });
    for_each_learning(*data_, id, [&](const LearningProjection& p, std::uint32_t synapse) {
      posts.push_back(p.post_first + p.rows->post[synapse]);
    });
    std::sort(posts.begin(), posts.end());
    unique += static_cast<std::uint64_t>(std::unique(posts.begin(), posts.end()) - posts.begin());
  }
  return unique;
}

const Area& Network::area(std::string_view name_or_id) const {
  for (const Area& area : data_->areas) {
    if (area.spec.name == name_or_id ||
        (!area.spec.file_id.empty() && area.spec.file_id == name_or_id)) {
      return area;
    }
  }
  std::vector<std::string_view> names;
  for (const Area& area : data_->areas) {
    names.push_back(area.spec.name);
  }
  const std::string_view like = nearest(name_or_id, names);
  throw Error(ErrorCode::invalid_argument,
              "no area is called " + quoted_name(name_or_id) +
                  (like.empty() ? " (`rheobase info` lists the areas)."
                                : ". Did you mean " + quoted_name(like) + "?"));
}

AreaId Network::area_of(NeuronId id) const {
  require_neuron(*data_, id);
  const auto& areas = data_->areas;
  const auto after = std::upper_bound(areas.begin(), areas.end(), id,
                                      [](NeuronId n, const Area& area) { return n < area.first; });
  return static_cast<AreaId>(after - areas.begin() - 1);
}

Voxel Network::voxel_of(NeuronId id) const {
  const Area& area = data_->areas[area_of(id)];
  return voxel_at({area.spec.size, area.spec.neurons_per_voxel, area.count}, id - area.first);
}

NeuronId Network::neuron_at(const Area& area, Voxel v) const {
  const Voxel size = area.spec.size;
  if (v.x >= size.x || v.y >= size.y || v.z >= size.z) {
    throw Error(ErrorCode::out_of_range, "voxel (" + number_text(v.x) + ", " + number_text(v.y) +
                                             ", " + number_text(v.z) + ") lies outside area " +
                                             quoted_name(area.spec.name) + " (its size is " +
                                             number_text(size.x) + " x " + number_text(size.y) +
                                             " x " + number_text(size.z) + ").");
  }
  return area.first + index_of({size, area.spec.neurons_per_voxel, area.count}, v,
                               area.spec.neurons_per_voxel - 1);
}

NeuronParams Network::params(NeuronId id) const {
  require_neuron(*data_, id);
  return data_->class_params[data_->class_of[id]];
}

bool Network::alive(NeuronId id) const {
  require_neuron(*data_, id);
  return (data_->classes[data_->class_of[id]].flags & model::kDead) == 0U;
}

std::vector<Synapse> Network::outgoing(NeuronId id) const {
  require_neuron(*data_, id);
  std::vector<Synapse> synapses;
  data_->for_each_synapse(id, [&](std::uint32_t target, std::uint32_t code, std::uint32_t delay) {
    const SynapseKind kind = data_->kind(code);
    synapses.push_back(
        {id, data_->neuron_of(target), kind.weight, kind.psp, delay, data_->port_of(target)});
  });
  for_each_learning(*data_, id, [&](const LearningProjection& p, std::uint32_t synapse) {
    const std::vector<float>& weights = p.numbers->initial.front();
    const float weight = weights.size() == 1 ? weights[0] : weights[synapse];
    synapses.push_back({id, p.post_first + p.rows->post[synapse], weight, 1.0F, p.delay, p.port});
  });
  return synapses;
}

std::vector<Projection> Network::projections() const {
  std::vector<Projection> all;
  for (const LearningProjection& p : data_->projections) {
    all.push_back({p.pre_area, p.post_area, p.delay, p.port, plasticity_of(p), p.rows->synapses()});
  }
  return all;
}

ProjectionEnds Network::projection_ends(std::size_t projection) const {
  if (projection >= data_->projections.size()) {
    throw Error(ErrorCode::out_of_range, "there is no projection " + number_text(projection) +
                                             " that learns (there are " +
                                             number_text(data_->projections.size()) + ").");
  }
  return ends_of(data_->projections[projection]);
}

std::uint64_t Network::memory_bytes() const {
  std::uint64_t bytes =
      data_->class_of.size() * sizeof(std::uint32_t) +
      data_->classes.size() * (sizeof(model::NeuronClass) + sizeof(NeuronParams)) +
      data_->runs.size() * sizeof(ClassRun) + data_->first_potentials.size() * sizeof(float) +
      data_->kinds.size() * sizeof(SynapseKind);
  for (const auto& block : data_->blocks) {
    bytes += sizeof(RowBlock) + block->row_parts.size() * sizeof(std::uint32_t) +
             block->parts.size() * sizeof(RowBlock::Part) +
             block->compact.size() * sizeof(std::uint32_t) +
             block->wide.size() * sizeof(std::uint64_t);
  }
  for (const LearningProjection& p : data_->projections) {
    bytes += memory_of(p);
  }
  return bytes;
}

}  // namespace rheobase
