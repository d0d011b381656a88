// SPDX-License-Identifier: Apache-2.0
#include "io/genome/write.h"

#include <algorithm>
#include <set>

#include "io/genome/genes.h"
#include "io/genome/mapping_rule.h"
#include "io/genome/morphology.h"

namespace rheobase::genome {
namespace {

/// Ids of areas of the file, by any text that a list or a mapping may use for them.
std::string migrated(const Document& document, const std::string& text) {
  const AreaRecord* by_id = nullptr;
  const IdReading id = read_id(text);
  for (const AreaRecord& area : document.areas) {
    if (area.text == text) {
      return base64_of(area.id);
    }
    if (area.id == id.id) {
      by_id = &area;
    }
  }
  // core areas that FEAGI adds have ids too; any other text is kept
  return by_id != nullptr || core_index(id.id) ? base64_of(id.id) : text;
}

Json mapping_table(const Document& document, const Json& table) {
  Json written = Json::object();
  for (const auto& [text, rules] : table.items()) {
    const RuleList read = rules_in(rules);
    if (text.starts_with("/") || !read.readable) {
      written[text] = rules;
      continue;
    }
    Json list = Json::array();
    for (const Json* rule : read.rules) {
      Json object = rule_object(*rule);
      if (const auto name = object.find("morphology_id");
          name != object.end() && name->is_string()) {
        *name = present_morphology_name(name->get<std::string>());
      }
      // FEAGI knows true and false only
      if (const auto flag = object.find("plasticity_flag");
          flag != object.end() && flag->is_number()) {
        *flag = *flag == 1;
      }
      list.push_back(std::move(object));
    }
    // two texts may name one area; their rules join in the order of the file
    Json& target = written[migrated(document, text)];
    if (target.is_null()) {  // one that becomes a list by itself cannot be destroyed without memory
      target = Json::array();
    }
    for (Json& rule : list) {
      target.push_back(std::move(rule));
    }
  }
  return written;
}

/// Writes the areas as flat keys.
class BlueprintWriter {
 public:
  BlueprintWriter(const Document& document, Reading& reading)
      : document_(document), reading_(reading) {}

  Json write() {
    for (const AreaRecord& area : document_.areas) {
      write_area(area);
    }
    for (const auto& [key, value] : document_.foreign) {
      put(key, value);
    }
    return std::move(blueprint_);
  }

 private:
  void put(const std::string& key, Json value) {
    if (keys_.insert(key).second) {
      blueprint_.get_ref<Json::object_t&>().emplace_back(key, std::move(value));
    }
  }

  void write_area(const AreaRecord& area) {
    const std::string id = base64_of(area.id);
    if (id != area.text) {
      reading_.changed(area.where(), "its id is written " + id);
    }
    const std::string head = "_____10c-" + id + "-";
    const Json* name = area.find("__name");
    const bool named =
        name != nullptr && name->is_string() &&
        name->get_ref<const std::string&>().find_first_not_of(" \t") != std::string::npos;
    if (!named) {
      put(head + "cx-__name-t", label_of(area.id));
    }
    for (const auto& [key, value, as_written] : area.genes) {
      const std::size_t dash = key.rfind('-');
      const bool typed = dash != std::string::npos && dash + 2 == key.size();
      const Gene* gene = typed ? gene_of_stem(key.substr(0, dash)) : nullptr;
      if (gene == nullptr) {
        put(head + "cx-" + key, value);
        continue;
      }
      // FEAGI knows one type letter only; a value under another one would be lost to it
      std::string written = key;
      if (key != gene->key() && &value == area.find(gene->stem)) {
        written = gene->key();
        reading_.changed(area.where(),
                         key + " is written " + written + ", the only form FEAGI reads");
      }
      const bool is_table = gene->stem == "dstmap" && value.is_object();
      put(head + std::string(gene->prefix) + "-" + written,
          is_table ? mapping_table(document_, value) : value);
    }
  }

  const Document& document_;
  Reading& reading_;
  Json blueprint_ = Json::object();
  std::set<std::string> keys_;
};

/// Entries that are no pair of triples would make FEAGI refuse the file; they move beside.
void set_patterns_apart(Json& definition, const std::string& name, Reading& reading) {
  Json good = Json::array();
  Json bad = Json::array();
  for (const Json& pair : definition["parameters"]["patterns"]) {
    const bool fits = pair.is_array() && pair.size() == 2 && pair[0].is_array() &&
                      pair[0].size() == 3 && pair[1].is_array() && pair[1].size() == 3;
    (fits ? good : bad).push_back(pair);
  }
  if (!bad.empty()) {
    definition["parameters"]["patterns"] = std::move(good);
    definition["unreadable_patterns"] = std::move(bad);
    reading.changed("morphology " + name,
                    "entries that are no pattern moved to unreadable_patterns");
  }
}

/// FEAGI refuses vectors with a pair of brackets too many.
void unwrap_vectors(Json& list, const std::string& name, Reading& reading) {
  bool any = false;
  for (Json& vector : list) {
    if (vector.is_array() && vector.size() == 1 && vector[0].is_array()) {
      vector = Json(vector[0]);
      any = true;
    }
  }
  if (any) {
    reading.changed("morphology " + name, "vectors written without a pair of brackets too many");
  }
}

Json morphologies(const Document& document, Reading& reading) {
  Json written = Json::object();
  for (const auto& [name, definition] : document.morphologies.items()) {
    if (!definition.is_object()) {
      written[name] = definition;
      continue;
    }
    Json object = definition;
    if (!object.contains("type") || !object.contains("parameters")) {
      const MorphologyForm form = form_of(definition, false, reading);
      object["type"] = form.type;
      if (!object.contains("class")) {
        object["class"] = "custom";
      }
      if (!object.contains("parameters")) {
        Json parameters = Json::object();
        for (const char* key :
             {"vectors", "patterns", "src_seed", "src_pattern", "mapper_morphology"}) {
          if (const auto it = object.find(key); it != object.end()) {
            parameters[key] = *it;
            object.erase(key);
          }
        }
        object["parameters"] = std::move(parameters);
      }
      reading.changed("morphology " + name, "written with type and parameters, as " + form.type);
    }
    if (object["type"] == "patterns" && object["parameters"].contains("patterns") &&
        object["parameters"]["patterns"].is_array()) {
      set_patterns_apart(object, name, reading);
    }
    if (object["type"] == "vectors" && object["parameters"].contains("vectors") &&
        object["parameters"]["vectors"].is_array()) {
      unwrap_vectors(object["parameters"]["vectors"], name, reading);
    }
    written[name] = std::move(object);
  }
  return written;
}

Json migrated_list(const Document& document, const Json& list) {
  Json written = Json::array();
  for (const Json& id : list) {
    Json text = id.is_string() ? Json(migrated(document, id.get<std::string>())) : id;
    if (std::find(written.begin(), written.end(), text) == written.end()) {
      written.push_back(std::move(text));
    }
  }
  return written;
}

/// Regions list areas by id; "areas" is called "cortical_areas" since schema 6.
void migrate_regions(const Document& document, Json& regions) {
  for (auto& [name, region] : regions.get_ref<Json::object_t&>()) {
    if (!region.is_object()) {
      continue;
    }
    if (region.contains("areas") && region["areas"].is_array()) {
      Json all = region.contains("cortical_areas") && region["cortical_areas"].is_array()
                     ? region["cortical_areas"]
                     : Json::array();
      for (const Json& id : region["areas"]) {
        all.push_back(id);
      }
      region["cortical_areas"] = std::move(all);
      region.erase("areas");
    }
    for (const char* key : {"cortical_areas", "inputs", "outputs"}) {
      if (region.contains(key) && region[key].is_array()) {
        region[key] = migrated_list(document, region[key]);
      }
    }
  }
}

/// The time step of 2.0 files stands beside the blueprint; FEAGI reads that of `physiology`.
void complete_physiology(Json& root) {
  Json& physiology = root["physiology"];
  if (physiology.is_null()) {
    physiology = Json::object();
  }
  if (physiology.is_object() && !physiology.contains("simulation_timestep") &&
      !physiology.contains("burst_delay") && root.contains("burst_delay") &&
      root["burst_delay"].is_number()) {
    physiology["simulation_timestep"] = root["burst_delay"];
  }
}

}  // namespace

Json current_form(const Document& document, Reading& reading) {
  Json root = document.root;
  root["blueprint"] = BlueprintWriter(document, reading).write();
  root["neuron_morphologies"] = morphologies(document, reading);
  for (const char* key : {"modulators", "classifiers", "brain_regions"}) {
    if (root[key].is_null()) {
      root[key] = Json::object();
    }
  }
  if (root["brain_regions"].is_object()) {
    migrate_regions(document, root["brain_regions"]);
  }
  complete_physiology(root);
  root["version"] = "3.0";
  root["genome_schema_version"] = 7;
  return root;
}

}  // namespace rheobase::genome
