// SPDX-License-Identifier: Apache-2.0
#include "io/genome/old_area.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "rheobase/text.h"

namespace rheobase::genome {
namespace {

/// Three whole numbers of at least 1.
std::optional<std::array<std::uint32_t, 3>> blocks_of(const Json* value) {
  if (value == nullptr || !value->is_array() || value->size() != 3) {
    return std::nullopt;
  }
  std::array<std::uint32_t, 3> blocks{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const auto size = int32_of((*value)[axis]);
    if (!size || *size < 1) {
      return std::nullopt;
    }
    blocks[axis] = static_cast<std::uint32_t>(*size);
  }
  return blocks;
}

}  // namespace

std::optional<double> number_of(const Json* value) {
  return value != nullptr && value->is_number() ? std::optional(value->get<double>())
                                                : std::nullopt;
}

OldAreaReader::OldAreaReader(const std::string& name, const Json& source, Reading& reading)
    : name_(name), source_(source), reading_(reading) {
  const auto params = source.find(kOldParams);
  params_ = params != source.end() && params->is_object() ? &*params : nullptr;
  area_.name = name;
  read_space();
}

const Json* OldAreaReader::find(const char* key) const {
  for (const Json* object : {params_, &source_}) {
    if (object == nullptr) {
      continue;
    }
    if (const auto it = object->find(key); it != object->end() && !it->is_null()) {
      return &*it;
    }
  }
  return nullptr;
}

Json OldAreaReader::properties() {
  Json written = Json::object();
  written["cortical_name"] = name_;
  const auto copy = [&](const char* to, const char* from) {
    if (const Json* value = find(from)) {
      written[to] = read_number_in_text(from, *value);
    }
  };
  copy("cortical_group", "group_id");
  copy("sub_group_id", "sub_group_id");
  copy("relative_coordinate", "relative_coordinate");
  copy("location_generation_type", "location_generation_type");
  for (const char* key : {"visualization", "refractory_period", "consecutive_fire_cnt_max",
                          "leak_coefficient", "degeneration", "synapse_attractivity",
                          "plasticity_constant", "postsynaptic_current_max", "firing_threshold"}) {
    copy(key, key);
  }
  copy("postsynaptic_current", "synaptic_strength");
  copy("postsynaptic_current", "postsynaptic_current");
  copy_snooze(written);
  written["block_boundaries"] = area_.blocks;
  written["per_voxel_neuron_cnt"] = per_voxel();
  // what all neurons of that time did
  written["mp_charge_accumulation"] = true;
  written["psp_uniform_distribution"] = true;
  keep_the_rest(written);
  return written;
}

void OldAreaReader::read_space() {
  if (const Json* box = find("geometric_boundaries"); box != nullptr && box->is_object()) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const auto side = box->find(std::string(1, "xyz"[axis]));
      if (side != box->end() && side->is_array() && side->size() == 2 && (*side)[0].is_number() &&
          (*side)[1].is_number()) {
        area_.start[axis] = (*side)[0].get<double>();
        area_.length[axis] = std::max(1e-6, (*side)[1].get<double>() - area_.start[axis]);
      }
    }
  }
  const Json* layer = find("layer_index");
  if (layer != nullptr && int32_of(*layer)) {
    area_.layer = *int32_of(*layer);
  }
  const Json* blocks = find("block_boundaries");
  if (const auto sizes = blocks_of(blocks)) {
    area_.blocks = *sizes;
    return;
  }
  if (blocks != nullptr) {
    reading_.refuse(where(), "block_boundaries is " + excerpt_of(*blocks) +
                                 " (three whole numbers of at least 1 were expected).");
  }
  spread_evenly();
}

/// The oldest files give a box and a number of neurons; FEAGI set them in a grid of equal gaps.
void OldAreaReader::spread_evenly() {
  double volume = 1;
  int axes = 0;
  for (const double length : area_.length) {
    if (length > 1) {
      volume *= length;
      ++axes;
    }
  }
  const double neurons = std::clamp(count(), 1.0, 1e9);
  const double gap = axes == 0 ? 1.0 : std::pow(volume / neurons, 1.0 / axes);
  std::string text;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    area_.blocks[axis] = static_cast<std::uint32_t>(
        std::clamp(std::floor(area_.length[axis] / gap + 1e-9), 1.0, 1e9));
    text += (axis == 0 ? "" : " x ") + number_text(area_.blocks[axis]);
  }
  reading_.changed(where(), number_text(neurons) +
                                " neurons in a space without blocks; read as a grid of " + text +
                                " voxels over that space");
}

double OldAreaReader::count() const {
  for (const char* key : {"cortical_neuron_count", "neuron_density"}) {
    if (const auto number = number_of(find(key))) {
      return *number;
    }
  }
  return 1;
}

std::uint32_t OldAreaReader::per_voxel() {
  const double voxels = static_cast<double>(area_.blocks[0]) * area_.blocks[1] * area_.blocks[2];
  const double neurons = count();
  const double each = std::clamp(std::round(neurons / voxels), 1.0, 1e9);
  if (each * voxels != neurons && find("block_boundaries") != nullptr) {
    reading_.changed(where(), number_text(neurons) + " neurons spread over " + number_text(voxels) +
                                  " blocks; read as " + number_text(each) + " in each");
  }
  return static_cast<std::uint32_t>(each);
}

/// Some files hold numbers as texts, or an empty text for none.
Json OldAreaReader::read_number_in_text(const char* key, const Json& value) {
  if (!value.is_string() || key == std::string_view("group_id") ||
      key == std::string_view("sub_group_id") ||
      key == std::string_view("location_generation_type")) {
    return value;
  }
  const std::string& text = value.get_ref<const std::string&>();
  if (text.empty()) {
    reading_.changed(where(), std::string(key) + " is an empty text; its default is used");
    return nullptr;
  }
  const auto number = parse_number<double>(text);
  if (!number || !std::isfinite(*number)) {
    return value;
  }
  reading_.changed(where(),
                   std::string(key) + " is the text " + quoted_name(text) + "; read as the number");
  return *number == std::floor(*number) && std::fabs(*number) < 1e15
             ? Json(static_cast<std::int64_t>(*number))
             : Json(*number);
}

/// A snooze ended at the first burst that is not before its end.
void OldAreaReader::copy_snooze(Json& written) {
  const Json* value = find("snooze_length");
  const auto length = number_of(value);
  if (length && *length >= 0 && *length < 65536) {
    written["snooze_length"] = static_cast<std::uint32_t>(std::ceil(*length));
    if (*length != std::floor(*length)) {
      written["snooze_length_before_2"] = *value;
      reading_.changed(where(), "snooze_length is " + excerpt_of(*value) + "; read as " +
                                    number_text(std::ceil(*length)) + " bursts");
    }
  } else if (value != nullptr) {
    written["snooze_length"] = *value;
  }
}

/// Every other key, and what was read into something else.
void OldAreaReader::keep_the_rest(Json& written) const {
  const std::set<std::string> moved{"group_id", kOldParams, "cortical_mapping_dst"};
  const auto keep = [&](const std::string& key, const Json& value) {
    if (!written.contains(key)) {
      written[key] = value;
    } else if (written[key] != value) {
      written[key + "_before_2"] = value;
    }
  };
  for (const auto& [key, value] : source_.items()) {
    if (!moved.contains(key) || (key == kOldParams && params_ == nullptr)) {
      keep(key, value);
    }
  }
  if (params_ != nullptr) {
    for (const auto& [key, value] : params_->items()) {
      keep(key, value);
    }
  }
}

}  // namespace rheobase::genome
