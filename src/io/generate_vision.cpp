// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <string>

#include "io/generators.h"
#include "io/genome/cortical_id.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

constexpr int kMotorVoxels = 8;  // the left half of them for motion to the left

std::string id_of(std::string_view bytes) {
  genome::CorticalId id;
  std::copy_n(bytes.begin(), id.size(), id.begin());
  return genome::base64_of(id);
}

// the input unit svi (segmented vision), tile 4 (centre), cartesian plane; the output unit mot,
// signed percentage
const std::string_view kCamera("isvi\x49\0\0\0", 8);
const std::string_view kMotor("omot\x05\0\0\0", 8);
constexpr std::string_view kEdges = "cedges__";
constexpr std::string_view kRight = "cright__";
constexpr std::string_view kLeft = "cleft___";
constexpr std::string_view kPlace = "cplace__";

/// A rule as the current schema writes it.
Json rule(const char* morphology, int multiplier, int delay) {
  return {{"morphology_id", morphology},
          {"morphology_scalar", Json::array({1, 1, 1})},
          {"postSynapticCurrent_multiplier", multiplier},
          {"plasticity_flag", false},
          {"plasticity_constant", 1},
          {"ltp_multiplier", 1},
          {"ltd_multiplier", 1},
          {"plasticity_window", 0},
          {"synaptic_delay_bursts", delay}};
}

struct Area {
  std::string_view id;
  const char* name;
  const char* group;
  std::uint64_t width, height;
  double threshold;
  int x;  ///< where a viewer draws it
  Json mappings;
};

void write_area(Json& blueprint, const Area& area) {
  const std::string head = "_____10c-" + id_of(area.id) + "-";
  blueprint[head + "cx-__name-t"] = area.name;
  blueprint[head + "cx-_group-t"] = area.group;
  blueprint[head + "cx-subgrp-t"] = "";
  blueprint[head + "cx-___bbx-i"] = area.width;
  blueprint[head + "cx-___bby-i"] = area.height;
  blueprint[head + "cx-___bbz-i"] = 1;
  blueprint[head + "cx-rcordx-i"] = area.x;
  blueprint[head + "cx-rcordy-i"] = 0;
  blueprint[head + "cx-rcordz-i"] = 0;
  blueprint[head + "cx-2dcorx-i"] = area.x;
  blueprint[head + "cx-2dcory-i"] = 0;
  blueprint[head + "cx-_n_cnt-i"] = 1;
  blueprint[head + "cx-gd_vis-b"] = true;
  blueprint[head + "cx-synatt-f"] = 100.0;
  blueprint[head + "cx-memory-b"] = false;
  blueprint[head + "cx-pspuni-b"] = true;
  blueprint[head + "cx-de_gen-f"] = 0.0;
  blueprint[head + "cx-dstmap-d"] = area.mappings;
  blueprint[head + "nx-fire_t-f"] = area.threshold;
  blueprint[head + "nx-fthlim-f"] = 0.0;
  blueprint[head + "nx-leak_c-f"] = 0.0;
  blueprint[head + "nx-leak_v-f"] = 0.0;
  blueprint[head + "nx-refrac-i"] = 0;
  blueprint[head + "nx-excite-f"] = 100.0;
  blueprint[head + "nx-c_fr_c-i"] = 0;
  blueprint[head + "nx-snooze-f"] = 0;
  blueprint[head + "nx-pstcr_-f"] = 1.0;
  blueprint[head + "nx-pstcrm-f"] = 100.0;
  blueprint[head + "nx-mp_acc-b"] = false;
  blueprint[head + "nx-mp_psp-b"] = false;
}

Json vector_morphology(int dx) {
  return {{"type", "vectors"},
          {"class", "custom"},
          {"parameters", {{"vectors", Json::array({Json::array({dx, 0, 0})})}}}};
}

Json range_morphology(int first, int last) {
  const std::string range = number_text(first) + ".." + number_text(last);
  return {
      {"type", "patterns"},
      {"class", "custom"},
      {"parameters",
       {{"patterns",
         Json::array({Json::array({Json::array({"*", "*", "*"}), Json::array({range, 0, 0})})})}}}};
}

/// An edge that was at one column and is at its neighbour a burst later moves toward that
/// neighbour: the earlier place arrives late (delay 2), both together reach the threshold. An edge
/// that was here before inhibits, so what stands still is not seen.
Json direction(const char* from_behind) {
  return Json::array({rule("here", 1, 1), rule(from_behind, 1, 2), rule("here", -1, 2)});
}

}  // namespace

// A camera and a retinotopic path to a motor: edges are columns lighter than their neighbours; two
// areas see edges move to the right and to the left; each drives its half of the motor and inhibits
// the other; a coarse map tells where edges are. Nothing in it is drawn at random: the seed goes
// into the genome's id alone.
Json generate_vision(const GenerateOptions& options) {
  // four areas of the camera's size and a map of a quarter of its width
  const double fitting = std::sqrt(static_cast<double>(options.neurons - kMotorVoxels) / 4.0625);
  const auto width = static_cast<std::uint64_t>(fitting);
  const std::uint64_t map = std::max<std::uint64_t>(1, width / 4);
  // a quarter of the camera's rows have to agree before the motor moves
  const double agreement = static_cast<double>(std::max<std::uint64_t>(1, width / 4));

  const Json camera = {{id_of(kEdges), Json::array({rule("here", 2, 1), rule("to_right", -1, 1),
                                                    rule("to_left", -1, 1)})}};
  const Json edges = {{id_of(kRight), direction("to_right")},
                      {id_of(kLeft), direction("to_left")},
                      {id_of(kPlace), Json::array({rule("projector", 1, 1)})}};
  const Json right = {{id_of(kMotor), Json::array({rule("all_to_right_half", 1, 1),
                                                   rule("all_to_left_half", -1, 1)})}};
  const Json left = {{id_of(kMotor), Json::array({rule("all_to_left_half", 1, 1),
                                                  rule("all_to_right_half", -1, 1)})}};

  Json blueprint = Json::object();
  write_area(blueprint, {"___power", "Brain_Power", "CORE", 1, 1, 0.1, -20, Json::object()});
  write_area(blueprint, {kCamera, "Camera", "IPU", width, width, 1.0, 0, camera});
  write_area(blueprint, {kEdges, "Edges", "CUSTOM", width, width, 1.0, 60, edges});
  write_area(blueprint, {kRight, "Motion right", "CUSTOM", width, width, 2.0, 120, right});
  write_area(blueprint, {kLeft, "Motion left", "CUSTOM", width, width, 2.0, 180, left});
  write_area(blueprint, {kPlace, "Place", "CUSTOM", map, map, 1.0, 240, Json::object()});
  write_area(blueprint, {kMotor, "Motor", "OPU", kMotorVoxels, 1, agreement, 300, Json::object()});

  Json morphologies = Json::object();
  morphologies["here"] = vector_morphology(0);
  morphologies["to_right"] = vector_morphology(1);
  morphologies["to_left"] = vector_morphology(-1);
  morphologies["all_to_left_half"] = range_morphology(0, kMotorVoxels / 2 - 1);
  morphologies["all_to_right_half"] = range_morphology(kMotorVoxels / 2, kMotorVoxels - 1);
  morphologies["projector"] = {
      {"type", "functions"}, {"class", "core"}, {"parameters", Json::object()}};

  return {
      {"genome_id",
       "rheobase-vision-" + number_text(options.neurons) + "-" + number_text(options.seed)},
      {"genome_title", "Vision: a moving bar moves the motor"},
      {"genome_description",
       "Light a column of Camera, and its neighbour a burst later: the half "
       "of Motor on that side fires."},
      {"version", "3.0"},
      {"genome_schema_version", 7},
      {"physiology",
       {{"simulation_timestep", 0.02}, {"max_age", 10000000}, {"quantization_precision", "fp32"}}},
      {"blueprint", blueprint},
      {"neuron_morphologies", morphologies},
      {"modulators", Json::object()},
      {"classifiers", Json::object()},
      {"brain_regions", Json::object()}};
}

}  // namespace rheobase
