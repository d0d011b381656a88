// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "rheobase/connect.h"
#include "rheobase/error.h"
#include "rheobase/text.h"
#include "server/morphologies.h"
#include "server/routes.h"

namespace rheobase::server {

bool knows_morphology(const Document& document, const std::string& name) {
  const std::vector<std::string> functions = voxel_function_names();
  return document.morphologies().contains(name) ||
         std::find(functions.begin(), functions.end(), name) != functions.end();
}

Json morphology_list(const Document& document) {
  Json list = Json::object();
  const auto tell = [&](const std::string& name, const Json& definition) {
    const bool object = definition.is_object();
    Json& entry = list[name] = Json::object();
    entry["class"] = text_in(definition, "class", "custom");
    entry["name"] = name;
    entry["parameters"] =
        object && definition.contains("parameters") ? definition["parameters"] : Json::object();
    entry["source"] = "genome";
    entry["type"] = text_in(definition, "type", "functions");
  };
  for (const auto& [name, definition] : document.morphologies().items()) {
    tell(name, definition);
  }
  for (const std::string& name : voxel_function_names()) {
    if (!list.contains(name)) {
      tell(name, {{"class", "core"}, {"type", "functions"}, {"parameters", Json::object()}});
    }
  }
  return list;
}

namespace {

Reply all(Context& c, const Request& /*request*/) {
  return json_reply(morphology_list(served(c)->document));
}

Reply names(Context& c, const Request& /*request*/) {
  Json list = Json::array();
  const Json all_of_them = morphology_list(served(c)->document);
  for (const auto& [name, entry] : all_of_them.items()) {
    list.push_back(name);
  }
  return json_reply({{"morphology_list", list}});
}

Reply types(Context& /*c*/, const Request& /*request*/) {
  return json_reply(Json::array({"vectors", "patterns", "composite", "functions"}));
}

Reply properties(Context& c, const Request& request) {
  const std::string name = text_in(object_in(request), "morphology_name");
  Json list = morphology_list(served(c)->document);
  if (!list.contains(name)) {
    throw NoSuch("Morphology not found: " + shown(name, 80));
  }
  Json entry = list[name];
  entry["morphology_name"] = name;
  entry.erase("name");
  return json_reply(entry);
}

/// Calls visit(source, destination, rule) for every rule of the genome.
template <class Visit>
void each_rule(Document& document, Visit visit) {
  for (GenomeArea& area : document.areas()) {
    for (auto& [destination, rules] : area.mappings().items()) {
      for (Json& rule : rules) {
        visit(area.id, destination, rule);
      }
    }
  }
}

Json usage_of(Document document, const std::string& name) {
  Json pairs = Json::array();
  each_rule(document, [&](const std::string& source, const std::string& destination, Json& rule) {
    const Json pair = Json::array({source, destination});
    if (text_in(rule, "morphology_id", "") == name && (pairs.empty() || pairs.back() != pair)) {
      pairs.push_back(pair);
    }
  });
  return pairs;
}

Reply usage(Context& c, const Request& request) {
  return json_reply(usage_of(served(c)->document, text_in(object_in(request), "morphology_name")));
}

Json definition_in(const Json& body) {
  const std::string type = text_in(body, "morphology_type");
  if (type != "vectors" && type != "patterns" && type != "composite") {
    throw Error(ErrorCode::invalid_argument,
                "the type " + quoted_name(type) + " is none (vectors, patterns or composite).");
  }
  if (!body.contains("morphology_parameters") || !body["morphology_parameters"].is_object()) {
    throw Error(ErrorCode::invalid_argument, "morphology_parameters is required (an object).");
  }
  return {{"class", "custom"}, {"parameters", body["morphology_parameters"]}, {"type", type}};
}

Change about(const char* kind, const std::string& name, bool network) {
  return {network, target("morphology", name), {{"kind", kind}, {"morphology_id", name}}};
}

Reply make(Context& c, const Request& request) {
  const Json body = object_in(request);
  const std::string name = text_in(body, "morphology_name");
  const Json definition = definition_in(body);
  c.brain.change([&](Document& document) {
    if (knows_morphology(document, name)) {
      throw Error(ErrorCode::invalid_argument,
                  "a morphology " + quoted_name(name) + " exists already.");
    }
    document.morphologies()[name] = definition;
    return about("create_morphology", name, true);  // so that one that cannot be read is refused
  });
  return json_reply({{"status", "success"}});
}

Reply change(Context& c, const Request& request) {
  const Json body = object_in(request);
  const std::string name = text_in(body, "morphology_name");
  const Json definition = definition_in(body);
  c.brain.change([&](Document& document) {
    if (!document.morphologies().contains(name)) {
      throw NoSuch("Morphology not found: " + shown(name, 80));
    }
    document.morphologies()[name].update(definition);
    return about("update_morphology", name, true);
  });
  return json_reply({{"status", "success"}});
}

Reply remove(Context& c, const Request& request) {
  const std::string name = text_in(object_in(request), "morphology_name");
  c.brain.change([&](Document& document) {
    if (!document.morphologies().contains(name)) {
      throw NoSuch("Morphology not found: " + shown(name, 80));
    }
    if (!usage_of(document, name).empty()) {
      throw Error(ErrorCode::invalid_argument,
                  "the morphology " + quoted_name(name) + " is in use. Remove the mappings first.");
    }
    document.morphologies().erase(name);
    return about("delete_morphology", name, false);
  });
  return json_reply({{"status", "success"}});
}

Reply rename(Context& c, const Request& request) {
  const Json body = object_in(request);
  const std::string before = text_in(body, "old_morphology_id");
  const std::string after = text_in(body, "new_morphology_id");
  c.brain.change([&](Document& document) {
    if (!document.morphologies().contains(before)) {
      throw NoSuch("Morphology not found: " + shown(before, 80));
    }
    if (after.empty() || knows_morphology(document, after)) {
      throw Error(ErrorCode::invalid_argument,
                  "a morphology " + quoted_name(after) + " exists already, or has no name.");
    }
    document.morphologies()[after] = Json(document.morphologies()[before]);
    document.morphologies().erase(before);
    each_rule(document, [&](const std::string&, const std::string&, Json& rule) {
      if (text_in(rule, "morphology_id", "") == before) {
        rule["morphology_id"] = after;
      }
    });
    return about("rename_morphology", after, false);
  });
  return json_reply(
      {{"status", "success"}, {"old_morphology_id", before}, {"new_morphology_id", after}});
}

}  // namespace

std::vector<Route> morphology_routes() {
  return {{"GET", "morphology/morphologies", all},
          {"GET", "morphology/morphology_list", names},
          {"GET", "morphology/morphology_types", types, true},
          {"POST", "morphology/morphology_properties", properties},
          {"POST", "morphology/morphology_usage", usage},
          {"POST", "morphology/morphology", make},
          {"PUT", "morphology/morphology", change},
          {"DELETE", "morphology/morphology", remove},
          {"PUT", "morphology/rename", rename}};
}

}  // namespace rheobase::server
