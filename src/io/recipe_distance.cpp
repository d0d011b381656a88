// SPDX-License-Identifier: Apache-2.0
// Rules by distance as recipes write them.
#include <array>

#include "io/recipe_rule.h"
#include "rheobase/distance.h"

namespace rheobase::recipe {
namespace {

DistanceKernel read_kernel(const Json& object, const std::string& place) {
  ObjectReader reader(object, place);
  const std::string name = reader.text("name", std::nullopt);
  const auto length = [&](const char* key) {
    const double value = reader.real(key, std::nullopt);
    reader.finish();
    return value;
  };
  if (name == "gaussian") {
    return kernels::gaussian(length("sigma"));
  }
  if (name == "exponential") {
    return kernels::exponential(length("length"));
  }
  if (name == "linear") {
    return kernels::linear(length("reach"));
  }
  if (name == "within") {
    return kernels::within(length("radius"));
  }
  reader.refuse("name is " + excerpt_of(Json(name)) +
                " (gaussian, exponential, linear or within was expected).");
}

/// One length for all axes, or one for each of up to three.
void read_axes(ObjectReader& reader, const char* key, std::array<double, 3>& axes) {
  const Json* value = reader.find(key);
  if (value == nullptr) {
    return;
  }
  bool is_right = value->is_number();
  if (is_right) {
    axes.fill(value->get<double>());
  } else if (value->is_array() && !value->empty() && value->size() <= 3) {
    is_right = true;
    for (std::size_t axis = 0; axis < value->size(); ++axis) {
      is_right = is_right && (*value)[axis].is_number();
      axes[axis] = is_right ? (*value)[axis].get<double>() : 0.0;
    }
  }
  if (!is_right) {
    reader.refuse(std::string(key) + " is " + excerpt_of(*value) +
                  " (a length, or one for each of up to three axes, was expected).");
  }
}

/// A list of points: numbers, or lists of as many numbers each.
std::optional<Positions> read_positions(ObjectReader& reader, const char* key) {
  const Json* list = reader.find(key);
  if (list == nullptr) {
    return std::nullopt;
  }
  const auto refuse = [&](const Json& what) {
    reader.refuse(std::string(key) + " holds " + excerpt_of(what) +
                  " (points of as many coordinates, 1 to 3, were expected).");
  };
  if (!list->is_array() || list->empty()) {
    refuse(*list);
  }
  Positions positions;
  const Json& first = list->front();
  positions.axes = first.is_array() ? static_cast<std::uint32_t>(first.size()) : 1U;
  if (positions.axes < 1 || positions.axes > 3) {
    refuse(first);
  }
  for (const Json& point : *list) {
    if (point.is_number() && positions.axes == 1) {
      positions.coordinates.push_back(point.get<double>());
      continue;
    }
    if (!point.is_array() || point.size() != positions.axes) {
      refuse(point);
    }
    for (const Json& coordinate : point) {
      if (!coordinate.is_number()) {
        refuse(point);
      }
      positions.coordinates.push_back(coordinate.get<double>());
    }
  }
  return positions;
}

}  // namespace

ConnectionRule read_distance_rule(ObjectReader& reader) {
  const DistanceKernel kernel = read_kernel(reader.need("kernel"), reader.place() + ".kernel");
  const double p = reader.real("p", 1.0);
  DistanceOptions options;
  options.autapses = reader.flag("autapses", options.autapses);
  options.periodic = reader.flag("periodic", options.periodic);
  options.max_distance = reader.real("max_distance", options.max_distance);
  read_axes(reader, "pitch", options.pitch);
  read_axes(reader, "target_pitch", options.target_pitch);
  read_axes(reader, "extent", options.extent);
  options.positions = read_positions(reader, "positions");
  options.target_positions = read_positions(reader, "target_positions");
  return distance_probability(kernel, p, std::move(options));
}

}  // namespace rheobase::recipe
