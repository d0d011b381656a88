// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <optional>

#include "rheobase/error.h"
#include "rheobase/text.h"
#include "server/units.h"

namespace rheobase::server {
namespace {

constexpr std::uint64_t kMostOnAnAxis = 1U << 16U;
constexpr std::size_t kMostDevices = 4096;
constexpr std::size_t kMostUnits = 256;

/// The area of one part of a unit, as its encoder wants it.
struct PartShape {
  unsigned variant = 0;
  Place size{1, 1, 1};  ///< of one device
  bool incremental = false;
  double threshold = 1.0;
};

std::int64_t axis(const Json& object, const char* key) {
  const auto it = object.find(key);
  const auto value = it == object.end() ? std::nullopt : whole_of(*it, 1, kMostOnAnAxis);
  if (!value) {
    throw Error(ErrorCode::invalid_argument,
                std::string(key) + " is missing or not from 1 to 65536");
  }
  return static_cast<std::int64_t>(*value);
}

/// `{"value": 10}`: places along z.
std::int64_t depth_of(const Json& list, std::size_t at) {
  if (!list.is_array() || list.size() <= at || !list[at].is_object()) {
    throw Error(ErrorCode::invalid_argument, "its number of places along z is missing");
  }
  return axis(list[at], "value");
}

PartShape percentage(const Json& list, const Unit& unit) {
  const std::int64_t depth = depth_of(list, 0);
  const bool is_signed = list.size() > 2 && list[2] == true;
  const std::string dimensions = list.size() > 3 && list[3].is_string() ? list[3] : "D1";
  if (dimensions.size() != 2 || dimensions[0] != 'D' || dimensions[1] < '1' ||
      dimensions[1] > '4') {
    throw Error(ErrorCode::invalid_argument, "its number of dimensions is " + excerpt_of(list[3]));
  }
  const auto d = static_cast<unsigned>(dimensions[1] - '0');
  // a signed axis has a column for each direction, but for a motor, which has one for both
  const std::int64_t width = d * (is_signed && unit.letters[0] == 'i' ? 2U : 1U);
  return {is_signed ? d + 4 : d, {width, 1, depth}, false, 1.0};
}

std::int64_t channels_of(const std::string& layout) {
  static constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> kLayouts{
      {{"GrayScale", 1}, {"RG", 2}, {"RGB", 3}, {"RGBA", 4}}};
  for (const auto& [name, channels] : kLayouts) {
    if (name == layout) {
      return channels;
    }
  }
  throw Error(ErrorCode::invalid_argument, "its color layout is " + quoted_name(layout));
}

std::string word(const Json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : "";
}

const Json& inner(const Json& object, const char* key) {
  const auto it = object.find(key);
  if (it == object.end() || !it->is_object()) {
    throw Error(ErrorCode::invalid_argument, std::string(key) + " is missing");
  }
  return *it;
}

std::vector<PartShape> segments(const Json& frame) {
  // in the order of FEAGI's sub-units
  static constexpr std::array<const char*, 9> kSegments{
      "lower_left",   "lower_middle", "lower_right",  "middle_left", "center",
      "middle_right", "upper_left",   "upper_middle", "upper_right"};
  const Json& sizes = inner(frame, "segment_xy_resolutions");
  const std::int64_t center = channels_of(word(frame, "center_color_channel"));
  const std::int64_t rim = channels_of(word(frame, "peripheral_color_channels"));
  std::vector<PartShape> parts;
  for (const char* name : kSegments) {
    const Json& size = inner(sizes, name);
    const bool is_center = std::string_view(name) == "center";
    parts.push_back(
        {9, {axis(size, "width"), axis(size, "height"), is_center ? center : rim}, false, 150.0});
  }
  return parts;
}

/// \throws Error invalid_argument: what is wrong, in a few words.
std::vector<PartShape> shapes_of(const Unit& unit, const Json& encoder) {
  if (encoder == "Boolean") {
    return {{0, {1, 1, 1}, false, 1.0}};
  }
  if (!encoder.is_object() || encoder.size() != 1) {
    throw Error(ErrorCode::invalid_argument, "its encoder is " + excerpt_of(encoder));
  }
  const std::string& name = encoder.begin().key();
  const Json& value = *encoder.begin();
  if (name == "Percentage") {
    return std::vector<PartShape>(unit.parts.size(), percentage(value, unit));
  }
  if (name == "PositionalServo") {
    const std::int64_t z = depth_of(value, 0);
    return {{1, {1, 1, z}, false, 1.0}, {1, {2, 1, z}, true, 1.0}, {1, {1, 1, z}, false, 1.0}};
  }
  if (name == "GazeProperties") {
    return {{2, {2, 1, depth_of(value, 0)}, false, 1.0},
            {1, {1, 1, depth_of(value, 1)}, false, 1.0}};
  }
  if (name == "ImageFilteringSettings") {
    return {{1, {3, 1, depth_of(value, 0)}, false, 1.0}};
  }
  if (!value.is_object()) {
    throw Error(ErrorCode::invalid_argument, "its encoder " + quoted_name(name) + " is not known");
  }
  if (name == "MiscData") {
    // potentials carry the value, so the least of them has to fire
    const double threshold = unit.letters == "idpt" || unit.letters == "iseg" ? 0.0001 : 1.0;
    return {{10,
             {axis(value, "width"), axis(value, "height"), axis(value, "depth")},
             false,
             threshold}};
  }
  if (name == "SpatialPointer" || name == "AngularPointer") {
    return {{name == "SpatialPointer" ? 3U : 7U,
             {axis(value, "width"), axis(value, "height"), axis(value, "depth")},
             false,
             1.0}};
  }
  if (name == "CartesianPlane") {
    const Json& size = inner(value, "image_resolution");
    return {{9,
             {axis(size, "width"), axis(size, "height"),
              channels_of(word(value, "color_channel_layout"))},
             false,
             unit.letters[0] == 'i' ? 150.0 : 1.0}};
  }
  if (name == "AudioSpectrum") {
    return {{10,
             {axis(value, "bin_count"), axis(value, "phase_steps"), 1},
             false,
             unit.letters[0] == 'i' ? 0.01 : 1.0}};
  }
  if (name == "SegmentedImageFrame") {
    return segments(value);
  }
  throw Error(ErrorCode::invalid_argument, "its encoder " + quoted_name(name) + " is not known");
}

/// Puts areas beside one another: those of a unit would overlap where devices make them wide.
Place place_of(const Unit& unit, std::size_t part, const Place& size, unsigned group,
               const std::vector<WantedArea>& before) {
  constexpr std::int64_t kGap = 10;
  constexpr std::int64_t kGroupGap = 20;
  Place place = unit.parts[part].place;
  if (part > 0 && unit.parts[part].place[1] == unit.parts[part - 1].place[1]) {
    const WantedArea& last = before.back();
    const bool leftwards = unit.parts[part].place[0] < unit.parts[part - 1].place[0];
    place[0] = leftwards ? last.place[0] - size[0] - kGap : last.place[0] + last.size[0] + kGap;
  }
  if (part == 0 || unit.parts[part].place[1] != unit.parts[part - 1].place[1]) {
    place[1] += kGroupGap * static_cast<std::int64_t>(group);
  } else {
    place[1] = before.back().place[1];
  }
  return place;
}

void add_unit(const Unit& unit, const Json& definition, const Json& encoder, bool input,
              DeviceConfiguration& to) {
  const auto index = definition.find("cortical_unit_index");
  constexpr std::uint64_t kNone = 256;
  const std::uint64_t group =
      index == definition.end() ? kNone : whole_of(*index, 0, 255).value_or(kNone);
  const auto devices = definition.find("device_grouping");
  if (group == kNone || devices == definition.end() || !devices->is_array() || devices->empty() ||
      devices->size() > kMostDevices) {
    throw Error(ErrorCode::invalid_argument,
                "it has no cortical_unit_index from 0 to 255, or not 1 to 4096 devices");
  }
  const auto flags = definition.find("io_configuration_flags");
  const bool has_flags = flags != definition.end() && flags->is_object();
  const bool incremental = has_flags && word(*flags, "frame_change_handling") == "Incremental";
  const bool fractional =
      has_flags && word(*flags, "percentage_neuron_positioning") == "Fractional";
  const std::vector<PartShape> parts = shapes_of(unit, encoder);
  std::string name = shown(word(definition, "friendly_name"), 80);
  if (name.empty()) {
    name = std::string(unit.sdk_name) + "_" + number_text(group);
  }
  std::vector<WantedArea> areas;
  for (std::size_t i = 0; i < parts.size() && i < unit.parts.size(); ++i) {
    const PartShape& part = parts[i];
    const bool servo = unit.letters == "opse";
    UnitId id{std::string(unit.letters),
              part.variant,
              static_cast<unsigned>(i),
              servo ? part.incremental : incremental,
              fractional && part.variant >= 1 && part.variant <= 8,
              static_cast<unsigned>(group)};
    WantedArea area;
    area.id = id.text();
    area.devices = static_cast<std::int64_t>(devices->size());
    area.size = {part.size[0] * area.devices, part.size[1], part.size[2]};
    area.place = place_of(unit, i, area.size, id.group, areas);
    area.name = parts.size() == 1 ? name
                : servo && i == 2 ? name + " Speed"
                                  : name + "-" + number_text(i);
    area.input = input;
    area.holds = input && id.is_percentage();
    area.threshold = part.threshold;
    areas.push_back(std::move(area));
  }
  to.areas.insert(to.areas.end(), areas.begin(), areas.end());
}

void add_section(const Json& details, const char* key, const std::vector<Unit>& units, bool input,
                 DeviceConfiguration& to) {
  const auto section = details.find(key);
  if (section == details.end() || section->is_null()) {
    return;
  }
  if (!section->is_object() || section->size() > kMostUnits) {
    throw Error(ErrorCode::invalid_argument, std::string("a device configuration's ") + key +
                                                 " is " + kind_of(*section) +
                                                 " (an object of at most 256 units was expected).");
  }
  for (const auto& [name, list] : section->items()) {
    const auto unit = std::find_if(units.begin(), units.end(), [&, &wanted = name](const Unit& u) {
      return u.sdk_name == wanted;
    });
    const std::string refusal = "no area was made for the unit " + quoted_name(name) + " (";
    if (unit == units.end() || !list.is_array() || list.size() > kMostUnits) {
      to.refused.push_back(refusal + "it is not known, or not a list of groups).");
      continue;
    }
    for (const Json& entry : list) {
      try {
        if (!entry.is_array() || entry.size() != 2 || !entry[0].is_object()) {
          throw Error(ErrorCode::invalid_argument, "a group is no pair of devices and encoder");
        }
        add_unit(*unit, entry[0], entry[1], input, to);
      } catch (const Error& error) {
        to.refused.push_back(refusal + error.what() + ").");
      }
    }
  }
}

}  // namespace

DeviceConfiguration device_configuration(const Json& details) {
  if (!details.is_object()) {
    throw Error(ErrorCode::invalid_argument,
                "a device configuration is " + kind_of(details) + " (an object was expected).");
  }
  DeviceConfiguration configuration;
  add_section(details, "output_units_and_decoder_properties", output_units(), false, configuration);
  add_section(details, "input_units_and_encoder_properties", input_units(), true, configuration);
  return configuration;
}

}  // namespace rheobase::server
