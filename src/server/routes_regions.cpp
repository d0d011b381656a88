// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "rheobase/error.h"
#include "rheobase/text.h"
#include "server/area_properties.h"
#include "server/routes.h"

namespace rheobase::server {
namespace {

Json place_in(const Json& region, const char* key, const char* other, std::size_t count) {
  for (const Json* from :
       {&region, region.contains("properties") ? &region["properties"] : nullptr}) {
    for (const char* name : {key, other}) {
      if (from != nullptr && from->is_object() && from->contains(name) &&
          (*from)[name].is_array() && (*from)[name].size() == count) {
        return (*from)[name];
      }
    }
  }
  return Json(std::vector<int>(count, 0));
}

/// Ids of one list that are in the genome.
Json areas_in(const Json& region, const Document& document) {
  Json list = Json::array();
  if (region.contains("cortical_areas") && region["cortical_areas"].is_array()) {
    for (const Json& id : region["cortical_areas"]) {
      if (id.is_string() && document.find(id.get<std::string>()) != nullptr) {
        list.push_back(id);
      }
    }
  }
  return list;
}

Json list_in(const Json& region, const char* key) {
  return region.contains(key) && region[key].is_array() ? region[key] : Json::array();
}

/// Areas with a mapping from outside of the region, and with one to outside.
void find_borders(const Document& document, const std::set<std::string>& members, Json& inputs,
                  Json& outputs) {
  std::set<std::string> in;
  std::set<std::string> out;
  for (const GenomeArea& area : document.areas()) {
    for (const auto& [destination, rules] : area.mappings().items()) {
      const bool from = members.count(area.id) != 0;
      const bool to = members.count(destination) != 0;
      if (!rules.empty() && from != to) {
        from ? out.insert(area.id) : in.insert(destination);
      }
    }
  }
  inputs = Json(in);
  outputs = Json(out);
}

Reply members(Context& c, const Request& /*request*/) {
  const std::shared_ptr<const Served> now = served(c);
  const Document& document = now->document;
  Json all = Json::object();
  for (const auto& [id, region] : document.regions().items()) {
    if (!region.is_object()) {
      continue;
    }
    Json& entry = all[id];
    entry["areas"] = areas_in(region, document);
    const std::set<std::string> inner = entry["areas"].get<std::set<std::string>>();
    entry["classifier_circuit"] = false;
    entry["coordinate_2d"] = place_in(region, "coordinate_2d", "coordinates_2d", 2);
    entry["coordinate_3d"] = place_in(region, "coordinate_3d", "coordinates_3d", 3);
    entry["description"] = text_in(region, "description", "");
    entry["designated_inputs"] = list_in(region, "inputs");
    entry["designated_outputs"] = list_in(region, "outputs");
    find_borders(document, inner, entry["inputs"], entry["outputs"]);
    const std::string parent = Document::parent_of(region);
    entry["parent_region_id"] = parent.empty() ? Json() : Json(parent);
    entry["regions"] = Json::array();
    for (const auto& [other_id, other] : document.regions().items()) {
      if (other.is_object() && Document::parent_of(other) == id) {
        entry["regions"].push_back(other_id);
      }
    }
    entry["title"] = Document::title_of(region);
  }
  return json_reply(all);
}

Json& region_in(Document& document, const std::string& id) {
  if (!document.regions().contains(id) || !document.regions()[id].is_object()) {
    throw NoSuch("brain region " + quoted_name(id) + " does not exist.");
  }
  return document.regions()[id];
}

/// A region may not lie within itself.
void set_parent(Document& document, const std::string& id, const std::string& parent) {
  if (id == document.root_region()) {
    throw Error(ErrorCode::invalid_argument, "the root region has no parent.");
  }
  std::set<std::string> seen{id};
  for (std::string above = parent; !above.empty();
       above = Document::parent_of(region_in(document, above))) {
    if (!seen.insert(above).second) {
      throw Error(ErrorCode::invalid_argument, "a region cannot lie within itself.");
    }
  }
  region_in(document, id)["parent_region_id"] = parent;
}

void set_places(Json& region, const Json& body) {
  for (const char* key : {"coordinates_3d", "coordinate_3d"}) {
    if (body.contains(key) && !body[key].is_null()) {
      region["coordinate_3d"] = place_from(body[key], key);
    }
  }
  for (const char* key : {"coordinates_2d", "coordinate_2d"}) {
    if (body.contains(key) && !body[key].is_null()) {
      region["coordinate_2d"] = place_2d_from(body[key], key);
    }
  }
}

Change about(const char* kind, const std::string& id) {
  return {false, target("brain_region", id), {{"kind", kind}, {"region_id", id}}};
}

Reply make(Context& c, const Request& request) {
  const Json body = object_in(request);
  const std::string title = text_in(body, "title");
  const std::string parent = text_in(body, "parent_region_id");
  std::string id;
  Json made;
  c.brain.change([&](Document& document) {
    static_cast<void>(region_in(document, parent));
    id = document.add_region(title, parent);
    set_places(region_in(document, id), body);
    for (const std::string& area : ids_in(body.value("areas", Json::array()), "areas")) {
      static_cast<void>(document.area(area));
      document.move_to_region(area, id);
    }
    for (const std::string& inner : ids_in(body.value("regions", Json::array()), "regions")) {
      set_parent(document, inner, id);
    }
    made = region_in(document, id);
    return about("create_brain_region", id);
  });
  return json_reply({{"region_id", id},
                     {"title", title},
                     {"parent_region_id", parent},
                     {"coordinate_2d", made["coordinate_2d"]},
                     {"coordinate_3d", made["coordinate_3d"]},
                     {"areas", made["cortical_areas"]},
                     {"regions", body.value("regions", Json::array())}});
}

Reply change(Context& c, const Request& request) {
  const Json body = object_in(request);
  const std::string id = text_in(body, "region_id");
  c.brain.change([&](Document& document) {
    Json& region = region_in(document, id);
    for (const char* key : {"region_title", "title"}) {
      if (body.contains(key)) {
        region["name"] = text_in(body, key);
        region.erase("title");
      }
    }
    for (const char* key : {"region_description", "description"}) {
      if (body.contains(key)) {
        region["description"] = text_in(body, key);
      }
    }
    set_places(region, body);
    const std::string parent = text_in(body, "parent_region_id", "");
    if (!parent.empty() && id != document.root_region()) {
      set_parent(document, id, parent);
    }
    return about("update_brain_region", id);
  });
  return json_reply({{"message", "Brain region updated"}, {"region_id", id}});
}

Reply remove(Context& c, const Request& request) {
  const Json body = object_in(request);
  const std::string id = text_in(body, body.contains("id") ? "id" : "region_id");
  c.brain.change([&](Document& document) {
    if (id == document.root_region()) {
      throw Error(ErrorCode::invalid_argument, "the root region cannot be deleted.");
    }
    // with all that lies in it, as FEAGI does
    std::vector<std::string> doomed{id};
    for (std::size_t i = 0; i < doomed.size(); ++i) {
      for (const auto& [other, region] : document.regions().items()) {
        if (region.is_object() && Document::parent_of(region) == doomed[i]) {
          doomed.push_back(other);
        }
      }
    }
    Change change = about("delete_brain_region", id);
    for (const std::string& region : doomed) {
      for (const Json& area : areas_in(region_in(document, region), document)) {
        const std::string area_id = area.get<std::string>();
        if (document.area(area_id).kind() == '_') {
          document.move_to_region(area_id, document.root_region());
        } else {
          document.remove(area_id);
          change.network = true;
        }
      }
      document.regions().erase(region);
    }
    return change;
  });
  return json_reply({{"message", "Brain region deleted"}, {"region_id", id}});
}

Reply relocate(Context& c, const Request& request) {
  const Json body = object_in(request);
  std::string regions;
  std::size_t count = 0;
  c.brain.change([&](Document& document) {
    Change change{false, Json::array(), {{"kind", "relocate_members"}}};
    for (const auto& [id, wanted] : body.items()) {
      if (!wanted.is_object()) {
        throw Error(ErrorCode::invalid_argument, quoted_name(id) + " is given " + kind_of(wanted) +
                                                     " (an object was expected).");
      }
      const std::string parent = text_in(wanted, "parent_region_id", "");
      if (document.find(id) != nullptr) {
        Json properties = wanted;
        set_properties(document, id, properties);
        change.targets.push_back({{"kind", "cortical_area"}, {"id", id}});
        continue;
      }
      set_places(region_in(document, id), wanted);
      if (!parent.empty()) {
        set_parent(document, id, parent);
      }
      regions += (regions.empty() ? "" : ", ") + id;
      ++count;
      change.targets.push_back({{"kind", "brain_region"}, {"id", id}});
    }
    return change;
  });
  return json_reply(
      {{"message", "Updated " + number_text(count) + " brain regions"}, {"region_ids", regions}});
}

}  // namespace

std::vector<Route> region_routes() {
  return {{"GET", "region/regions_members", members},
          {"POST", "region/region", make},
          {"PUT", "region/region", change},
          {"DELETE", "region/region", remove},
          {"PUT", "region/relocate_members", relocate}};
}

}  // namespace rheobase::server
