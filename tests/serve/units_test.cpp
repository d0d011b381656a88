// SPDX-License-Identifier: Apache-2.0
// Device configurations of FEAGI's SDK 2.6.10, and the areas that they ask for.
#include "server/units.h"

#include <gtest/gtest.h>

#include "io/base64.h"
#include "rheobase/error.h"

namespace rheobase::server {
namespace {

Json configuration(bool input, const std::string& unit, const Json& encoder, int devices = 2,
                   int group = 0, const Json& flags = Json::object()) {
  Json definition;
  definition["cortical_unit_index"] = group;
  definition["device_grouping"] = Json::array();
  for (int i = 0; i < devices; ++i) {
    definition["device_grouping"].push_back(Json::object());
  }
  definition["friendly_name"] = nullptr;
  definition["io_configuration_flags"] = flags;
  const char* key =
      input ? "input_units_and_encoder_properties" : "output_units_and_decoder_properties";
  Json details;
  details[key][unit] = Json::array({Json::array({definition, encoder})});
  return parse_json(details.dump(), "test");  // numbers as they are read
}

struct Expected {
  bool input;
  std::string unit;
  std::string encoder;
  std::vector<std::string> ids;
  std::vector<Place> sizes;
};

TEST(Units, AreasHaveTheIdsThatTheSdkExpects) {
  // ids: what the SDK waits for after that registration with two devices
  const std::string percentage = R"({"Percentage": [{"value": 7}, "Linear", false, "D1"]})";
  const std::string misc = R"({"MiscData": {"depth": 2, "height": 3, "width": 4}})";
  const std::string plane =
      R"({"CartesianPlane": {"color_channel_layout": "RGB", "color_space": "Gamma",
          "image_resolution": {"height": 24, "width": 32}}})";
  const std::vector<Expected> all{
      {true, "AnalogGPIO", percentage, {"aWFncAEAAAA="}, {{2, 1, 7}}},
      {true, "Battery", percentage, {"aWJhdAEAAAA="}, {{2, 1, 7}}},
      {true,
       "CartesianPosition",
       R"({"Percentage": [{"value": 7}, "Linear", false, "D3"]})",
       {"aWNwbwMAAAA="},
       {{6, 1, 7}}},
      {true,
       "RawIMU",
       R"({"Percentage": [{"value": 7}, "Linear", true, "D3"]})",
       {"aXJpbQcAAAA=", "aXJpbRcAAAA=", "aXJpbScAAAA="},
       {{12, 1, 7}, {12, 1, 7}, {12, 1, 7}}},
      {true,
       "SmartIMU",
       R"({"Percentage": [{"value": 7}, "Linear", true, "D4"]})",
       {"aXNpbQgAAAA="},
       {{16, 1, 7}}},
      {true, "DepthMap", misc, {"aWRwdAoAAAA="}, {{8, 3, 2}}},
      {true, "MiscData", misc, {"aW1pcwoAAAA="}, {{8, 3, 2}}},
      {true, "DigitalGPIO", "\"Boolean\"", {"aWRncAAAAAA="}, {{2, 1, 1}}},
      {true, "Vision", plane, {"aWltZwkAAAA="}, {{64, 24, 3}}},
      {true,
       "AudioInput",
       R"({"AudioSpectrum": {"bin_count": 513, "phase_steps": 16}})",
       {"aWF1ZAoAAAA="},
       {{1026, 16, 1}}},
      {false, "CountOutput", percentage, {"b2NudAEAAAA="}, {{2, 1, 7}}},
      {false,
       "RotaryMotor",
       R"({"Percentage": [{"value": 7}, "Linear", true, "D1"]})",
       {"b21vdAUAAAA="},
       {{2, 1, 7}}},
      {false,
       "PositionalServo",
       R"({"PositionalServo": [{"value": 7}, "Linear"]})",
       {"b3BzZQEAAAA=", "b3BzZREBAAA=", "b3BzZSEAAAA="},
       {{2, 1, 7}, {4, 1, 7}, {2, 1, 7}}},
      {false,
       "Gaze",
       R"({"GazeProperties": [{"value": 7}, {"value": 5}, "Linear"]})",
       {"b2dhegIAAAA=", "b2dhehEAAAA="},
       {{4, 1, 7}, {2, 1, 5}}},
      {false,
       "DynamicImageProcessing",
       R"({"ImageFilteringSettings": [{"value": 7}, {"value": 7}, {"value": 7}, "Linear"]})",
       {"b2lmcwEAAAA="},
       {{6, 1, 7}}},
      {false,
       "SpatialPointer",
       R"({"SpatialPointer": {"depth": 5, "height": 1, "width": 3}})",
       {"b3B0cgMAAAA="},
       {{6, 1, 5}}},
      {false,
       "AngularPointer",
       R"({"AngularPointer": {"depth": 5, "height": 1, "width": 3}})",
       {"b2FuZwcAAAA="},
       {{6, 1, 5}}},
      {false, "SimpleVisionOutput", plane, {"b2ltZwkAAAA="}, {{64, 24, 3}}},
      {false, "TextEnglishOutput", misc, {"b3RlbgoAAAA="}, {{8, 3, 2}}},
      {false, "MiscData", misc, {"b21pcwoAAAA="}, {{8, 3, 2}}},
  };
  for (const Expected& expected : all) {
    const DeviceConfiguration made = device_configuration(
        configuration(expected.input, expected.unit, parse_json(expected.encoder, "test")));
    EXPECT_TRUE(made.refused.empty()) << expected.unit << ": " << made.refused.front();
    ASSERT_EQ(made.areas.size(), expected.ids.size()) << expected.unit;
    for (std::size_t i = 0; i < expected.ids.size(); ++i) {
      EXPECT_EQ(made.areas[i].id, expected.ids[i]) << expected.unit;
      EXPECT_EQ(made.areas[i].size, expected.sizes[i]) << expected.unit;
      EXPECT_EQ(made.areas[i].input, expected.input);
    }
  }
}

TEST(Units, FlagsAndGroupsAreInTheId) {
  const Json encoder =
      parse_json(R"({"Percentage": [{"value": 7}, "Fractional", false, "D1"]})", "test");
  const Json flags{{"frame_change_handling", "Incremental"},
                   {"percentage_neuron_positioning", "Fractional"}};
  const auto made = device_configuration(configuration(true, "Proximity", encoder, 1, 1, flags));
  ASSERT_EQ(made.areas.size(), 1U);
  EXPECT_EQ(made.areas[0].id, "aXBybwEDAQA=");
  EXPECT_EQ(made.areas[0].name, "Proximity_1");
  EXPECT_TRUE(made.areas[0].holds);
  const UnitId id = unit_id_of(*bytes_of_base64("aXBybwEDAQA="));
  EXPECT_EQ(id.letters, "ipro");
  EXPECT_EQ(id.variant, 1U);
  EXPECT_TRUE(id.incremental && id.fractional);
  EXPECT_EQ(id.group, 1U);
  EXPECT_EQ(id.text(), "aXBybwEDAQA=");
}

TEST(Units, WhatIsNotUnderstoodIsNamed) {
  const auto encoder = [](const char* text) { return parse_json(text, "test"); };
  const std::vector<std::pair<Json, std::string>> wrong{
      {configuration(true, "Warp", "Boolean"), "not known"},
      {configuration(true, "Proximity", encoder(R"({"Warp": 1})")), "Warp"},
      {configuration(true, "Proximity", encoder("[]")), "encoder"},
      {configuration(true, "Proximity", encoder(R"({"Percentage": []})")), "places along z"},
      {configuration(true, "Proximity", encoder(R"({"Percentage": [{"value": 0}]})")), "65536"},
      {configuration(true, "Proximity", encoder(R"({"Percentage": [{"value": 1e9}]})")), "65536"},
      {configuration(true, "Proximity", "Boolean", 0), "devices"},
      {configuration(true, "Proximity", "Boolean", 1, 999), "cortical_unit_index"},
      {configuration(true, "Vision", encoder(R"({"CartesianPlane": {"image_resolution": 3}})")),
       "image_resolution"},
  };
  for (const auto& [details, word] : wrong) {
    const DeviceConfiguration made = device_configuration(details);
    EXPECT_TRUE(made.areas.empty());
    ASSERT_EQ(made.refused.size(), 1U) << details.dump();
    EXPECT_NE(made.refused[0].find(word), std::string::npos) << made.refused[0];
  }
  EXPECT_THROW(static_cast<void>(device_configuration(Json::array())), Error);
  EXPECT_THROW(static_cast<void>(device_configuration({{"input_units_and_encoder_properties", 1}})),
               Error);
}

}  // namespace
}  // namespace rheobase::server
