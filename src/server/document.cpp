// SPDX-License-Identifier: Apache-2.0
#include "server/document.h"

#include <algorithm>
#include <array>

#include "io/base64.h"
#include "rheobase/error.h"
#include "rheobase/text.h"
#include "server/random_id.h"

namespace rheobase::server {
namespace {

constexpr std::string_view kFlatKey = "_____10c-";

struct Core {
  std::string_view bytes, name;
  std::int64_t z;
};
/// Where FEAGI puts the core areas that a genome lacks.
constexpr std::array<Core, 7> kCores{{{"___death", "Death", -20},
                                      {"___power", "Brain_Power", -20},
                                      {"___fatig", "Fatigue", -30},
                                      {"___pain_", "Pain", -40},
                                      {"___pleas", "Pleasure", -50},
                                      {"___fear_", "Fear", -60},
                                      {"___hope_", "Hope", -70}}};

Json& list_of(Json& region) {
  Json& list = region["cortical_areas"];
  if (!list.is_array()) {
    list = Json::array();
  }
  return list;
}

bool holds(const Json& region, const std::string& area) {
  const auto it = region.find("cortical_areas");
  return it != region.end() && it->is_array() &&
         std::find(it->begin(), it->end(), area) != it->end();
}

}  // namespace

Document Document::read(const std::string& text) {
  Document document;
  document.root_ = parse_json(text, "the genome");
  Json& blueprint = document.root_["blueprint"];
  for (auto& [key, value] : blueprint.get_ref<Json::object_t&>()) {
    const std::size_t dash = key.find('-', kFlatKey.size());
    if (!key.starts_with(kFlatKey) || dash == std::string::npos) {
      document.foreign_[key] = std::move(value);
      continue;
    }
    const std::string id = key.substr(kFlatKey.size(), dash - kFlatKey.size());
    GenomeArea* area = document.find(id);
    if (area == nullptr) {
      area = &document.areas_.emplace_back();
      area->id = id;
    }
    area->genes[key.substr(dash + 1)] = std::move(value);
  }
  document.root_.erase("blueprint");
  for (const char* key : {"neuron_morphologies", "brain_regions", "physiology"}) {
    if (!document.root_[key].is_object()) {
      document.root_[key] = Json::object();
    }
  }
  document.complete_core_areas();
  document.complete_regions();
  return document;
}

Document Document::barebones() {
  return read(
      R"({"genome_title": "Barebones", "version": "3.0", "genome_schema_version": 7,
          "blueprint": {}, "neuron_morphologies": {}, "brain_regions": {}, "classifiers": {},
          "modulators": {}, "physiology": {"simulation_timestep": 0.025}})");
}

std::string Document::text() const {
  Json root = Json::object();
  Json& blueprint = root["blueprint"] = Json::object();
  for (const GenomeArea& area : areas_) {
    for (const auto& [gene, value] : area.genes.items()) {
      // emplace, not []: keys are unique here, and ordered objects search for them
      blueprint.get_ref<Json::object_t&>().emplace_back(
          std::string(kFlatKey) + area.id + "-" + gene, value);
    }
  }
  for (const auto& [key, value] : foreign_.items()) {
    blueprint.get_ref<Json::object_t&>().emplace_back(key, value);
  }
  for (const auto& [key, value] : root_.items()) {
    root.get_ref<Json::object_t&>().emplace_back(key, value);
  }
  return root.dump(1) + "\n";
}

Document Document::excerpt(std::vector<GenomeArea> areas) const {
  Document part;
  for (const char* key :
       {"version", "genome_schema_version", "neuron_morphologies", "physiology"}) {
    if (root_.contains(key)) {
      part.root_[key] = root_[key];
    }
  }
  part.areas_ = std::move(areas);
  return part;
}

std::string Document::title() const {
  const auto it = root_.find("genome_title");
  return it != root_.end() && it->is_string() ? it->get<std::string>() : "";
}

double Document::timestep() const {
  constexpr double kDefault = 0.025;
  const Json& physiology = root_.at("physiology");
  for (const char* key : {"simulation_timestep", "burst_delay"}) {
    const auto it = physiology.find(key);
    if (it != physiology.end() && it->is_number() && it->get<double>() > 0.0) {
      return it->get<double>();
    }
  }
  return kDefault;
}

void Document::set_timestep(double seconds) {
  root_["physiology"]["simulation_timestep"] = seconds;
}

const GenomeArea* Document::find(std::string_view id) const {
  const auto it = std::find_if(areas_.begin(), areas_.end(),
                               [&](const GenomeArea& area) { return area.id == id; });
  return it == areas_.end() ? nullptr : &*it;
}

GenomeArea* Document::find(std::string_view id) {
  return const_cast<GenomeArea*>(std::as_const(*this).find(id));
}

GenomeArea& Document::area(const std::string& id) {
  GenomeArea* found = find(id);
  if (found == nullptr) {
    throw NoSuch("cortical area " + quoted_name(id) + " does not exist.");
  }
  return *found;
}

GenomeArea& Document::add(const std::string& id, const std::string& name, const Place& size,
                          const std::string& region) {
  if (find(id) != nullptr) {
    throw Error(ErrorCode::invalid_argument,
                "cortical area " + quoted_name(id) + " exists already.");
  }
  GenomeArea area;
  area.id = id;
  Json& g = area.genes;
  g["cx-__name-t"] = name;
  g["cx-_group-t"] = area.group();
  g["cx-subgrp-t"] = "";
  g["cx-_n_cnt-i"] = 1;
  g["cx-gd_vis-b"] = true;
  area.set_size(size);
  area.set_place({0, 0, 0});
  g["cx-memory-b"] = area.kind() == 'm';
  g["cx-pspuni-b"] = false;
  g["cx-synatt-f"] = 100.0;
  g["cx-de_gen-f"] = 0.0;
  g["cx-dstmap-d"] = Json::object();
  g["nx-fire_t-f"] = 1.0;
  g["nx-ftincx-f"] = 0.0;
  g["nx-ftincy-f"] = 0.0;
  g["nx-ftincz-f"] = 0.0;
  g["nx-fthlim-f"] = 0.0;
  g["nx-leak_c-f"] = 0.0;
  g["nx-leak_v-f"] = 0.0;
  g["nx-refrac-i"] = 0;
  g["nx-excite-f"] = 1.0;
  g["nx-c_fr_c-i"] = 0;
  g["nx-snooze-i"] = 0;
  g["nx-pstcr_-f"] = 1.0;
  g["nx-mp_acc-b"] = false;
  g["nx-mp_psp-b"] = false;
  areas_.push_back(std::move(area));
  if (!region.empty()) {
    move_to_region(id, region);
  }
  return areas_.back();
}

void Document::remove(const std::string& id) {
  std::erase_if(areas_, [&](const GenomeArea& area) { return area.id == id; });
  for (GenomeArea& area : areas_) {
    if (area.mappings().contains(id)) {
      area.mappings().erase(id);
    }
  }
  for (auto& [name, region] : regions().items()) {
    for (const char* key : {"cortical_areas", "inputs", "outputs"}) {
      if (region.is_object() && region.contains(key) && region[key].is_array()) {
        Json& list = region[key];
        list.erase(std::remove(list.begin(), list.end(), Json(id)), list.end());
      }
    }
  }
}

std::string Document::parent_of(const Json& region) {
  for (const Json* place :
       {&region, region.contains("properties") ? &region["properties"] : nullptr}) {
    if (place != nullptr && place->is_object() && place->contains("parent_region_id") &&
        (*place)["parent_region_id"].is_string()) {
      return (*place)["parent_region_id"].get<std::string>();
    }
  }
  return {};
}

std::string Document::title_of(const Json& region) {
  for (const char* key : {"name", "title"}) {
    if (region.contains(key) && region[key].is_string()) {
      return region[key].get<std::string>();
    }
  }
  return {};
}

std::string Document::root_region() const {
  if (const auto it = root_.find("brain_regions_root");
      it != root_.end() && it->is_string() && regions().contains(it->get<std::string>())) {
    return it->get<std::string>();
  }
  for (const auto& [id, region] : regions().items()) {
    if (region.is_object() && parent_of(region).empty()) {
      return id;
    }
  }
  return {};
}

std::string Document::region_of(const std::string& area) const {
  for (const auto& [id, region] : regions().items()) {
    if (region.is_object() && holds(region, area)) {
      return id;
    }
  }
  return root_region();
}

void Document::move_to_region(const std::string& area, const std::string& region) {
  if (!regions().contains(region) || !regions()[region].is_object()) {
    throw NoSuch("brain region " + quoted_name(region) + " does not exist.");
  }
  for (auto& [id, other] : regions().items()) {
    if (other.is_object() && holds(other, area)) {
      Json& list = list_of(other);
      list.erase(std::remove(list.begin(), list.end(), Json(area)), list.end());
    }
  }
  list_of(regions()[region]).push_back(area);
}

std::string Document::add_region(const std::string& title, const std::string& parent) {
  std::string id = random_uuid();
  Json& region = regions()[id] = Json::object();
  region["region_id"] = id;
  region["name"] = title;
  region["region_type"] = "undefined";
  if (!parent.empty()) {
    region["parent_region_id"] = parent;
  }
  region["cortical_areas"] = Json::array();
  region["coordinate_2d"] = {0, 0};
  region["coordinate_3d"] = {0, 0, 0};
  region["properties"] = Json::object();
  return id;
}

void Document::complete_core_areas() {
  for (const Core& core : kCores) {
    const std::string id = base64_of(core.bytes);
    if (find(id) != nullptr) {
      continue;
    }
    GenomeArea& area = add(id, std::string(core.name), {1, 1, 1}, "");
    area.set_place({core.bytes == "___power" ? 10 : 0, 0, core.z});
    // as the engine makes them where a file has none
    area.genes["nx-fire_t-f"] = 0.1;
    area.genes["nx-pstcr_-f"] = 500.0;
    area.genes["cx-pspuni-b"] = true;
  }
}

void Document::complete_regions() {
  std::string root = root_region();
  const bool made = root.empty();
  if (made) {
    root = add_region("Root Brain Region", "");
  }
  root_["brain_regions_root"] = root;
  std::string inner;
  for (const GenomeArea& area : areas_) {
    const bool placed = std::any_of(regions().begin(), regions().end(), [&](const Json& region) {
      return region.is_object() && holds(region, area.id);
    });
    if (placed) {
      continue;
    }
    // a genome without regions: FEAGI puts what is neither core, input nor output into one of its
    // own
    const bool own = made && (area.kind() == 'c' || area.kind() == 'm');
    if (own && inner.empty()) {
      inner = add_region(title().empty() ? "Circuit" : title(), root);
    }
    move_to_region(area.id, own ? inner : root);
  }
}

}  // namespace rheobase::server
