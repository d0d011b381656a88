// SPDX-License-Identifier: Apache-2.0
// Neurons of the brain that runs: looked at, made to fire, set back.
#include <algorithm>

#include "rheobase/error.h"
#include "rheobase/text.h"
#include "server/area_properties.h"
#include "server/routes.h"

namespace rheobase::server {
namespace {

constexpr std::size_t kPage = 100;  ///< synapses told at once

RunningBrain& running(std::unique_ptr<RunningBrain>& brain) {
  if (brain == nullptr) {
    throw Error(ErrorCode::unavailable, "the brain stands still. Load a genome.");
  }
  return *brain;
}

const IndexedArea& indexed(const AreaIndex& index, const std::string& id) {
  const IndexedArea* area = index.find(id);
  if (area == nullptr) {
    throw NoSuch("cortical area " + quoted_name(id) + " does not exist.");
  }
  return *area;
}

Reply stimulate(Context& c, const Request& request) {
  const Json body = object_in(request);
  if (!body.contains("stimulation_payload") || !body["stimulation_payload"].is_object()) {
    throw Error(ErrorCode::invalid_argument,
                "stimulation_payload is required (an object: area id -> list of [x, y, z]).");
  }
  const Json& payload = body["stimulation_payload"];
  std::size_t requested = 0;
  std::vector<NeuronId> ids;
  Json failed = Json::array();
  c.brain.loop().between([&](std::unique_ptr<RunningBrain>& brain) {
    RunningBrain& b = running(brain);
    for (const auto& [id, voxels] : payload.items()) {
      const IndexedArea* area = b.index->find(id);
      if (area == nullptr || !voxels.is_array()) {
        failed.push_back(id);
        continue;
      }
      for (const Json& voxel : voxels) {
        ++requested;
        const Place place = place_from(voxel, "a coordinate");
        if (std::any_of(place.begin(), place.end(), [](std::int64_t axis) { return axis < 0; })) {
          continue;
        }
        if (const auto neuron = area->neuron_at({static_cast<std::uint32_t>(place[0]),
                                                 static_cast<std::uint32_t>(place[1]),
                                                 static_cast<std::uint32_t>(place[2])})) {
          ids.push_back(*neuron);
        }
      }
    }
    // what a neuron at rest needs to fire
    std::vector<float> potentials;
    for (const NeuronId id : ids) {
      const NeuronParams params = b.engine.network().params(id);
      potentials.push_back(std::max(params.threshold - params.v_rest, 0.0F));
    }
    c.brain.loop().give(b, ids, potentials);
  });
  std::vector<NeuronId> unique = ids;
  std::sort(unique.begin(), unique.end());
  unique.erase(std::unique(unique.begin(), unique.end()), unique.end());
  return json_reply({{"success", failed.empty()},
                     {"mode", "force_fire"},
                     {"requested_coordinates", requested},
                     {"total_coordinates", requested},
                     {"matched_coordinates", ids.size()},
                     {"unique_neuron_ids", unique.size()},
                     {"successful_areas", payload.size() - failed.size()},
                     {"failed_areas", failed}});
}

Reply reset(Context& c, const Request& request) {
  const std::vector<std::string> ids = ids_in(request.json(), "area_list");
  Json results = Json::array();
  c.brain.loop().between([&](std::unique_ptr<RunningBrain>& brain) {
    RunningBrain& b = running(brain);
    for (const std::string& id : ids) {  // all exist, or nothing is set back
      static_cast<void>(indexed(*b.index, id));
    }
    State state = b.engine.state();
    for (const std::string& id : ids) {
      const IndexedArea& area = indexed(*b.index, id);
      const auto begin = static_cast<std::ptrdiff_t>(area.first);
      std::fill_n(state.u.begin() + begin, area.count, 0.0F);
      std::fill_n(state.refractory_countdown.begin() + begin, area.count, std::uint16_t{0});
      std::fill_n(state.fire_count.begin() + begin, area.count, std::uint16_t{0});
      std::fill_n(state.snooze_countdown.begin() + begin, area.count, std::uint16_t{0});
      results.push_back({{"cortical_idx", b.engine.network().area_of(area.first)},
                         {"neurons_reset", area.count}});
    }
    b.engine.set_state(std::move(state));
  });
  return json_reply({{"message", "ok"}, {"results", results}});
}

struct Page {
  Json list = Json::array();
  std::size_t count = 0;
  bool more = false;

  void add(std::size_t page, Json entry) {
    if (count >= page * kPage && count < (page + 1) * kPage) {
      list.push_back(std::move(entry));
    }
    more = ++count > (page + 1) * kPage;
  }
};

Json synapse_json(const Synapse& s) {
  return {{"source_neuron_id", s.pre},
          {"target_neuron_id", s.post},
          {"weight", s.weight},
          {"postsynaptic_potential", s.psp},
          {"delay", s.delay}};
}

/// Synapses into the neurons [first, first + count).
std::vector<Page> incoming_of(const Network& network, NeuronId first, std::uint32_t count,
                              std::size_t page) {
  std::vector<Page> pages(count);
  for (NeuronId pre = 0; pre < network.neuron_count(); ++pre) {
    for (const Synapse& synapse : network.outgoing(pre)) {
      if (synapse.post - first < count) {
        pages[synapse.post - first].add(page, synapse_json(synapse));
      }
    }
  }
  return pages;
}

std::uint32_t axis_in(const Request& request, const char* name) {
  const auto text = request.parameter(name);
  const auto value =
      text ? whole_of(parse_json(*text, name), 0, 4294967295U) : std::optional<std::uint64_t>();
  if (!value) {
    throw Error(ErrorCode::invalid_argument,
                std::string(name) + " is required (a whole number of at least 0).");
  }
  return static_cast<std::uint32_t>(*value);
}

Reply voxel_neurons(Context& c, const Request& request) {
  const std::string id = request.parameter("cortical_id").value_or("");
  const Voxel voxel{axis_in(request, "x"), axis_in(request, "y"), axis_in(request, "z")};
  const std::size_t page = request.parameter("synapse_page") ? axis_in(request, "synapse_page") : 0;
  const std::shared_ptr<const Served> now = served(c);
  const IndexedArea& area = indexed(now->index, id);
  const auto last = area.neuron_at(voxel);
  if (!last) {
    throw Error(ErrorCode::invalid_argument, "the voxel lies outside of the area.");
  }
  const State state = c.brain.loop().between(
      [&](std::unique_ptr<RunningBrain>& brain) { return running(brain).engine.state(); });
  const Network& network = now->network;
  const NeuronId first = *last + 1 - area.per_voxel;
  const std::vector<Page> incoming = incoming_of(network, first, area.per_voxel, page);
  const AreaId index = network.area_of(first);
  const GenomeArea& genes = *now->document.find(id);
  Json neurons = Json::array();
  for (NeuronId n = first; n <= *last && n < state.u.size(); ++n) {
    const NeuronParams params = network.params(n);
    Page outgoing;
    for (const Synapse& synapse : network.outgoing(n)) {
      outgoing.add(page, synapse_json(synapse));
    }
    const Page& in = incoming[n - first];
    neurons.push_back({{"neuron_id", n},
                       {"cortical_id", id},
                       {"cortical_idx", index},
                       {"cortical_area", index},
                       {"neuron_type", 0},
                       {"x", voxel.x},
                       {"y", voxel.y},
                       {"z", voxel.z},
                       {"membrane_potential", state.u[n] + params.v_rest},
                       {"resting_potential", params.v_rest},
                       {"threshold", params.threshold},
                       {"threshold_limit", params.threshold_limit},
                       {"leak_coefficient", params.leak},
                       {"excitability", params.excitability},
                       {"refractory_period", params.refractory_period},
                       {"refractory_countdown", state.refractory_countdown[n]},
                       {"consecutive_fire_count", state.fire_count[n]},
                       {"consecutive_fire_limit", params.fire_limit},
                       {"snooze_period", params.snooze_period},
                       {"mp_charge_accumulation", params.accumulates},
                       {"mp_driven_psp", genes.flag("nx-mp_psp-b", false)},
                       {"psp_uniform_distribution", genes.flag("cx-pspuni-b", false)},
                       {"synapse_page", page},
                       {"incoming_synapse_count", in.count},
                       {"incoming_synapses", in.list},
                       {"incoming_synapses_has_more", in.more},
                       {"outgoing_synapse_count", outgoing.count},
                       {"outgoing_synapses", outgoing.list},
                       {"outgoing_synapses_has_more", outgoing.more}});
  }
  return json_reply({{"cortical_id", id},
                     {"cortical_name", genes.name()},
                     {"cortical_idx", index},
                     {"voxel_coordinate", {voxel.x, voxel.y, voxel.z}},
                     {"x", voxel.x},
                     {"y", voxel.y},
                     {"z", voxel.z},
                     {"synapse_page", page},
                     {"neuron_count", neurons.size()},
                     {"neurons", neurons}});
}

}  // namespace

std::vector<Route> neuron_routes() {
  return {{"POST", "agent/manual_stimulation", stimulate},
          {"PUT", "cortical_area/reset", reset},
          {"GET", "cortical_area/voxel_neurons", voxel_neurons}};
}

}  // namespace rheobase::server
