// SPDX-License-Identifier: Apache-2.0
#include "server/units.h"

#include <algorithm>

#include "io/base64.h"
#include "rheobase/text.h"

namespace rheobase::server {

const std::vector<Unit>& input_units() {
  static const std::vector<Unit> kUnits{
      {"ObjectSegmentationInput",
       "iseg",
       "Object Segmentation",
       true,
       {1, 1, 1},
       {{{-170, 0, 0}, {32, 32, 1}}}},
      {"AnalogGPIO", "iagp", "Analog GPIO Sensor", true, {1, 1, 1}, {{{60, 0, -10}, {8, 8, 1}}}},
      {"DepthMap", "idpt", "Depth Map", false, {64, 64, 1}, {{{-140, 30, 0}, {64, 64, 1}}}},
      {"Battery", "ibat", "Battery Sensor", true, {1, 1, 1}, {{{40, 0, -20}, {1, 1, 10}}}},
      {"Proximity", "ipro", "Proximity Sensor", true, {1, 1, 1}, {{{20, 0, -20}, {1, 1, 10}}}},
      {"SegmentedVision",
       "isvi",
       "Segmented Vision",
       false,
       {32, 32, 1},
       {{{-70, -70, 0}, {32, 32, 1}},
        {{60, -70, 0}, {32, 32, 1}},
        {{150, -70, 0}, {32, 32, 1}},
        {{-70, 60, 0}, {32, 32, 1}},
        {{0, 0, 0}, {128, 128, 3}},
        {{150, 60, 0}, {32, 32, 1}},
        {{-70, 150, 0}, {32, 32, 1}},
        {{60, 150, 0}, {32, 32, 1}},
        {{150, 150, 0}, {32, 32, 1}}}},
      {"Servo", "isvm", "Servo Encoder", true, {1, 1, 1}, {{{25, 0, -10}, {1, 1, 20}}}},
      {"Infrared", "iinf", "Infrared Sensor", true, {1, 1, 1}, {{{10, 0, -20}, {1, 1, 10}}}},
      {"MiscData", "imis", "Miscellaneous Input", false, {1, 1, 1}, {{{220, 0, -30}, {8, 8, 1}}}},
      {"CountInput", "icnt", "Count Input", true, {1, 1, 1}, {{{110, 0, -30}, {1, 1, 10}}}},
      {"RawIMU",
       "irim",
       "Raw IMU",
       true,
       {1, 1, 1},
       {{{70, 0, -10}, {6, 1, 10}}, {{80, 0, -10}, {6, 1, 10}}, {{90, 0, -10}, {6, 1, 10}}}},
      {"SmartIMU", "isim", "Smart IMU", true, {1, 1, 1}, {{{100, 0, -10}, {8, 1, 10}}}},
      {"Shock", "ishk", "Shock sensor", true, {1, 1, 1}, {{{30, 0, -20}, {1, 1, 10}}}},
      {"CartesianPosition",
       "icpo",
       "Cartesian Position Sensor",
       true,
       {1, 1, 1},
       {{{115, 0, -10}, {3, 1, 100}}}},
      {"AudioInput", "iaud", "Audio Input", true, {1, 1, 1}, {{{-100, -60, 0}, {513, 16, 1}}}},
      {"Vision", "iimg", "Simple Vision", false, {128, 128, 3}, {{{-100, 30, 0}, {128, 128, 3}}}},
      {"TextEnglishInput",
       "iten",
       "Text Input (English)",
       true,
       {1, 1, 1},
       {{{70, 0, -100}, {1, 1, 16}}}},
      {"DigitalGPIO", "idgp", "Digital GPIO Sensor", true, {1, 1, 1}, {{{70, 0, -10}, {1, 1, 1}}}},
  };
  return kUnits;
}

const std::vector<Unit>& output_units() {
  static const std::vector<Unit> kUnits{
      {"PositionalServo",
       "opse",
       "Positional Servo",
       true,
       {1, 1, 1},
       {{{-20, 0, -10}, {1, 1, 20}}, {{-40, 0, -10}, {2, 1, 20}}, {{-60, 0, -10}, {1, 1, 20}}}},
      {"CountOutput", "ocnt", "Count Output", true, {1, 1, 1}, {{{175, 0, -30}, {1, 1, 10}}}},
      {"Gaze",
       "ogaz",
       "Gaze Control",
       true,
       {1, 1, 1},
       {{{10, 0, -10}, {8, 8, 1}}, {{0, 0, -10}, {1, 1, 10}}}},
      {"DynamicImageProcessing",
       "oifs",
       "Image Enhancements",
       true,
       {1, 1, 1},
       {{{0, 0, 0}, {3, 1, 10}}}},
      {"AngularPointer", "oang", "Angular Pointer", true, {1, 1, 1}, {{{175, 0, -10}, {3, 1, 10}}}},
      {"MiscData", "omis", "Miscellaneous Output", true, {1, 1, 1}, {{{300, 0, -30}, {8, 8, 1}}}},
      {"ObjectSegmentation",
       "oseg",
       "Object Segmentation",
       true,
       {1, 1, 1},
       {{{-200, 0, 0}, {32, 32, 1}}}},
      {"SimpleVisionOutput",
       "oimg",
       "Simple Vision",
       true,
       {1, 1, 1},
       {{{-240, 60, -20}, {128, 128, 3}}}},
      {"SpatialPointer", "optr", "Spatial Pointer", true, {1, 1, 1}, {{{130, 0, -10}, {3, 1, 10}}}},
      {"AudioOutput", "oaud", "Audio Output", true, {1, 1, 1}, {{{-240, -60, -20}, {513, 16, 1}}}},
      {"RotaryMotor", "omot", "Rotary Motor", true, {1, 1, 1}, {{{-20, 0, -10}, {1, 1, 9}}}},
      {"TextEnglishOutput",
       "oten",
       "Text Output (English)",
       true,
       {1, 1, 1},
       {{{85, 0, -100}, {1, 1, 16}}}},
      {"PoseEstimation",
       "opos",
       "Pose Estimation",
       true,
       {1, 1, 1},
       {{{-200, 60, 0}, {64, 64, 17}}}},
  };
  return kUnits;
}

const Unit* unit_of_letters(std::string_view letters) {
  for (const std::vector<Unit>* units : {&input_units(), &output_units()}) {
    for (const Unit& unit : *units) {
      if (unit.letters == letters) {
        return &unit;
      }
    }
  }
  return nullptr;
}

std::string UnitId::signage() const {
  if (variant == 0) {
    return "Boolean";
  }
  if (is_percentage()) {
    return variant <= 4 ? "Percentage Unsigned" : "Percentage Signed";
  }
  return variant == 9 ? "Cartesian Plane" : "Misc";
}

std::string UnitId::text() const {
  std::string bytes = letters;
  const unsigned flags =
      variant | subunit << 4U | (incremental ? 256U : 0U) | (fractional ? 512U : 0U);
  bytes += static_cast<char>(flags & 255U);
  bytes += static_cast<char>(flags >> 8U);
  bytes += static_cast<char>(group);
  bytes += '\0';
  return base64_of(bytes);
}

UnitId unit_id_of(std::string_view bytes) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
  const unsigned flags = byte(4) | byte(5) << 8U;
  return {std::string(bytes.substr(0, 4)),
          flags & 15U,
          flags >> 4U & 15U,
          (flags & 256U) != 0,
          (flags & 512U) != 0U,
          byte(6)};
}

Json types_of(const std::vector<Unit>& units) {
  Json types = Json::object();
  const auto three = [](const Place& p) { return Json::array({p[0], p[1], p[2]}); };
  for (const Unit& unit : units) {
    Json& type = types[std::string(unit.letters)];
    type["description"] = unit.description;
    type["encodings"] = {"absolute", "incremental"};
    type["formats"] = unit.positions ? Json::array({"linear", "fractional"}) : Json::array();
    type["units"] = unit.parts.size();
    type["resolution"] = three(unit.resolution);
    type["structure"] = "asymmetric";
    for (std::size_t i = 0; i < unit.parts.size(); ++i) {
      type["unit_default_topology"][number_text(i)] = {
          {"relative_position", three(unit.parts[i].place)},
          {"dimensions", three(unit.parts[i].size)}};
    }
  }
  return types;
}

}  // namespace rheobase::server
