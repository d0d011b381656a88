// SPDX-License-Identifier: Apache-2.0
#include "rheobase/connect.h"
#include "rheobase/error.h"
#include "rheobase/text.h"
#include "server/morphologies.h"
#include "server/routes.h"

namespace rheobase::server {
namespace {

/// A rule with every key that clients expect.
Json full_rule(const Json& rule) {
  // unsigned: whole_of wants numbers as they are read
  static const Json kDefaults = {
      {"ltd_multiplier", 1U},       {"ltp_multiplier", 1U},
      {"morphology_id", ""},        {"morphology_scalar", {1U, 1U, 1U}},
      {"plasticity_constant", 1U},  {"plasticity_flag", false},
      {"plasticity_window", 0U},    {"postSynapticCurrent_multiplier", 1U},
      {"synaptic_delay_bursts", 1U}};
  Json full = kDefaults;
  if (rule.is_object()) {
    full.update(rule);
  }
  return full;
}

Json full_rules(const Json& rules) {
  Json list = Json::array();
  for (const Json& rule : rules.is_array() ? rules : Json::array({rules})) {
    list.push_back(full_rule(rule));
  }
  return list;
}

Reply all_mappings(Context& c, const Request& /*request*/) {
  const std::shared_ptr<const Served> now = served(c);
  Json all = Json::object();
  for (const GenomeArea& area : now->document.areas()) {
    for (const auto& [destination, rules] : area.mappings().items()) {
      if (now->document.find(destination) != nullptr && !rules.empty()) {
        all[area.id][destination] = full_rules(rules);
      }
    }
  }
  return json_reply(all);
}

Reply mapping(Context& c, const Request& request) {
  const Json body = object_in(request);
  const std::string source = text_in(body, "src_cortical_area");
  const std::string destination = text_in(body, "dst_cortical_area");
  const std::shared_ptr<const Served> now = served(c);
  const GenomeArea* area = now->document.find(source);
  const bool there = area != nullptr && area->mappings().contains(destination);
  return json_reply(there ? full_rules(area->mappings()[destination]) : Json::array());
}

std::uint64_t synapses_between(const Served& now, const std::string& source,
                               const std::string& destination) {
  const IndexedArea* from = now.index.find(source);
  const IndexedArea* to = now.index.find(destination);
  std::uint64_t count = 0;
  for (NeuronId id = from->first; id - from->first < from->count; ++id) {
    for (const Synapse& synapse : now.network.outgoing(id)) {
      count += synapse.post - to->first < to->count ? 1U : 0U;
    }
  }
  return count;
}

void check_rules(const Json& rules, const Document& document) {
  if (!rules.is_array()) {
    throw Error(ErrorCode::invalid_argument,
                "mapping_string is " + kind_of(rules) + " (a list of rules was expected).");
  }
  for (const Json& rule : rules) {
    const std::string name = text_in(rule, "morphology_id");
    if (!knows_morphology(document, name)) {
      throw NoSuch("Morphology not found: " + shown(name, 80));
    }
    const Json full = full_rule(rule);
    if (!full["postSynapticCurrent_multiplier"].is_number() ||
        !whole_of(full["synaptic_delay_bursts"], 1, 255) || !full["plasticity_flag"].is_boolean()) {
      throw Error(ErrorCode::invalid_argument,
                  "a rule of " + quoted_name(name) +
                      " has a postSynapticCurrent_multiplier that is no number, a "
                      "synaptic_delay_bursts that is not from 1 to 255, or a plasticity_flag that "
                      "is not true or false.");
    }
  }
}

Reply set_mapping(Context& c, const Request& request) {
  const Json body = object_in(request);
  const std::string source = text_in(body, "src_cortical_area");
  const std::string destination = text_in(body, "dst_cortical_area");
  const Json rules = body.contains("mapping_string") ? body["mapping_string"] : Json();
  c.brain.change([&](Document& document) {
    check_rules(rules, document);
    Json& table = document.area(source).mappings();
    static_cast<void>(document.area(destination));
    if (rules.empty()) {
      table.erase(destination);
    } else {
      table[destination] = rules;
    }
    return Change{true,
                  Json::array({Json{
                      {"kind", "cortical_mapping"}, {"id", source}, {"related_id", destination}}}),
                  {{"kind", "update_cortical_mapping"},
                   {"src_area_id", source},
                   {"dst_area_id", destination},
                   {"mapping_data", full_rules(rules)}}};
  });
  const std::shared_ptr<const Served> now = served(c);
  return json_reply({{"message", "Cortical mapping properties updated successfully from " +
                                     shown(source, 40) + " to " + shown(destination, 40)},
                     {"synapse_count", synapses_between(*now, source, destination)},
                     {"src_region", nullptr},
                     {"dst_region", nullptr}});
}

}  // namespace

std::vector<Route> mapping_routes() {
  return {{"GET", "cortical_area/cortical_map_detailed", all_mappings},
          {"POST", "cortical_mapping/mapping_properties", mapping},
          {"PUT", "cortical_mapping/mapping_properties", set_mapping}};
}

}  // namespace rheobase::server
