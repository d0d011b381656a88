// SPDX-License-Identifier: Apache-2.0
#include "io/genome/mapping_rule.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "rheobase/text.h"

namespace rheobase::genome {
namespace {

/// The elements of an array rule, with FEAGI's values for those that short arrays lack.
constexpr std::array<const char*, 9> kElements{
    "morphology_id",   "morphology_scalar",   "postSynapticCurrent_multiplier",
    "plasticity_flag", "plasticity_constant", "ltp_multiplier",
    "ltd_multiplier",  "plasticity_window",   "synaptic_delay_bursts"};

constexpr double kLargestMultiplier = 0x1p100;

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
    if (!source_.is_object()) {
      rewritten_ = rule_object(source_);
      object_ = &rewritten_;
    }
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
    } else if (!source_.is_object() && (reading_.strict || !source_.is_string())) {
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

  const Json* find(const char* key) { return reading_.ask(*object_, key); }

  void read_morphology() {
    const Json* name = find("morphology_id");
    if (name != nullptr && !name->is_string()) {
      reading_.refuse(where_, "morphology_id is " + excerpt_of(*name) +
                                  " (the name of a morphology was expected).");
    }
    rule_.morphology = name == nullptr ? "" : present_morphology_name(name->get<std::string>());
    if (rule_.morphology.empty()) {
      rule_.refused = "it names no morphology, which says what it connects; left out";
    }
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
    if (std::fabs(multiplier) > kLargestMultiplier) {
      reading_.refuse(where_, "the multiplier is " + excerpt_of(*value) +
                                  " (no weight is beyond 2^100, and no charge beyond 2^61). "
                                  "Correct it.");
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
    const bool digit = !reading_.strict && flag != nullptr && (*flag == 0 || *flag == 1);
    if (flag != nullptr && !flag->is_boolean() && !digit) {
      reading_.refuse(where_,
                      "plasticity_flag is " + excerpt_of(*flag) + " (true or false was expected).");
    }
    // FEAGI ignores the flag of an array rule in a hierarchical file
    rule_.plastic = flag != nullptr && (digit ? *flag == 1 : flag->get<bool>()) &&
                    (flat_ || !reading_.strict || source_.is_object());
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
  Json rewritten_;                 ///< a rule of another form as an object
  const Json* object_ = &source_;  ///< the rule as an object
  MappingRule rule_;
};

std::string short_name(const AreaRecord& record) {
  const Json* name = record.find("__name");
  return name != nullptr && name->is_string() && !name->get_ref<const std::string&>().empty()
             ? name->get<std::string>()
             : record.text;
}

}  // namespace

RuleList rules_in(const Json& value) {
  RuleList list;
  const bool array = value.is_array();
  // an array rule begins with a name, a list of rules with a rule; a list of names alone has two
  // meanings, of which only the second grows anything
  const bool names = array && std::all_of(value.begin(), value.end(),
                                          [](const Json& rule) { return rule.is_string(); });
  if ((array && !value.empty() && value[0].is_string() && !names) || value.is_string() ||
      (value.is_object() && !value.empty())) {
    list.rules.push_back(&value);
    list.remark = "a single rule in the place of the list; read as a list of one";
  } else if (array) {
    for (const Json& rule : value) {
      list.rules.push_back(&rule);
    }
  } else if (value.is_null() || value.is_object()) {
    list.remark = "it has " + (value.is_null() ? kind_of(value) : "an empty object") +
                  " in the place of the list of rules; read as no rule";
  } else {
    list.readable = false;
  }
  return list;
}

Json rule_object(const Json& rule) {
  if (rule.is_object()) {
    return rule;
  }
  if (rule.is_string()) {
    return {{kElements[0], rule}};
  }
  Json object = Json::object();
  for (std::size_t i = 0; i < kElements.size(); ++i) {
    object[kElements[i]] = i < rule.size() ? rule[i] : Json(i == 8 ? 1 : 0);
  }
  return object;
}

namespace {

/// The mapping to one destination; none if FEAGI has none there.
std::optional<Mapping> read_mapping(const AreaRecord& record, const std::string& text,
                                    const Json& rules, const Document& document, Reading& reading) {
  const std::string where = "mapping " + short_name(record) + " -> ";
  if (text.starts_with("/")) {
    reading.ignored(where + text, "a comment");
    return std::nullopt;
  }
  // the destination
  const IdReading id = read_id(text);
  const AreaRecord* post = document.area_of_text(text);
  if (post == nullptr && !core_index(id.id)) {
    const RuleList lost = rules_in(rules);
    reading.ignored(where + text, "the genome has no such area; the mapping with its " +
                                      number_text(lost.rules.size()) +
                                      (lost.rules.size() == 1 ? " rule" : " rules") +
                                      " is left out, as FEAGI does");
    return std::nullopt;
  }
  // its rules
  const std::string pair =
      short_name(record) + " -> " + (post == nullptr ? text : short_name(*post));
  const RuleList list = rules_in(rules);
  if (!list.readable || (reading.strict && !list.remark.empty())) {
    reading.refuse("mapping " + pair, "its rules are " +
                                          (rules.is_array() ? "one rule" : kind_of(rules)) +
                                          " (an array of rules was expected)." +
                                          (reading.strict ? " Load without strict." : ""));
  }
  if (!list.remark.empty()) {
    reading.changed("mapping " + pair, list.remark);
  }
  if (post != nullptr && post->text != text) {
    reading.changed("mapping " + pair, "its destination is written " + quoted_name(text) +
                                           " and read as " + post->where());
  }
  Mapping mapping{text, post == nullptr ? id.id : post->id, {}};
  std::size_t number = 0;
  for (const Json* rule : list.rules) {
    const std::string rule_where = "rule " + number_text(++number) + " of " + pair;
    MappingRule read;
    read.broken = !reading.attempt(
        [&] { read = RuleReader(*rule, rule_where, document.flat, reading).read(); });
    mapping.rules.push_back(std::move(read));
  }
  return mapping;
}

}  // namespace

std::vector<Mapping> read_mappings(const AreaRecord& record, const Document& document,
                                   Reading& reading) {
  const Json* table = reading.ask(record.find("dstmap", reading.strict));
  std::vector<Mapping> mappings;
  if (table == nullptr) {
    return mappings;
  }
  const bool readable = reading.attempt([&] {
    if (!table->is_object()) {
      reading.refuse(record.where(), "dstmap is " + kind_of(*table) + " (an object was expected).");
    }
  });
  if (!readable) {
    return mappings;
  }
  for (const auto& [text, rules] : table->items()) {
    reading.attempt([&, &text = text, &rules = rules] {
      if (auto mapping = read_mapping(record, text, rules, document, reading)) {
        mappings.push_back(std::move(*mapping));
      }
    });
  }
  std::stable_sort(mappings.begin(), mappings.end(), [](const Mapping& a, const Mapping& b) {
    return base64_of(a.destination) < base64_of(b.destination);
  });
  return mappings;
}

}  // namespace rheobase::genome
