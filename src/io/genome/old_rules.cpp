// SPDX-License-Identifier: Apache-2.0
#include "io/genome/old_rules.h"

#include <algorithm>

#include "io/genome/old_area.h"

namespace rheobase::genome {
namespace {

/// ["rule_1", "param_1"]
bool is_reference(const Json& rules) {
  return rules.is_array() && rules.size() == 2 && rules[0].is_string() && rules[1].is_string() &&
         rules[0].get_ref<const std::string&>().starts_with("rule_");
}

OldArea area_of(const AreaRecord& record) {
  OldArea area;
  const Json* name = record.find("__name");
  area.name = name != nullptr && name->is_string() ? name->get<std::string>() : record.text;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const std::string letter(1, "xyz"[axis]);
    const Json* blocks = record.find("___bb" + letter);
    if (const auto size = blocks == nullptr ? std::nullopt : int32_of(*blocks)) {
      area.blocks[axis] = static_cast<std::uint32_t>(std::max(*size, 1));
    }
    const auto from = number_of(record.find("geo_" + letter + "0"));
    const auto to = number_of(record.find("geo_" + letter + "1"));
    if (from && to && *to > *from) {
      area.start[axis] = *from;
      area.length[axis] = *to - *from;
    } else {
      area.length[axis] = area.blocks[axis];
    }
  }
  return area;
}

}  // namespace

std::optional<double> OldRules::value_of(const std::string& rule, const std::string& parameter) {
  const auto rules = root_.find("neighbor_locator_rule");
  if (rules == root_.end() || !rules->is_object()) {
    return std::nullopt;
  }
  const auto known = rules->find(rule);
  if (known == rules->end() || !known->is_object()) {
    return std::nullopt;
  }
  used_.insert(rule + "." + parameter);
  const auto value = known->find(parameter);
  return value == known->end() ? std::nullopt : number_of(&*value);
}

std::optional<std::string> OldRules::morphology_of(const std::string& rule,
                                                   const std::string& parameter,
                                                   const OldArea& source, const OldArea& target,
                                                   Reading& reading) {
  OldRule read = old_rule(rule, value_of(rule, parameter), source, target);
  const std::string pair = source.name + " -> " + target.name;
  if (read.morphology.empty()) {
    reading.ignored("mapping " + pair, read.remark + "; the mapping is left out");
    return std::nullopt;
  }
  remarks_[read.remark].push_back(pair);
  if (!read.definition.is_null()) {
    definitions_[read.morphology] = std::move(read.definition);
  }
  return read.morphology;
}

void OldRules::finish(Json& morphologies, Reading& reading) {
  if (!morphologies.is_object()) {
    morphologies = Json::object();
  }
  for (auto& [name, definition] : definitions_) {
    morphologies[name] = std::move(definition);
  }
  for (const auto& [remark, pairs] : remarks_) {
    std::string list;
    for (const std::string& pair : pairs) {
      list += (list.empty() ? "" : ", ") + pair;
    }
    reading.changed("mappings", remark + ": " + list);
  }
  const auto rules = root_.find("neighbor_locator_rule");
  std::string unused;
  if (rules != root_.end() && rules->is_object()) {
    for (const auto& [rule, parameters] : rules->items()) {
      for (const auto& [parameter, value] : parameters.items()) {
        const std::string name = rule + (parameters.is_object() ? "." + parameter : "");
        if (!used_.contains(name)) {
          unused += (unused.empty() ? "" : ", ") + name;
        }
      }
    }
  }
  if (!unused.empty()) {
    reading.ignored("neighbor_locator_rule", "no mapping uses " + unused);
  }
}

void rewrite_rule_references(Document& document, Reading& reading) {
  OldRules old(document.root);
  bool any = false;
  for (AreaRecord& record : document.areas) {
    const auto entry = std::find_if(record.genes.begin(), record.genes.end(),
                                    [](const GeneEntry& gene) { return gene.key == "dstmap-d"; });
    if (entry == record.genes.end() || !entry->value.is_object()) {
      continue;
    }
    Json references = Json::object();
    for (auto& [text, rules] : entry->value.get_ref<Json::object_t&>()) {
      if (!is_reference(rules)) {
        continue;
      }
      any = true;
      references[text] = rules;
      const AreaRecord* post = document.area_of_text(text);
      const Json reference = std::move(rules);
      rules = Json::array();
      if (post == nullptr) {
        continue;  // reported where mappings are read
      }
      if (const auto name =
              old.morphology_of(reference[0].get<std::string>(), reference[1].get<std::string>(),
                                area_of(record), area_of(*post), reading)) {
        rules.push_back({{"morphology_id", *name}});
      }
    }
    if (!references.empty()) {
      record.genes.push_back(
          {"neighbor_locator_rules", std::move(references), "neighbor_locator_rules"});
    }
  }
  if (any) {
    old.finish(document.morphologies, reading);
    document.before_2 = true;
  }
}

}  // namespace rheobase::genome
