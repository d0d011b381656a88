// SPDX-License-Identifier: Apache-2.0
/// \file
/// FEAGI's kinds of sensors and actuators (cortical units): how their areas are called and shaped.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/document.h"

namespace rheobase::server {

/// A kind of sensor or actuator.
struct Unit {
  std::string_view sdk_name;     ///< "Proximity", as device configurations have it
  std::string_view letters;      ///< "ipro", the first four of the eight bytes of an id
  std::string_view description;  ///< "Proximity Sensor"
  bool positions = true;         ///< numbers become places along z: linear or fractional
  Place resolution{1, 1, 1};
  struct Part {
    Place place;  ///< of the area of the first group
    Place size;   ///< of one device, before an encoder says more
  };
  std::vector<Part> parts;  ///< one area each
};

[[nodiscard]] const std::vector<Unit>& input_units();
[[nodiscard]] const std::vector<Unit>& output_units();
/// Of both; null if there is none with those letters.
[[nodiscard]] const Unit* unit_of_letters(std::string_view letters);

/// What the eight bytes of an input's or output's id say.
struct UnitId {
  std::string letters;
  unsigned variant =
      0;  ///< 0 boolean, 1..4 percentage in 1..4 dimensions, 5..8 signed, 9 image, 10 other
  unsigned subunit = 0;  ///< 0..15
  bool incremental = false, fractional = false;
  unsigned group = 0;  ///< 0..255

  [[nodiscard]] bool is_percentage() const { return variant >= 1 && variant <= 8; }
  [[nodiscard]] std::string signage() const;
  /// The id as base64.
  [[nodiscard]] std::string text() const;
};
/// \pre eight bytes.
[[nodiscard]] UnitId unit_id_of(std::string_view bytes);

/// An area that a device configuration asks for.
struct WantedArea {
  std::string id, name;
  Place size{1, 1, 1}, place{0, 0, 0};
  std::int64_t devices = 1;
  bool input = true;
  bool holds = false;      ///< the last value stays until the next one
  double threshold = 1.0;  ///< of its neurons
};

struct DeviceConfiguration {
  std::vector<WantedArea> areas;
  std::vector<std::string> refused;  ///< a sentence for each unit that was not understood
};
/// Of the object below "AgentConfigurationDetails". \throws Error invalid_argument if it has not
/// even the form of one.
[[nodiscard]] DeviceConfiguration device_configuration(const Json& details);

/// The answer of cortical_area/ipu/types and opu/types.
[[nodiscard]] Json types_of(const std::vector<Unit>& units);

}  // namespace rheobase::server
