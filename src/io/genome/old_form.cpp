// SPDX-License-Identifier: Apache-2.0
#include "io/genome/old_form.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "io/genome/cortical_id.h"
#include "io/genome/old_area.h"
#include "io/genome/old_rules.h"
#include "rheobase/text.h"

namespace rheobase::genome {
namespace {

/// The id of an area that has only a name: the name itself where it fits.
std::string id_for(const std::string& name, bool taken) {
  const bool fits = name.size() <= 7 && std::all_of(name.begin(), name.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                             (c >= '0' && c <= '9') || c == '_';
                    });
  // a text that is too long for an id has one that is made from it
  return fits && !taken ? (("c" + name) + "_______").substr(0, 8)
                        : label_of(read_id(name + "          ").id);
}

class Translator {
 public:
  Translator(Json root, Reading& reading)
      : root_(std::move(root)), reading_(reading), rules_(root_) {}

  Json translate() {
    const Json blueprint = std::move(root_["blueprint"]);
    std::set<std::string> taken;
    for (const auto& [name, source] : blueprint.items()) {
      reading_.attempt([&, &name = name, &source = source] {
        if (!source.is_object()) {
          reading_.refuse("area " + name,
                          "it is " + kind_of(source) + " (an object of properties was expected).");
        }
        areas_.emplace(name, OldAreaReader(name, source, reading_));
        std::string id = id_for(name, false);
        if (!taken.insert(id).second) {
          id = id_for(name, true);
          taken.insert(id);
        }
        ids_.emplace(name, id);
      });
    }
    Json written = Json::object();
    for (const auto& [name, source] : blueprint.items()) {
      const auto area = areas_.find(name);
      if (area != areas_.end()) {
        Json properties = area->second.properties();
        add_mappings(name, source, properties);
        written[ids_.at(name)] = std::move(properties);
      }
    }
    root_["blueprint"] = std::move(written);
    tell();
    Json morphologies =
        root_.contains("neuron_morphologies") ? root_["neuron_morphologies"] : Json();
    rules_.finish(morphologies, reading_);
    root_["neuron_morphologies"] = std::move(morphologies);
    if (!root_.contains("version") && !root_.contains("genome_schema_version")) {
      root_["version"] = "2.0";
    }
    return std::move(root_);
  }

 private:
  void add_mappings(const std::string& name, const Json& source, Json& properties) {
    const auto mappings = source.find("cortical_mapping_dst");
    if (mappings == source.end() || mappings->is_null()) {
      return;
    }
    const bool readable = reading_.attempt([&] {
      if (!mappings->is_object()) {
        reading_.refuse("area " + name, "cortical_mapping_dst is " + kind_of(*mappings) +
                                            " (an object was expected).");
      }
    });
    Json table = Json::object();
    for (const auto& [target, rule] : mappings->items()) {
      if (readable) {
        reading_.attempt(
            [&, &target = target, &rule = rule] { add_mapping(name, target, rule, table); });
      }
    }
    properties["cortical_mapping_dst"] = std::move(table);
    properties["neighbor_locator_rules"] = *mappings;
  }

  void add_mapping(const std::string& name, const std::string& target, const Json& rule,
                   Json& table) {
    const std::string where = "mapping " + name + " -> " + target;
    const auto post = areas_.find(target);
    if (post == areas_.end()) {
      reading_.ignored(where, "the genome has no such area; the mapping is left out");
      return;
    }
    if (!rule.is_object()) {
      reading_.refuse(where, "it is " + kind_of(rule) + " (an object was expected).");
    }
    const auto text = [&](const char* key) -> std::string {
      const auto it = rule.find(key);
      return it != rule.end() && it->is_string() ? it->get<std::string>() : "";
    };
    for (const auto& [key, value] : rule.items()) {
      if (std::find(kRuleKeys.begin(), kRuleKeys.end(), key) == kRuleKeys.end()) {
        const std::string_view like = reading_.like(key, kRuleKeys);
        reading_.ignored(where, "unknown key " + quoted_name(key) +
                                    (like.empty() ? "" : " (is " + std::string(like) + " meant?)") +
                                    ", kept in the file without effect");
      }
    }
    const std::string id = text("neighbor_locator_rule_id");
    if (id.empty()) {
      reading_.ignored(where, "it names no neighbor_locator_rule_id; the mapping is left out");
      return;
    }
    if (const auto morphology =
            rules_.morphology_of(id, text("neighbor_locator_rule_param_id"), areas_.at(name).area(),
                                 post->second.area(), reading_)) {
      table[ids_.at(target)] = Json::array({rule_of(*morphology, rule, post->second)});
    }
  }

  Json rule_of(const std::string& morphology, const Json& rule, const OldAreaReader& post) {
    const auto flag = [&](const char* key, bool fallback) {
      const auto it = rule.find(key);
      return it != rule.end() && it->is_boolean() ? it->get<bool>() : fallback;
    };
    Json written = {{"morphology_id", morphology},
                    {"morphology_scalar", {1, 1, 1}},
                    {"postSynapticCurrent_multiplier", flag("excitatory", true) ? 1 : -1},
                    {"plasticity_flag", flag("plasticity", false)}};
    // FEAGI kept a pair if a draw from 1 to 99 lay below the target's attractivity
    const auto share = number_of(post.find("synapse_attractivity"));
    if (share && *share >= 0 && *share < 100 && *share == std::floor(*share)) {
      written["synapse_attractivity"] = static_cast<std::uint32_t>(*share);
    }
    return written;
  }

  void tell() {
    reading_.changed(
        "genome",
        "of the form before 2.0: blocks are read as voxels, PSPs reach each target "
        "whole, potentials accumulate, and leak_coefficient, an amount per burst then, "
        "is read as the share that is lost");
  }

  static constexpr std::array<std::string_view, 4> kRuleKeys{
      "neighbor_locator_rule_id", "neighbor_locator_rule_param_id", "excitatory", "plasticity"};

  Json root_;
  Reading& reading_;
  std::map<std::string, OldAreaReader> areas_;
  std::map<std::string, std::string> ids_;
  OldRules rules_;
};

}  // namespace

bool is_before_2(const Json& root) {
  const auto blueprint = root.find("blueprint");
  if (blueprint == root.end() || !blueprint->is_object()) {
    return false;
  }
  return std::any_of(blueprint->items().begin(), blueprint->items().end(), [](const auto& item) {
    return item.value().is_object() && item.value().contains(kOldParams);
  });
}

Json since_2(Json root, Reading& reading) {
  if (reading.strict) {
    reading.refuse("",
                   "the genome has the form before 2.0, areas by name with neuron_params (no FEAGI "
                   "since then reads it). Load without strict.");
  }
  return Translator(std::move(root), reading).translate();
}

}  // namespace rheobase::genome
