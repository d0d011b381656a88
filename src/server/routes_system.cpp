// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "rheobase/error.h"
#include "rheobase/host.h"
#include "rheobase/text.h"
#include "server/hashes.h"
#include "server/routes.h"

namespace rheobase::server {
namespace {

/// Of FEAGI, whose interface this is.
constexpr const char* kFeagiVersion = "0.0.49";

Reply health(Context& c, const Request& /*request*/) {
  const std::shared_ptr<const Served> now = c.brain.served();
  const bool runs = now != nullptr && c.brain.loop().failure().empty();
  const std::uint64_t neurons = now == nullptr ? 0 : now->network.neuron_count();
  const std::uint64_t synapses = now == nullptr ? 0 : now->network.synapse_count();
  const Hashes hashes = now == nullptr ? Hashes{} : now->hashes;
  const bool loading = c.brain.loading();
  return json_reply(
      {{"burst_engine", runs},
       {"connected_agents", c.agents.list().size()},
       {"influxdb_availability", false},
       {"neuron_count_max", 4294967294U},
       {"synapse_count_max", 1ULL << 40U},
       {"latest_changes_saved_externally", false},
       {"genome_availability", now != nullptr},
       {"genome_validity", now != nullptr},
       {"brain_readiness", runs && !loading},
       {"genome_loading", loading},
       {"genome_state", loading          ? "loading"
                        : now != nullptr ? "loaded"
                                         : "empty"},
       {"feagi_session", c.session},
       {"fitness", nullptr},
       {"cortical_area_count", now == nullptr ? 0 : now->document.areas().size()},
       {"neuron_count", neurons},
       {"memory_neuron_count", 0},
       {"regular_neuron_count", neurons},
       {"synapse_count", synapses},
       {"estimated_brain_size_in_MB",
        now == nullptr ? 0.0 : static_cast<double>(now->network.memory_bytes()) / 1048576.0},
       {"genome_num", now == nullptr ? 0 : now->genome_number},
       {"genome_timestamp", now == nullptr ? 0 : now->loaded_at},
       {"simulation_timestep", 1.0 / c.brain.loop().hz()},
       {"memory_area_stats", Json::object()},
       {"memory_pool", {{"pool_capacity", 0}, {"pool_in_use", 0}, {"pool_ltm", 0}}},
       {"amalgamation_pending", pending_amalgamation(c)},
       {"brain_regions_hash", hashes.regions},
       {"cortical_areas_hash", hashes.areas},
       {"brain_geometry_hash", hashes.geometry},
       {"morphologies_hash", hashes.morphologies},
       {"cortical_mappings_hash", hashes.mappings},
       {"classifiers_hash", hashes.classifiers},
       {"agent_data_hash", c.agents.change_number()},
       {"synaptic_plasticity_generation", 0},
       {"brain_regions_root", now == nullptr ? Json() : Json(now->document.root_region())},
       {"genome_change_sequence", c.brain.last_change()},
       {"fatigue",
        {{"fatigue_index", 0},
         {"fatigue_active", false},
         {"regular_neuron_util", 0},
         {"memory_neuron_util", 0},
         {"synapse_util", 0}}}});
}

Reply version_of_feagi(Context& /*c*/, const Request& /*request*/) {
  return json_reply(kFeagiVersion);
}

Reply versions(Context& /*c*/, const Request& /*request*/) {
  return json_reply({{"rheobase", rheobase::version()}, {"feagi_api", kFeagiVersion}});
}

Reply timestep(Context& c, const Request& /*request*/) {
  return json_reply(1.0 / c.brain.loop().hz());
}

Reply set_timestep(Context& c, const Request& request) {
  const Json body = request.json();
  const Json* value = body.is_object() && body.contains("simulation_timestep")
                          ? &body["simulation_timestep"]
                          : &body;
  if (!value->is_number()) {
    throw Error(ErrorCode::invalid_argument, "simulation_timestep is required (seconds).");
  }
  c.brain.set_timestep(value->get<double>());
  return json_reply({{"message", "Timestep set to " + number_text(value->get<double>())}});
}

Reply burst_counter(Context& c, const Request& /*request*/) {
  return json_reply(c.brain.loop().burst());
}

Reply burst_status(Context& c, const Request& /*request*/) {
  const bool active = c.brain.served() != nullptr && c.brain.loop().failure().empty();
  const LoopCounters counters = c.brain.loop().counters();
  return json_reply({{"active", active},
                     {"paused", false},
                     {"burst_count", c.brain.loop().burst()},
                     {"frequency_hz", c.brain.loop().hz()},
                     {"late", counters.late},
                     {"skipped", counters.skipped},
                     {"frames", counters.frames},
                     {"frames_replaced", counters.frames_replaced}});
}

Json fired_by_area(const Context& c, LastFired& last, bool ids) {
  const std::shared_ptr<const Served> now = served(c);
  last = c.fired();
  Json areas = Json::object();
  for (const IndexedArea& area : now->index.areas()) {
    const auto begin = std::lower_bound(last.ids.begin(), last.ids.end(), area.first);
    const auto end = std::lower_bound(begin, last.ids.end(), area.first + area.count);
    if (begin != end) {
      areas[area.id] = ids ? Json(std::vector<NeuronId>(begin, end)) : Json(end - begin);
    }
  }
  return areas;
}

Reply fire_queue(Context& c, const Request& /*request*/) {
  LastFired last;
  const Json areas = fired_by_area(c, last, false);
  return json_reply(
      {{"cortical_areas", areas}, {"total_fired", last.ids.size()}, {"timestep", last.burst}});
}

Reply candidates(Context& c, const Request& /*request*/) {
  LastFired last;
  const Json areas = fired_by_area(c, last, true);
  return json_reply({{"default_window_size", 20},
                     {"active_cortical_count", areas.size()},
                     {"cortical_areas", areas},
                     {"total_neurons", last.ids.size()},
                     {"timestep", last.burst}});
}

Reply connection_info(Context& c, const Request& /*request*/) {
  const auto url = [&](const char* scheme, std::uint16_t port) {
    return std::string(scheme) + "://" + c.host + ":" + number_text(port);
  };
  const Ports& p = c.ports;
  return json_reply({{"api",
                      {{"enabled", true},
                       {"base_url", url("http", p.http)},
                       {"host", c.host},
                       {"port", p.http},
                       {"swagger_url", ""}}},
                     {"zmq",
                      {{"enabled", true},
                       {"host", c.host},
                       {"ports",
                        {{"registration", p.control},
                         {"sensory", p.sensory},
                         {"motor", p.motor},
                         {"visualization", p.visualisation}}},
                       {"endpoints",
                        {{"registration", url("tcp", p.control)},
                         {"sensory", url("tcp", p.sensory)},
                         {"motor", url("tcp", p.motor)},
                         {"visualization", url("tcp", p.visualisation)}}}}},
                     {"websocket",
                      {{"enabled", true},
                       {"host", c.host},
                       {"ports",
                        {{"registration", p.ws_control},
                         {"sensory", p.sensory},
                         {"motor", p.motor},
                         {"visualization", p.ws_visualisation},
                         {"rest_api", p.http}}},
                       {"endpoints",
                        {{"registration", url("ws", p.ws_control)},
                         {"visualization", url("ws", p.ws_visualisation)}}}}},
                     {"shm", {{"enabled", false}, {"note", "shared memory is not offered"}}},
                     {"udp", {{"enabled", false}, {"note", "UDP is not offered"}}},
                     {"bluetooth", {{"enabled", false}, {"note", "Bluetooth is not offered"}}},
                     {"stream_status",
                      {{"zmq_control_started", true},
                       {"zmq_data_streams_started", true},
                       {"websocket_started", true}}}});
}

/// A bare number, {"…": number}, or a parameter of the query: clients have all three.
std::int64_t number_in(const Request& request) {
  std::optional<std::uint64_t> found;
  const Json body = request.json();
  if (const auto text = request.parameter("queue_depth")) {
    found = whole_of(parse_json(*text, "queue_depth"), 0, 1U << 30U);
  } else if (body.is_object() && body.size() == 1) {
    found = whole_of(*body.begin(), 0, 1U << 30U);
  } else {
    found = whole_of(body, 0, 1U << 30U);
  }
  if (!found) {
    throw Error(ErrorCode::invalid_argument,
                "a whole number is required (it is " + excerpt_of(body) + ").");
  }
  return static_cast<std::int64_t>(*found);
}

Reply skip_rate(Context& c, const Request& /*request*/) { return json_reply(c.skip_rate.load()); }
Reply set_skip_rate(Context& c, const Request& request) {
  c.skip_rate = number_in(request);
  return json_reply({{"message", "Skip rate set to " + number_text(c.skip_rate.load())}});
}
Reply threshold(Context& c, const Request& /*request*/) {
  return json_reply(c.suppression_threshold.load());
}
Reply set_threshold(Context& c, const Request& request) {
  c.suppression_threshold = number_in(request);
  return json_reply(
      {{"message", "Suppression threshold set to " + number_text(c.suppression_threshold.load())}});
}
Reply queue_depth(Context& c, const Request& /*request*/) {
  return json_reply(c.plasticity_queue_depth.load());
}
Reply set_queue_depth(Context& c, const Request& request) {
  c.plasticity_queue_depth = number_in(request);
  return json_reply({{"message", "Plasticity queue depth set to " +
                                     number_text(c.plasticity_queue_depth.load())}});
}

}  // namespace

std::vector<Route> system_routes() {
  return {{"GET", "system/health_check", health, true},
          {"GET", "system/version", version_of_feagi, true},
          {"GET", "system/versions", versions, true},
          {"GET", "burst_engine/simulation_timestep", timestep, true},
          {"POST", "burst_engine/simulation_timestep", set_timestep},
          {"GET", "burst_engine/burst_counter", burst_counter, true},
          {"GET", "burst_engine/status", burst_status, true},
          {"GET", "burst_engine/stats", burst_status, true},
          {"GET", "burst_engine/fire_queue", fire_queue},
          {"GET", "burst_engine/fcl", candidates},
          {"GET", "network/connection_info", connection_info, true},
          {"GET", "system/cortical_area_visualization_skip_rate", skip_rate, true},
          {"PUT", "system/cortical_area_visualization_skip_rate", set_skip_rate},
          {"GET", "system/cortical_area_visualization_suppression_threshold", threshold, true},
          {"PUT", "system/cortical_area_visualization_suppression_threshold", set_threshold},
          {"GET", "neuroplasticity/plasticity_queue_depth", queue_depth, true},
          {"PUT", "neuroplasticity/plasticity_queue_depth", set_queue_depth}};
}

}  // namespace rheobase::server
