// SPDX-License-Identifier: Apache-2.0
#include "io/genome/morphology.h"

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "rheobase/text.h"

namespace rheobase::genome {
namespace {

constexpr std::array<std::string_view, 15> kGrownByFeagi{
    "projector",         "centered_projector", "transpose_xy",
    "transpose_yz",      "transpose_xz",       "sweeper",
    "last_to_first",     "first_to_last",      "bitmask_encoder_x",
    "bitmask_encoder_y", "bitmask_encoder_z",  "bitmask_decoder_x",
    "bitmask_decoder_y", "bitmask_decoder_z",  "rotator_z"};
/// Functions that name memory, which is made at run time.
constexpr std::array<std::string_view, 4> kMemory{"episodic_memory", "memory_replay",
                                                  "episodic_scan", "associative_memory"};
/// The same of classifiers, which FEAGI knows without a definition.
constexpr std::array<std::string_view, 2> kClassifier{"classifier_sample", "classifier_class"};
/// Functions whose names say too little: no FEAGI in Rust grows them, and the counts of the genomes
/// that use them are right without.
constexpr std::array<std::string_view, 2> kUnclear{"reducer_x", "block_connection"};

template <typename List>
bool contains(const List& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

Json vectors_definition(const Json& list) {
  return {{"type", "vectors"}, {"class", "core"}, {"parameters", {{"vectors", list}}}};
}
Json patterns_definition(const Json& source, const Json& target) {
  return {{"type", "patterns"},
          {"class", "core"},
          {"parameters", {{"patterns", Json::array({Json::array({source, target})})}}}};
}
Json function_definition() {
  return {{"type", "functions"}, {"class", "core"}, {"parameters", Json::object()}};
}

/// FEAGI's own morphologies; unless `strict`, one of the older engines too.
Json core_definitions(bool strict) {
  const Json zero = Json::array({0, 0, 0});
  const Json all = Json::array({"*", "*", "*"});
  Json core = Json::object();
  core["block_to_block"] = vectors_definition(Json::array({zero}));
  core["all_to_0-0-0"] = patterns_definition(all, zero);
  core["0-0-0_to_all"] = patterns_definition(zero, all);
  if (!strict) {
    core["all_to_all"] = patterns_definition(all, all);
  }
  core["tile"] = {{"type", "composite"},
                  {"class", "core"},
                  {"parameters",
                   {{"src_seed", {16, 16, 1}},
                    {"src_pattern", {{1, 0}, {1, 0}, {1, 0}}},
                    {"mapper_morphology", "projector"}}}};
  for (int axis = 0; axis < 3; ++axis) {
    for (const int step : {1, -1}) {
      Json vector = zero;
      vector[static_cast<std::size_t>(axis)] = step;
      const std::string name = std::string("lateral_") + (step > 0 ? '+' : '-') + "xyz"[axis];
      core[name] = vectors_definition(Json::array({vector}));
    }
  }
  for (const std::string_view name : kGrownByFeagi) {
    core[std::string(name)] = function_definition();
  }
  for (const std::string_view name : kMemory) {
    core[std::string(name)] = function_definition();
  }
  return core;
}

/// For messages: "'type', 'vector'".
std::string keys_of(const Json& object) {
  std::string text;
  for (const auto& [key, value] : object.items()) {
    text += (text.empty() ? "" : ", ") + quoted_name(key);
  }
  return text.empty() ? "none" : shown(text, 200);
}

bool is_triple(const Json& value) { return value.is_array() && value.size() == 3; }

/// A pattern element: an integer or one of the signs; its notation is checked by the rule.
std::optional<std::string> element_of(const Json& value) {
  if (value.is_number_integer()) {
    return value.dump();
  }
  if (value.is_string()) {
    return value.get<std::string>();
  }
  return std::nullopt;
}

std::optional<PatternTriple> triple_of(const Json& half) {
  if (!is_triple(half)) {
    return std::nullopt;
  }
  PatternTriple triple;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto element = element_of(half[i]);
    if (!element) {
      return std::nullopt;
    }
    triple[i] = *element;
  }
  return triple;
}

}  // namespace

MorphologyForm form_of(const Json& definition, bool strict, Reading& reading) {
  static const Json kNone = Json::object();
  MorphologyForm form{"", &kNone};
  if (!definition.is_object()) {
    return form;
  }
  const Json* parameters = reading.ask(definition, "parameters");
  if (parameters != nullptr && parameters->is_object()) {
    form.parameters = parameters;
  } else if (!strict) {
    // the oldest files hold the list beside the name
    form.parameters = &definition;
  }
  if (const Json* type = reading.ask(definition, "type"); type != nullptr && type->is_string()) {
    form.type = type->get<std::string>();
  } else if (form.parameters->contains("vectors")) {
    form.type = "vectors";
  } else if (form.parameters->contains("patterns")) {
    form.type = "patterns";
  } else {
    form.type = form.parameters->contains("src_seed") ? "composite" : "functions";
  }
  return form;
}

Morphologies::Morphologies(const Document& document, Reading& reading)
    : core_(core_definitions(reading.strict)), reading_(reading) {
  for (const auto& [name, definition] : document.morphologies.items()) {
    definitions_.emplace(name, &definition);
  }
  bool lacks = !reading.current();
  std::string replaced;
  for (const auto& [name, definition] : core_.items()) {
    const auto [own, added] = definitions_.emplace(name, &definition);
    lacks = lacks || added;
    if (!added && reading.strict) {
      const MorphologyForm mine = form_of(*own->second, true, reading);
      const MorphologyForm feagi = form_of(definition, true, reading);
      if (mine.type != feagi.type || *mine.parameters != *feagi.parameters) {
        replaced += (replaced.empty() ? "" : ", ") + name;
      }
    }
  }
  if (!reading.strict) {
    return;
  }
  for (const auto& [name, definition] : definitions_) {
    check_as_feagi(name, *definition);
  }
  if (!lacks) {  // FEAGI adds all of them, or none
    return;
  }
  for (const auto& [name, definition] : core_.items()) {
    definitions_[name] = &definition;
  }
  if (!replaced.empty()) {
    reading.changed("neuron_morphologies",
                    "FEAGI puts its own definitions in the place of " + replaced);
  }
}

std::string Morphologies::nearest_name(const std::string& name) const {
  std::vector<std::string_view> names;
  for (const auto& [known, definition] : definitions_) {
    names.push_back(known);
  }
  return std::string(reading_.like(name, names));
}

Growth Morphologies::growth_of(const std::string& name, bool both_memory) {
  const auto it = definitions_.find(name);
  if (it == definitions_.end() && contains(kClassifier, name)) {
    return read_function(name, both_memory);
  }
  if (it == definitions_.end()) {
    const std::string like = nearest_name(name);
    return {std::nullopt, "the genome has no morphology " + quoted_name(name) +
                              (like.empty() ? "" : " (is " + quoted_name(like) + " meant?)") +
                              "; the rule is left out"};
  }
  (void)reading_.ask(it->second);
  return read(name, *it->second, both_memory);
}

Growth Morphologies::read(const std::string& name, const Json& definition, bool both_memory) {
  const MorphologyForm form = form_of(definition, reading_.strict, reading_);
  if (form.type == "vectors") {
    return read_vectors(name, *form.parameters);
  }
  if (form.type == "patterns") {
    return read_patterns(name, *form.parameters);
  }
  if (form.type == "functions") {
    return read_function(name, both_memory);
  }
  if (form.type == "composite") {
    return read_composite(name, *form.parameters, both_memory);
  }
  reading_.refuse("morphology " + name,
                  "its type is " + quoted_name(form.type) +
                      " (vectors, patterns, functions or composite was expected).");
}

Growth Morphologies::read_vectors(const std::string& name, const Json& parameters) {
  const Json* list = reading_.ask(parameters, "vectors");
  if (list == nullptr || !list->is_array()) {
    reading_.refuse("morphology " + name,
                    "it has no array of vectors (its keys are " + keys_of(parameters) + ").");
  }
  std::vector<std::array<std::int32_t, 3>> offsets;
  Growth growth;
  for (const Json& entry : *list) {
    // a few old files have one pair of brackets more
    const bool nested =
        !reading_.strict && entry.is_array() && entry.size() == 1 && entry[0].is_array();
    const Json& vector = nested ? entry[0] : entry;
    if (nested) {
      growth.remark = "the vector " + excerpt_of(entry) + " of " + name +
                      " has a pair of brackets too many; read without";
    }
    std::array<std::int32_t, 3> offset{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const auto step = is_triple(vector) ? int32_of(vector[axis]) : std::nullopt;
      if (!step) {
        reading_.refuse("morphology " + name, "the vector " + excerpt_of(vector) +
                                                  " is not a list of three 32-bit integers.");
      }
      offset[axis] = *step;
    }
    offsets.push_back(offset);
  }
  growth.rule = vectors(offsets);
  return growth;
}

Growth Morphologies::read_patterns(const std::string& name, const Json& parameters) {
  const Json* list = reading_.ask(parameters, "patterns");
  if (list == nullptr || !list->is_array()) {
    reading_.refuse("morphology " + name,
                    "it has no array of patterns (its keys are " + keys_of(parameters) + ").");
  }
  Growth growth;
  std::vector<Pattern> pairs;
  std::size_t unreadable = 0;
  for (const Json& pair : *list) {
    const bool halves = pair.is_array() && pair.size() == 2;
    const auto source = halves ? triple_of(pair[0]) : std::nullopt;
    const auto target = halves ? triple_of(pair[1]) : std::nullopt;
    if (!source || !target) {
      ++unreadable;
      growth.remark = number_text(unreadable) + " entries of " + name +
                      " have not two halves of three elements and are left out, such as " +
                      excerpt_of(pair);
      continue;
    }
    pairs.push_back({*source, *target});
  }
  try {
    growth.rule = patterns(pairs);
  } catch (const Error& problem) {
    reading_.refuse("morphology " + name, problem.what());
  }
  return growth;
}

Growth Morphologies::read_function(const std::string& name, bool both_memory) const {
  if (name == "associative_memory" && both_memory) {
    return {voxel_function("projector"),
            "associative memory is not yet simulated; grown as projector"};
  }
  if (contains(kMemory, name) || name.starts_with("classifier_")) {
    return {std::nullopt, name + " makes no synapses at birth; memory is not yet simulated"};
  }
  if (name == "block_to_block") {
    return {voxel_function(name), {}};
  }
  const bool grown =
      reading_.current() ? contains(kGrownByFeagi, name) || name == "tile" : name == "projector";
  if (reading_.strict && !grown) {
    return {std::nullopt, "this FEAGI grows nothing for the function " + name};
  }
  if (contains(kUnclear, name)) {
    return {std::nullopt, "no FEAGI of today grows the function " + name};
  }
  const std::vector<std::string> known = voxel_function_names();
  if (!contains(known, name)) {
    return {std::nullopt, "the function " + name + " is unknown to FEAGI and to rheobase"};
  }
  return {voxel_function(name), grown ? ""
                                      : "FEAGI grows nothing for the function " + name +
                                            "; grown as FEAGI's Python engine did"};
}

Growth Morphologies::read_composite(const std::string& name, const Json& parameters,
                                    bool both_memory) {
  // FEAGI knows one composite, by its name, and does not look at its parameters
  if (name == "tile" && reading_.current()) {
    return {voxel_function("tile"), {}};
  }
  if (reading_.strict) {
    return {std::nullopt, "this FEAGI grows nothing for the composite " + name};
  }
  const auto refuse = [&](const char* problem) { reading_.refuse("morphology " + name, problem); };
  const auto size_at = [](const Json& list, std::size_t i) {
    return list.is_array() && i < list.size() && list[i].is_number_unsigned() &&
                   list[i].get<std::uint64_t>() <= 1000000000
               ? list[i].get<std::uint32_t>()
               : std::numeric_limits<std::uint32_t>::max();
  };
  const auto part = [&](const char* key) {
    const Json* value = reading_.ask(parameters, key);
    return value == nullptr ? Json() : *value;
  };
  const Json seed = part("src_seed");
  const Json pattern = part("src_pattern");
  const Json mapper = part("mapper_morphology");
  std::array<std::uint32_t, 3> tile{};
  std::array<std::array<std::uint32_t, 2>, 3> steps{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    tile[axis] = size_at(seed, axis);
    for (std::size_t k = 0; k < 2; ++k) {
      steps[axis][k] = pattern.is_array() && pattern.size() == 3
                           ? size_at(pattern[axis], k)
                           : std::numeric_limits<std::uint32_t>::max();
      if (steps[axis][k] > 1000000000) {
        refuse("src_pattern is not a list of three pairs of counts.");
      }
    }
    if (tile[axis] == 0 || tile[axis] > 1000000000 || steps[axis][0] == 0) {
      refuse("src_seed or src_pattern holds no three sizes of at least 1.");
    }
  }
  if (!mapper.is_string() || depth_ == 4) {
    refuse("mapper_morphology is not the name of a morphology.");
  }
  ++depth_;
  Growth mapped = growth_of(mapper.get<std::string>(), both_memory);
  --depth_;
  if (!mapped.rule) {
    return mapped;
  }
  return {composite({tile[0], tile[1], tile[2]}, steps, *mapped.rule),
          "FEAGI grows nothing for the composite " + name + "; grown as FEAGI's Python engine did"};
}

void Morphologies::check_as_feagi(const std::string& name, const Json& definition) {
  const MorphologyForm form = form_of(definition, true, reading_);
  if (form.type == "vectors") {
    (void)read_vectors(name, *form.parameters);
  } else if (form.type == "patterns") {
    if (!read_patterns(name, *form.parameters).remark.empty()) {
      reading_.refuse("morphology " + name,
                      "a pattern without two halves of three elements (FEAGI "
                      "refuses the file). Load without strict.");
    }
  } else if (form.type != "functions" && form.type != "composite") {
    reading_.refuse("morphology " + name, "unknown type " + quoted_name(form.type) + ".");
  }
}

}  // namespace rheobase::genome
