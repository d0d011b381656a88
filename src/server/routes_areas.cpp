// SPDX-License-Identifier: Apache-2.0
// Areas made, changed, copied and deleted.
#include <algorithm>

#include "rheobase/error.h"
#include "rheobase/text.h"
#include "server/area_ids.h"
#include "server/area_properties.h"
#include "server/routes.h"
#include "server/units.h"

namespace rheobase::server {
namespace {

/// Properties that FEAGI takes with a new area.
void take_places(Document& document, const std::string& id, const Json& body) {
  Json wanted = Json::object();
  for (const char* key : {"coordinates_3d", "coordinates_2d"}) {
    if (body.contains(key) && !body[key].is_null()) {
      wanted[key] = body[key];
    }
  }
  set_properties(document, id, wanted);
}

Reply make_custom(Context& c, const Request& request) {
  const Json body = object_in(request);
  const std::string name = text_in(body, "cortical_name");
  if (!body.contains("brain_region_id") || !body["brain_region_id"].is_string()) {
    return error_reply(400, "brain_region_id is required for custom and memory cortical areas");
  }
  const std::string region = body["brain_region_id"].get<std::string>();
  const Place size =
      size_from(body.contains("cortical_dimensions") ? body["cortical_dimensions"] : Json(),
                "cortical_dimensions");
  const bool memory = text_in(body, "sub_group_id", "") == "MEMORY" ||
                      text_in(body, "cortical_sub_group", "") == "MEMORY";
  std::string id;
  std::string called;
  c.brain.change([&](Document& document) {
    if (region == document.root_region()) {
      throw NoSuch("custom and memory areas do not belong into the root region. Name another one.");
    }
    id = free_id(document, memory ? 'm' : 'c', name);
    called = free_name(document, name);
    GenomeArea& area = document.add(id, called, size, region);
    if (memory) {
      area.genes["cx-subgrp-t"] = "MEMORY";
      area.genes["cx-pspuni-b"] = true;
    }
    take_places(document, id, body);
    return Change{true,
                  target("cortical_area", id),
                  {{"kind", "create_cortical_areas"}, {"cortical_ids", Json::array({id})}}};
  });
  return json_reply({{"cortical_id", id},
                     {"cortical_name", called},
                     {"message", "Custom cortical area created successfully"}});
}

/// `data_type_configs_by_subunit`: sub-unit -> the number that an id carries for its kind of data.
std::map<std::size_t, unsigned> configs_in(const Json& body) {
  std::map<std::size_t, unsigned> configs;
  if (!body.contains("data_type_configs_by_subunit") ||
      !body["data_type_configs_by_subunit"].is_object()) {
    throw Error(ErrorCode::invalid_argument,
                "data_type_configs_by_subunit is required (an object).");
  }
  for (const auto& [key, value] : body["data_type_configs_by_subunit"].items()) {
    const auto subunit = parse_number<double>(key);
    const auto config = whole_of(value, 0, 65535);
    if (!subunit || !(*subunit >= 0 && *subunit < 16)) {
      throw Error(ErrorCode::invalid_argument,
                  "the sub-unit " + quoted_name(key) + " is no number from 0 to 15.");
    }
    if (!config) {
      throw Error(ErrorCode::invalid_argument,
                  "data_type_configs_by_subunit values must be numeric");
    }
    configs[static_cast<std::size_t>(*subunit)] = static_cast<unsigned>(*config);
  }
  return configs;
}

Reply make_device_area(Context& c, const Request& request) {
  const Json body = object_in(request);
  const std::string letters = text_in(body, "cortical_id");
  const Unit* unit = unit_of_letters(letters);
  if (unit == nullptr) {
    throw NoSuch("there is no kind of input or output " + quoted_name(letters) + ".");
  }
  const char* group_key = body.contains("group_id") ? "group_id" : "unit_id";
  const auto group = body.contains(group_key) ? whole_of(body[group_key], 0, 255)
                                              : std::optional<std::uint64_t>(0);
  const auto devices = body.contains("device_count") ? whole_of(body["device_count"], 1, 4096)
                                                     : std::optional<std::uint64_t>(1);
  if (!group || !devices) {
    throw Error(ErrorCode::invalid_argument,
                "group_id is not from 0 to 255, or device_count not from 1 to 4096.");
  }
  const Place place = body.contains("coordinates_3d")
                          ? place_from(body["coordinates_3d"], "coordinates_3d")
                          : Place{0, 0, 0};
  const std::map<std::size_t, unsigned> configs = configs_in(body);
  std::vector<std::string> ids;
  c.brain.change([&](Document& document) {
    for (std::size_t i = 0; i < unit->parts.size(); ++i) {
      const auto config = configs.find(i);
      const unsigned flags = config == configs.end() ? 0U : config->second;
      const UnitId id{letters,
                      flags & 15U,
                      static_cast<unsigned>(i),
                      (flags & 256U) != 0,
                      (flags & 512U) != 0,
                      static_cast<unsigned>(*group)};
      const Unit::Part& part = unit->parts[i];
      const std::string name = std::string(unit->description) + " Unit " + number_text(*group) +
                               (unit->parts.size() > 1 ? " " + number_text(i) : "");
      GenomeArea& area = document.add(
          id.text(), free_name(document, name),
          {part.size[0] * static_cast<std::int64_t>(*devices), part.size[1], part.size[2]},
          document.root_region());
      area.set_place(
          {place[0] + part.place[0], place[1] + part.place[1], place[2] + part.place[2]});
      area.genes["cx-devcnt-i"] = *devices;
      if (letters[0] == 'i') {
        area.genes["cx-snhold-b"] = id.is_percentage();
      }
      if (body.contains("neurons_per_voxel")) {
        set_properties(document, area.id, {{"neurons_per_voxel", body["neurons_per_voxel"]}});
      }
      ids.push_back(id.text());
    }
    Json targets = Json::array();
    for (const std::string& id : ids) {
      targets.push_back({{"kind", "cortical_area"}, {"id", id}});
    }
    return Change{true, targets, {{"kind", "create_cortical_areas"}, {"cortical_ids", ids}}};
  });
  const std::shared_ptr<const Served> now = served(c);
  Json areas = Json::array();
  for (const std::string& id : ids) {
    areas.push_back(
        properties_of(*now->document.find(id), now->document, c.brain.counts_of(*now, id)));
  }
  return json_reply({{"areas", areas}, {"message", "Cortical area created"}});
}

/// Changes properties of several areas at once. \return names that no property stands for.
std::string update(Context& c, const std::vector<std::pair<std::string, Json>>& wanted) {
  std::string ignored;
  c.brain.change([&](Document& document) {
    Change change{false, Json::array(), {{"kind", "update_cortical_area"}}};
    for (const auto& [id, properties] : wanted) {
      const PropertyChange one = set_properties(document, id, properties);
      change.network = change.network || one.network;
      change.targets.push_back({{"kind", "cortical_area"}, {"id", id}});
      change.operation["cortical_id"] = id;
      change.operation["changes"] = properties;
      ignored = one.ignored;
    }
    return change;
  });
  return ignored;
}

Reply update_one(Context& c, const Request& request) {
  const Json body = object_in(request);
  const std::string id = text_in(body, "cortical_id");
  Json properties = body;
  properties.erase("cortical_id");
  const std::string ignored = update(c, {{id, properties}});
  return json_reply(
      {{"message", "Cortical area updated" + (ignored.empty() ? "" : "; not known: " + ignored)},
       {"cortical_id", id},
       {"previous_cortical_id", id}});
}

Reply update_several(Context& c, const Request& request) {
  Json body = object_in(request);
  std::vector<std::pair<std::string, Json>> wanted;
  if (body.contains("cortical_id_list")) {
    const std::vector<std::string> ids = ids_in(body, "cortical_id_list");
    body.erase("cortical_id_list");
    for (const std::string& id : ids) {
      wanted.emplace_back(id, body);
    }
  } else {
    for (const auto& [id, properties] : body.items()) {  // {id: {…}}, as BV moves areas in 2D
      if (!properties.is_object()) {
        return error_reply(400, "cortical_id_list required");
      }
      wanted.emplace_back(id, properties);
    }
  }
  update(c, wanted);
  std::string ids;
  for (const auto& [id, properties] : wanted) {
    ids += (ids.empty() ? "" : ", ") + id;
  }
  return json_reply({{"message", "Updated " + number_text(wanted.size()) + " cortical areas"},
                     {"cortical_ids", ids}});
}

void remove(Context& c, const std::vector<std::string>& ids) {
  c.brain.change([&](Document& document) {
    Change change{true, Json::array(), {{"kind", "delete_cortical_area"}}};
    for (const std::string& id : ids) {
      if (document.area(id).kind() == '_') {
        throw Error(ErrorCode::invalid_argument, "core areas cannot be deleted (" +
                                                     quoted_name(document.area(id).name()) + ").");
      }
      document.remove(id);
      change.targets.push_back({{"kind", "cortical_area"}, {"id", id}});
      change.operation["cortical_id"] = id;
    }
    return change;
  });
}

Reply remove_one(Context& c, const Request& request) {
  remove(c, {text_in(object_in(request), "cortical_id")});
  return json_reply({{"message", "Cortical area deleted"}});
}

Reply remove_several(Context& c, const Request& request) {
  const std::vector<std::string> ids = ids_in(request.json(), "cortical_id_list");
  remove(c, ids);
  return json_reply({{"message", "Deleted " + number_text(ids.size()) + " cortical areas"}});
}

Reply clone(Context& c, const Request& request) {
  const Json body = object_in(request);
  const std::string source = text_in(body, "source_area_id");
  const std::string name = text_in(body, "new_name");
  const bool with_mappings =
      body.contains("clone_cortical_mapping") && body["clone_cortical_mapping"] == true;
  std::string id;
  c.brain.change([&](Document& document) {
    GenomeArea copy = document.area(source);
    const char kind = copy.kind() == 'm' ? 'm' : 'c';
    const std::string home = document.region_of(source);
    id = free_id(document, kind, name);
    copy.id = id;
    copy.genes["cx-__name-t"] = free_name(document, name);
    copy.genes["cx-_group-t"] = copy.group();
    if (with_mappings) {
      if (copy.mappings().contains(source)) {  // to itself: the copy's own
        copy.mappings()[id] = copy.mappings()[source];
        copy.mappings().erase(source);
      }
      for (GenomeArea& other : document.areas()) {
        if (other.id != source && other.mappings().contains(source)) {
          other.mappings()[id] = Json(other.mappings()[source]);
        }
      }
    } else {
      copy.mappings() = Json::object();
    }
    document.areas().push_back(std::move(copy));
    document.move_to_region(id, home);
    take_places(document, id, body);
    return Change{true,
                  target("cortical_area", id),
                  {{"kind", "clone_cortical_area"}, {"source_area_id", source}}};
  });
  return json_reply({{"new_area_id", id}, {"message", "Cortical area cloned"}});
}

}  // namespace

std::vector<Route> area_routes() {
  return {{"POST", "cortical_area/custom_cortical_area", make_custom},
          {"POST", "cortical_area/cortical_area", make_device_area},
          {"PUT", "cortical_area/cortical_area", update_one},
          {"PUT", "cortical_area/multi/cortical_area", update_several},
          {"DELETE", "cortical_area/cortical_area", remove_one},
          {"DELETE", "cortical_area/multi/cortical_area", remove_several},
          {"POST", "cortical_area/clone", clone}};
}

}  // namespace rheobase::server
