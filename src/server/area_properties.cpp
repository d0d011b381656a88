// SPDX-License-Identifier: Apache-2.0
#include "server/area_properties.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "io/base64.h"
#include "rheobase/error.h"
#include "rheobase/text.h"
#include "server/units.h"

namespace rheobase::server {
namespace {

enum class Kind { real, whole, flag, text };

struct Property {
  std::string_view name;
  std::string_view gene;
  Kind kind;
  bool network = true;  ///< it acts on neurons or synapses
};

/// FEAGI has two names for many of them: one when it tells an area, one in its SDK.
constexpr std::array kProperties{
    Property{"cortical_name", "cx-__name-t", Kind::text, false},
    Property{"name", "cx-__name-t", Kind::text, false},
    Property{"cortical_sub_group", "cx-subgrp-t", Kind::text, false},
    Property{"cortical_neuron_per_vox_count", "cx-_n_cnt-i", Kind::whole},
    Property{"neurons_per_voxel", "cx-_n_cnt-i", Kind::whole},
    Property{"neuron_fire_threshold", "nx-fire_t-f", Kind::real},
    Property{"firing_threshold", "nx-fire_t-f", Kind::real},
    Property{"neuron_firing_threshold_limit", "nx-fthlim-f", Kind::real},
    Property{"firing_threshold_limit", "nx-fthlim-f", Kind::real},
    Property{"neuron_refractory_period", "nx-refrac-i", Kind::whole},
    Property{"refractory_period", "nx-refrac-i", Kind::whole},
    Property{"neuron_leak_coefficient", "nx-leak_c-f", Kind::real},
    Property{"leak_coefficient", "nx-leak_c-f", Kind::real},
    Property{"neuron_leak_variability", "nx-leak_v-f", Kind::real, false},
    Property{"leak_variability", "nx-leak_v-f", Kind::real, false},
    Property{"neuron_consecutive_fire_count", "nx-c_fr_c-i", Kind::whole},
    Property{"consecutive_fire_count", "nx-c_fr_c-i", Kind::whole},
    Property{"neuron_snooze_period", "nx-snooze-i", Kind::whole},
    Property{"snooze_period", "nx-snooze-i", Kind::whole},
    Property{"snooze_length", "nx-snooze-i", Kind::whole},
    Property{"neuron_post_synaptic_potential", "nx-pstcr_-f", Kind::real},
    Property{"postsynaptic_current", "nx-pstcr_-f", Kind::real},
    Property{"neuron_post_synaptic_potential_max", "nx-pstcrm-f", Kind::real, false},
    Property{"neuron_psp_uniform_distribution", "cx-pspuni-b", Kind::flag},
    Property{"psp_uniform_distribution", "cx-pspuni-b", Kind::flag},
    Property{"neuron_mp_charge_accumulation", "nx-mp_acc-b", Kind::flag},
    Property{"mp_charge_accumulation", "nx-mp_acc-b", Kind::flag},
    Property{"neuron_mp_driven_psp", "nx-mp_psp-b", Kind::flag},
    Property{"mp_driven_psp", "nx-mp_psp-b", Kind::flag},
    Property{"neuron_excitability", "nx-excite-f", Kind::real},
    Property{"neuron_plasticity_constant", "cx-plst_c-f", Kind::real, false},
    Property{"plasticity_constant", "cx-plst_c-f", Kind::real, false},
    Property{"neuron_degeneracy_coefficient", "cx-de_gen-f", Kind::real, false},
    Property{"degeneration", "cx-de_gen-f", Kind::real, false},
    Property{"neuron_init_lifespan", "cx-mem_ls-i", Kind::whole, false},
    Property{"neuron_lifespan_growth_rate", "cx-mem_gr-i", Kind::real, false},
    Property{"neuron_longterm_mem_threshold", "cx-mem__t-i", Kind::whole, false},
    Property{"temporal_depth", "cx-tmpdpt-i", Kind::whole, false},
    Property{"neuron_burst_engine_active", "cx-brsten-b", Kind::flag, false},
    Property{"burst_engine_active", "cx-brsten-b", Kind::flag, false},
    Property{"visible", "cx-gd_vis-b", Kind::flag, false},
    Property{"visualization", "cx-gd_vis-b", Kind::flag, false},
    Property{"cortical_visibility", "cx-gd_vis-b", Kind::flag, false},
    Property{"sensory_hold_last_frame", "cx-snhold-b", Kind::flag, false},
    Property{"dev_count", "cx-devcnt-i", Kind::whole, false}};

[[noreturn]] void wrong(const std::string& property, const Json& value, const std::string& wanted) {
  throw Error(ErrorCode::invalid_argument,
              property + " is " + excerpt_of(value) + " (" + wanted + " was expected).");
}

/// Numbers of an array, or of the keys x, y, z of an object; BV sends null for "anywhere".
template <std::size_t N>
std::array<std::int64_t, N> numbers_from(const Json& value, const std::string& property) {
  constexpr std::int64_t kMost = 1LL << 31;
  std::array<std::int64_t, N> numbers{};
  const std::string wanted = number_text(N) + " whole numbers";
  for (std::size_t i = 0; i < N; ++i) {
    const Json* part = nullptr;
    if (value.is_array() && value.size() == N) {
      part = &value[i];
    } else if (value.is_object()) {
      const auto it = value.find(std::string(1, static_cast<char>('x' + i)));
      part = it == value.end() ? nullptr : &*it;
    }
    if (part == nullptr || (!part->is_number() && !part->is_null())) {
      wrong(property, value, wanted);
    }
    const double number = part->is_null() ? 0.0 : part->get<double>();
    if (!(number >= -static_cast<double>(kMost) && number <= static_cast<double>(kMost))) {
      wrong(property, value, wanted);
    }
    numbers[i] = static_cast<std::int64_t>(number < 0 ? number - 0.5 : number + 0.5);
  }
  return numbers;
}

Json checked(const Property& property, const Json& value) {
  const std::string name(property.name);
  constexpr std::uint64_t kMost = 1ULL << 31U;
  switch (property.kind) {
    case Kind::text:
      if (!value.is_string() || value.get_ref<const std::string&>().size() > 1000) {
        wrong(name, value, "a text of at most 1000 bytes");
      }
      return value;
    case Kind::flag:
      if (!value.is_boolean()) {
        wrong(name, value, "true or false");
      }
      return value;
    case Kind::whole:
      if (const auto whole = whole_of(value, 0, kMost)) {
        return *whole;
      }
      wrong(name, value, "a whole number of at least 0");
    case Kind::real: break;
  }
  if (!value.is_number()) {
    wrong(name, value, "a number");
  }
  return value.get<double>();
}

Json three_of(const Place& place) { return {place[0], place[1], place[2]}; }

/// Of inputs and outputs: what the eight bytes of their id say.
void add_device_properties(Json& p, const GenomeArea& area) {
  const auto bytes = bytes_of_base64(area.id);
  if (!bytes || bytes->size() != 8 || (area.kind() != 'i' && area.kind() != 'o')) {
    return;
  }
  const UnitId unit = unit_id_of(*bytes);
  const std::int64_t devices = std::max<std::int64_t>(area.whole("cx-devcnt-i", 1), 1);
  const Place size = area.size();
  p["cortical_subtype"] = bytes->substr(0, 4);
  p["coding_behavior"] = p["encoding_type"] = unit.incremental ? "Incremental" : "Absolute";
  p["coding_type"] = p["encoding_format"] =
      !unit.is_percentage() ? "Not Applicable" : (unit.fractional ? "Fractional" : "Linear");
  p["coding_signage"] = unit.signage();
  p["coding_options"] = {{"behavior_options", {"Absolute", "Incremental"}},
                         {"coding_type_options", unit.is_percentage() ? Json{"Linear", "Fractional"}
                                                                      : Json{"Not Applicable"}},
                         {"signage_options", Json::array({unit.signage()})}};
  p["dev_count"] = devices;
  p["cortical_dimensions_per_device"] =
      three_of({std::max<std::int64_t>(size[0] / devices, 1), size[1], size[2]});
  p["group_id"] = p["unit_id"] = unit.group;
  p["subunit_id"] = unit.subunit;
  p["properties"]["dev_count"] = devices;
  if (area.kind() == 'i') {
    p["sensory_hold_last_frame"] = area.flag("cx-snhold-b", false);
    p["properties"]["sensory_hold_last_frame"] = area.flag("cx-snhold-b", false);
  }
}

}  // namespace

Place place_from(const Json& value, const std::string& property) {
  return numbers_from<3>(value, property);
}

std::array<std::int64_t, 2> place_2d_from(const Json& value, const std::string& property) {
  return numbers_from<2>(value, property);
}

Place size_from(const Json& value, const std::string& property) {
  const Place size = place_from(value, property);
  for (const std::int64_t axis : size) {
    if (axis < 1 || axis > 1LL << 20U) {
      wrong(property, value, "three numbers from 1 to 1048576");
    }
  }
  return size;
}

Json properties_of(const GenomeArea& area, const Document& document, const AreaCounts& counts) {
  const std::string region = document.region_of(area.id);
  Json p = Json::object();
  p["area_type"] = p["cortical_group"] = area.group();
  p["cortical_id"] = p["cortical_id_s"] = area.id;
  p["cortical_name"] = area.name();
  p["cortical_type"] = area.type();
  p["cortical_idx"] = counts.index;
  p["cortical_dimensions"] = three_of(area.size());
  p["coordinates_3d"] = three_of(area.place());
  p["coordinates_2d"] = {area.place_2d()[0], area.place_2d()[1]};
  p["neuron_count"] = counts.neurons;
  p["incoming_synapse_count"] = counts.incoming;
  p["outgoing_synapse_count"] = counts.outgoing;
  p["synapse_count"] = counts.outgoing;
  p["neurons_per_voxel"] = area.whole("cx-_n_cnt-i", 1);
  p["neuron_burst_engine_active"] = area.flag("cx-brsten-b", true);
  p["neuron_consecutive_fire_count"] = area.whole("nx-c_fr_c-i", 0);
  p["neuron_degeneracy_coefficient"] = area.real("cx-de_gen-f", 0.0);
  p["neuron_excitability"] = area.real("nx-excite-f", 1.0);
  p["neuron_fire_threshold"] = area.real("nx-fire_t-f", 1.0);
  p["neuron_fire_threshold_increment"] = {
      area.real("nx-ftincx-f", 0.0), area.real("nx-ftincy-f", 0.0), area.real("nx-ftincz-f", 0.0)};
  p["neuron_firing_threshold_limit"] = area.real("nx-fthlim-f", 0.0);
  p["neuron_init_lifespan"] = area.whole("cx-mem_ls-i", 0);
  p["neuron_leak_coefficient"] = area.real("nx-leak_c-f", 0.0);
  p["neuron_leak_variability"] = area.real("nx-leak_v-f", 0.0);
  p["neuron_lifespan_growth_rate"] = area.real("cx-mem_gr-i", 0.0);
  p["neuron_longterm_mem_threshold"] = area.whole("cx-mem__t-i", 0);
  p["neuron_mp_charge_accumulation"] = area.flag("nx-mp_acc-b", false);
  p["neuron_mp_driven_psp"] = area.flag("nx-mp_psp-b", false);
  p["neuron_plasticity_constant"] = area.real("cx-plst_c-f", 0.0);
  p["neuron_post_synaptic_potential"] = area.real("nx-pstcr_-f", 1.0);
  p["neuron_post_synaptic_potential_max"] = area.real("nx-pstcrm-f", 0.0);
  p["neuron_psp_uniform_distribution"] = area.flag("cx-pspuni-b", false);
  p["neuron_refractory_period"] = area.whole("nx-refrac-i", 0);
  p["neuron_snooze_period"] = area.whole("nx-snooze-i", 0);
  p["parent_region_id"] = region;
  Json upstream = Json::array();
  for (const GenomeArea& other : document.areas()) {
    if (other.mappings().contains(area.id)) {
      upstream.push_back(other.id);
    }
  }
  p["properties"] = {{"parent_region_id", region}, {"upstream_cortical_areas", upstream}};
  p["visible"] = area.flag("cx-gd_vis-b", true);
  p["visualization_voxel_granularity"] = {1, 1, 1};
  add_device_properties(p, area);
  return p;
}

Json geometry_of(const GenomeArea& area, const Document& document) {
  const Place size = area.size();
  const Place place = area.place();
  const Json depth = area.kind() == 'm' ? Json(area.whole("cx-tmpdpt-i", 1)) : Json();
  const Json hold = area.kind() == 'i' ? Json(area.flag("cx-snhold-b", false)) : Json();
  return {{"classifier_role", nullptr},
          {"coordinates_2d", {area.place_2d()[0], area.place_2d()[1]}},
          {"coordinates_3d", three_of(place)},
          {"cortical_dimensions", three_of(size)},
          {"cortical_group", area.group()},
          {"cortical_id", area.id},
          {"cortical_name", area.name()},
          {"cortical_neuron_per_vox_count", area.whole("cx-_n_cnt-i", 1)},
          {"cortical_sub_group", area.text("cx-subgrp-t")},
          {"cortical_type", area.type()},
          {"degeneration", area.real("cx-de_gen-f", 0.0)},
          {"dimensions", {{"x", size[0]}, {"y", size[1]}, {"z", size[2]}}},
          {"leak_coefficient", area.real("nx-leak_c-f", 0.0)},
          {"neuron_fire_threshold", area.real("nx-fire_t-f", 1.0)},
          {"neuron_firing_threshold_limit", area.real("nx-fthlim-f", 0.0)},
          {"neuron_post_synaptic_potential", area.real("nx-pstcr_-f", 1.0)},
          {"parent_region_id", document.region_of(area.id)},
          {"plasticity_constant", area.real("cx-plst_c-f", 0.0)},
          {"position", {{"x", place[0]}, {"y", place[1]}, {"z", place[2]}}},
          {"refractory_period", area.whole("nx-refrac-i", 0)},
          {"scan_twin", false},
          {"sensory_hold_last_frame", hold},
          {"snooze_period", area.whole("nx-snooze-i", 0)},
          {"temporal_depth", depth},
          {"visible", area.flag("cx-gd_vis-b", true)},
          {"visualization", area.flag("cx-gd_vis-b", true)},
          {"visualization_voxel_granularity", {1, 1, 1}}};
}

PropertyChange set_properties(Document& document, const std::string& id, const Json& wanted) {
  GenomeArea changed = document.area(id);  // a copy, which takes its place when all fits
  PropertyChange change;
  std::string region;
  for (const auto& [name, value] : wanted.items()) {
    const auto* property =
        std::find_if(kProperties.begin(), kProperties.end(),
                     [&, &key = name](const Property& p) { return p.name == key; });
    if (name == "cortical_id" || name == "cortical_id_list") {
      continue;
    }
    if (property != kProperties.end()) {
      changed.genes[std::string(property->gene)] = checked(*property, value);
      change.network = change.network || property->network;
    } else if (name == "cortical_dimensions" || name == "dimensions") {
      changed.set_size(size_from(value, name));
      change.network = change.geometry = true;
    } else if (name == "coordinates_3d" || name == "coordinate_3d" || name == "position") {
      changed.set_place(place_from(value, name));
      change.geometry = true;
    } else if (name == "coordinates_2d" || name == "coordinate_2d") {
      changed.set_place_2d(place_2d_from(value, name));
      change.geometry = true;
    } else if (name == "neuron_fire_threshold_increment" || name == "firing_threshold_increment") {
      if (!value.is_array() || value.size() != 3 || !value[0].is_number() ||
          !value[1].is_number() || !value[2].is_number()) {
        wrong(name, value, "three numbers");
      }
      changed.genes["nx-ftincx-f"] = value[0];
      changed.genes["nx-ftincy-f"] = value[1];
      changed.genes["nx-ftincz-f"] = value[2];
      change.network = true;
    } else if (name == "parent_region_id") {
      if (!value.is_string() || !document.regions().contains(value.get<std::string>())) {
        wrong(name, value, "the id of a region");
      }
      region = value.get<std::string>();
    } else {
      change.ignored += (change.ignored.empty() ? "" : ", ") + shown(name, 60);
    }
  }
  document.area(id) = std::move(changed);
  if (!region.empty()) {
    document.move_to_region(id, region);
  }
  return change;
}

}  // namespace rheobase::server
