// SPDX-License-Identifier: Apache-2.0
#include "io/genome/mapping_rule.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "rheobase/text.h"

namespace rheobase::genome {
namespace {

/// The elements of an array rule, with FEAGI's values for those that short arrays lack.
constexpr std::array<const char*, 9> kElements{
    "morphology_id",   "morphology_scalar",   "postSynapticCurrent_multiplier",
    "plasticity_flag", "plasticity_constant", "ltp_multiplier",
    "ltd_multiplier",  "plasticity_window",   "synaptic_delay_bursts"};

/// Reads one rule; `where` is "rule 2 of M1 -> M2".
class RuleReader {
 public:
  RuleReader(const Json& rule, std::string where, bool flat, Reading& reading)
      : source_(rule), where_(std::move(where)), flat_(flat), reading_(reading) {}

  MappingRule read() {
    check_form();
    if (array_too_short_for_old_feagi()) {
      return rule_;
    }
    object_ = rule_object(source_);
    read_morphology();
    read_weight();
    read_plasticity();
    read_delay();
    read_attractivity();
    report_extras();
    return rule_;
  }

 private:
  void check_form() const {
    if (source_.is_array()) {
      if (source_.size() < 4 || source_.size() > kElements.size()) {
        reading_.refuse(where_, "the array has " + number_text(source_.size()) +
                                    " elements (4 to 9 are known). Complete it.");
      }
    } else if (!source_.is_object()) {
      reading_.refuse(where_,
                      "it is " + excerpt_of(source_) + " (an array or an object was expected).");
    }
  }

  bool array_too_short_for_old_feagi() {
    if (!reading_.strict || reading_.current() || !source_.is_array() ||
        (flat_ && source_.size() >= 8)) {
      return false;
    }
    rule_.refused = flat_ ? "this FEAGI drops arrays of fewer than 8 elements"
                          : "this FEAGI ignores array rules in hierarchical files";
    return true;
  }

  [[nodiscard]] const Json* find(const char* key) const {
    const auto it = object_.find(key);
    return it == object_.end() || it->is_null() ? nullptr : &*it;
  }

  void read_morphology() {
    const Json* name = find("morphology_id");
    if (name == nullptr || !name->is_string() || name->get_ref<const std::string&>().empty()) {
      reading_.refuse(where_, "morphology_id is " +
                                  (name == nullptr ? "missing" : excerpt_of(*name)) +
                                  " (the name of a morphology was expected).");
    }
    rule_.morphology = present_morphology_name(name->get<std::string>());
  }

  void read_weight() {
    const Json* value = find("postSynapticCurrent_multiplier");
    const Json* alias = find("psc_multiplier");
    if (value != nullptr && alias != nullptr && *value != *alias) {
      reading_.refuse(where_, "psc_multiplier is " + excerpt_of(*alias) +
                                  " and postSynapticCurrent_multiplier is " + excerpt_of(*value) +
                                  " (they mean the same). Keep one.");
    }
    if (value == nullptr && (flat_ || !reading_.strict)) {
      value = alias;
    }
    if (value == nullptr) {
      return;
    }
    if (!value->is_number()) {
      reading_.changed(where_,
                       "the multiplier is " + excerpt_of(*value) + "; read as 1, as FEAGI does");
      return;
    }
    const auto multiplier = value->get<double>();
    if (std::fabs(multiplier) > std::numeric_limits<float>::max()) {
      reading_.refuse(where_, "the multiplier is " + excerpt_of(*value) +
                                  " (beyond 32-bit floating point). Correct it.");
    }
    if (reading_.current()) {
      rule_.weight = static_cast<float>(multiplier);
      return;
    }
    // eight bits and a sign in FEAGI before 0.0.49, which reads fractions as 1
    rule_.weight = multiplier == std::floor(multiplier)
                       ? static_cast<float>(std::clamp(multiplier, -255.0, 255.0))
                       : 1.0F;
    if (static_cast<double>(rule_.weight) != multiplier) {
      reading_.changed(where_, "the multiplier is " + excerpt_of(*value) + "; read as " +
                                   number_text(static_cast<int>(rule_.weight)) +
                                   " (eight bits in this FEAGI)");
    }
  }

  void read_plasticity() {
    const Json* flag = find("plasticity_flag");
    if (flag != nullptr && !flag->is_boolean()) {
      reading_.refuse(where_,
                      "plasticity_flag is " + excerpt_of(*flag) + " (true or false was expected).");
    }
    // FEAGI ignores the flag of an array rule in a hierarchical file
    rule_.plastic =
        flag != nullptr && flag->get<bool>() && (flat_ || !reading_.strict || source_.is_object());
    if (!rule_.plastic || !reading_.strict) {
      return;
    }
    for (const char* key :
         {"plasticity_constant", "ltp_multiplier", "ltd_multiplier", "plasticity_window"}) {
      if (find(key) == nullptr) {
        reading_.refuse(where_, std::string("the rule is plastic but has no ") + key +
                                    " (FEAGI refuses the file). Load without strict.");
      }
    }
    const Json* window = find("plasticity_window");
    if (!window->is_number_integer() || *window <= 0) {
      rule_.drops = reading_.current() ? MappingRule::Drops::rest_of_mapping
                                       : MappingRule::Drops::rest_of_area;
      rule_.refused = "the rule is plastic with a window of " + excerpt_of(*window) +
                      ", which FEAGI refuses (plasticity_window must be > 0)";
    }
  }

  void read_delay() {
    const Json* value = find("synaptic_delay_bursts");
    if (!reading_.current()) {
      // earlier engines know no delays: one burst, two in 2025
      const bool two = reading_.semantics == Semantics::feagi_2025_10;
      rule_.delay = two ? 2 : 1;
      if (value != nullptr && *value != 1) {
        reading_.changed(where_, "the delay of " + excerpt_of(*value) + " bursts; read as " +
                                     number_text(rule_.delay) + ", the only one of this FEAGI");
      }
      return;
    }
    if (value == nullptr) {
      return;
    }
    if (value->is_number_float() && !reading_.strict && *value >= 1.0 && *value <= 255.0 &&
        value->get<double>() == std::floor(value->get<double>())) {
      rule_.delay = static_cast<std::uint32_t>(value->get<double>());
      return;
    }
    if (value->is_number_integer() && *value == 0 && reading_.strict) {
      rule_.drops = MappingRule::Drops::rest_of_mapping;
      rule_.refused = "a delay of 0 bursts, which FEAGI refuses";
      return;
    }
    if (value->is_number_integer() && *value >= 1 && *value <= 255) {
      rule_.delay = value->get<std::uint32_t>();
      return;
    }
    reading_.changed(where_, "the delay is " + excerpt_of(*value) +
                                 "; read as 1 (delays are whole bursts from 1 to 255)");
  }

  void read_attractivity() {
    const Json* value = find("synapse_attractivity");
    if (value == nullptr || !value->is_number_unsigned()) {
      return;
    }
    const auto percent = value->get<std::uint64_t>();
    // FEAGI keeps the low eight bits
    rule_.attractivity = static_cast<std::uint32_t>(
        reading_.strict ? percent & 255U : std::min<std::uint64_t>(percent, 100));
  }

  void report_extras() {
    if (const Json* scalar = find("morphology_scalar");
        scalar != nullptr && *scalar != Json::array({1, 1, 1}) && *scalar != 1) {
      reading_.ignored(where_,
                       "morphology_scalar " + excerpt_of(*scalar) + " (FEAGI does not use it)");
    }
    for (const char* key :
         {"modulators", "reward_source_area", "punishment_source_area", "gate_source_area"}) {
      if (const Json* value = find(key); value != nullptr && !value->empty()) {
        reading_.ignored(where_, std::string(key) + ": modulation is not yet simulated");
      }
    }
  }

  const Json& source_;
  std::string where_;
  bool flat_;
  Reading& reading_;
  Json object_;
  MappingRule rule_;
};

std::string short_name(const AreaRecord& record) {
  const Json* name = record.find("__name");
  return name != nullptr && name->is_string() && !name->get_ref<const std::string&>().empty()
             ? name->get<std::string>()
             : record.text;
}

}  // namespace

Json rule_object(const Json& rule) {
  if (rule.is_object()) {
    return rule;
  }
  Json object = Json::object();
  for (std::size_t i = 0; i < kElements.size(); ++i) {
    object[kElements[i]] = i < rule.size() ? rule[i] : Json(i == 8 ? 1 : 0);
  }
  return object;
}

std::vector<Mapping> read_mappings(const AreaRecord& record, const Document& document,
                                   Reading& reading) {
  const Json* table = record.find("dstmap", reading.strict);
  if (table == nullptr) {
    return {};
  }
  if (!table->is_object()) {
    reading.refuse(record.where(), "dstmap is " + kind_of(*table) + " (an object was expected).");
  }
  std::vector<Mapping> mappings;
  for (const auto& [text, rules] : table->items()) {
    const std::string where = "mapping " + short_name(record) + " -> ";
    if (text.starts_with("/")) {
      reading.ignored(where + text, "a comment");
      continue;
    }
    // the destination
    const IdReading id = read_id(text);
    const AreaRecord* post = nullptr;
    for (const AreaRecord& area : document.areas) {
      if (area.text == text || (post == nullptr && area.id == id.id)) {
        post = &area;
      }
    }
    if (post == nullptr && !core_index(id.id)) {
      if (!reading.strict) {
        reading.refuse(where + text, "the genome has no area " + text +
                                         " (a mapping needs a destination). Remove the mapping, or "
                                         "load with strict, which skips it as FEAGI does.");
      }
      reading.ignored(where + text, "the genome has no such area; FEAGI skips the mapping");
      continue;
    }
    const std::string pair = where.substr(8) + (post == nullptr ? text : short_name(*post));
    if (!rules.is_array()) {
      reading.refuse("mapping " + pair,
                     "its rules are " + kind_of(rules) + " (an array of rules was expected).");
    }
    // its rules
    Mapping mapping{text, post == nullptr ? id.id : post->id, {}};
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const std::string rule_where = "rule " + number_text(i + 1) + " of " + pair;
      mapping.rules.push_back(RuleReader(rules[i], rule_where, document.flat, reading).read());
    }
    mappings.push_back(std::move(mapping));
  }
  std::stable_sort(mappings.begin(), mappings.end(), [](const Mapping& a, const Mapping& b) {
    return base64_of(a.destination) < base64_of(b.destination);
  });
  return mappings;
}

}  // namespace rheobase::genome
