// SPDX-License-Identifier: Apache-2.0
#include "io/genome/grow.h"

#include <algorithm>
#include <map>
#include <set>

#include "io/genome/area.h"
#include "io/genome/keys.h"
#include "io/genome/mapping_rule.h"
#include "io/genome/morphology.h"
#include "rheobase/text.h"

namespace rheobase::genome {
namespace {

constexpr double kDefaultBurstMs = 25.0;

double burst_ms(const Json& root, Reading& reading) {
  const Json* physiology = reading.ask(root, "physiology");
  const Json* seconds = nullptr;
  for (const char* key : {"simulation_timestep", "burst_delay"}) {
    if (seconds == nullptr && physiology != nullptr) {
      seconds = reading.ask(*physiology, key);
    }
  }
  // files of 2.0 may hold it beside the blueprint
  if (seconds == nullptr) {
    seconds = reading.ask(root, "burst_delay");
  }
  const bool readable = reading.attempt([&] {
    if (seconds != nullptr && !seconds->is_number()) {
      reading.refuse("physiology", "the time step is " + excerpt_of(*seconds) +
                                       " (seconds per burst were expected).");
    }
  });
  if (seconds == nullptr || !readable) {
    return kDefaultBurstMs;
  }
  const auto value = seconds->get<double>();
  if (value <= 0.0) {
    reading.changed("physiology",
                    "the time step is " + excerpt_of(*seconds) + " s; read as 0.025 s");
    return kDefaultBurstMs;
  }
  return value * 1000.0;
}

/// FEAGI stops where a region names a parent by a text that is no id of its own making.
void check_regions(const Json& root, const Reading& reading) {
  const auto regions = root.find("brain_regions");
  if (!reading.strict || !reading.current() || regions == root.end() || !regions->is_object()) {
    return;
  }
  for (const auto& [name, region] : regions->items()) {
    const Json parent = region.is_object() ? region.value("parent_region_id", Json()) : Json();
    // ids of FEAGI's making are UUIDs of 36 characters
    if (parent.is_string() && parent.get_ref<const std::string&>().size() != 36) {
      reading.refuse("region " + name,
                     "its parent is " + excerpt_of(parent) +
                         " (FEAGI does not find it and grows nothing). Load without "
                         "strict.");
    }
  }
}

struct Grown {
  const AreaRecord* record = nullptr;  ///< null for a core area that FEAGI adds
  AreaValues values;
  AreaId area = 0;
};

class Grower {
 public:
  Grower(const Document& document, Reading& reading, const LoadOptions& options)
      : document_(document),
        reading_(reading),
        builder_({.dt_ms = burst_ms(document.root, reading),
                  .wiring_seed = options.wiring_seed,
                  .rules = rules_of(reading.semantics),
                  .quantum_bits = options.quantum_bits,
                  .threads = options.threads}),
        morphologies_(document, reading) {}

  Network grow() {
    check_regions(document_.root, reading_);
    add_core_areas();
    for (const AreaRecord& record : document_.areas) {
      if (!is_core_here(record.id)) {
        reading_.attempt([&] { add(&record, read_area(record, reading_)); });
      }
    }
    for (const Grown& grown : areas_) {
      connect(grown);
    }
    add_power();
    report_unsimulated();
    report_unread(document_, reading_);
    return builder_.build();
  }

 private:
  /// FEAGI had three core areas before 0.0.49, and has seven since.
  [[nodiscard]] std::size_t core_count() const { return reading_.current() ? 7 : 3; }
  [[nodiscard]] bool is_core_here(const CorticalId& id) const {
    const auto index = core_index(id);
    return index && *index < core_count();
  }

  void add_core_areas() {
    std::string added;
    for (std::size_t i = 0; i < core_count(); ++i) {
      CorticalId id;
      std::copy_n(kCoreAreas[i].bytes.begin(), id.size(), id.begin());
      const AreaRecord* record = document_.area(id);
      if (record == nullptr ||
          !reading_.attempt([&] { add(record, read_area(*record, reading_)); })) {
        add(nullptr, core_template(i, reading_));
        added += (added.empty() ? "" : ", ") + std::string(kCoreAreas[i].name);
      }
    }
    if (!added.empty()) {
      reading_.changed("core areas", "FEAGI adds those that the file lacks: " + added);
    }
  }

  void add(const AreaRecord* record, AreaValues values) {
    // names tell areas apart, so a second of the same name gets its id beside it
    if (!names_.insert(values.spec.name).second) {
      const std::string name = values.spec.name;
      const std::string label = record == nullptr ? values.spec.file_id : label_of(record->id);
      values.spec.name = name + " (" + label + ")";
      for (int i = 2; !names_.insert(values.spec.name).second; ++i) {
        values.spec.name = name + " (" + label + " " + number_text(i) + ")";
      }
      reading_.changed("area " + name,
                       "another area has that name; called " + quoted_name(values.spec.name));
    }
    Grown grown{record, std::move(values), 0};
    grown.area = builder_.add_area(grown.values.spec);
    index_[grown.values.spec.file_id] = areas_.size();
    areas_.push_back(std::move(grown));
  }

  void connect(const Grown& grown) {
    std::size_t rules = 0;
    if (grown.record != nullptr) {
      const std::vector<Mapping> mappings = read_mappings(*grown.record, document_, reading_);
      for (const Mapping& mapping : mappings) {
        rules += mapping.rules.size();
      }
      for (const Mapping& mapping : mappings) {
        if (!connect(grown, mapping)) {
          break;
        }
      }
    }
    report_taken(grown, rules);
  }

  /// \return false if FEAGI gives up the rest of the area.
  bool connect(const Grown& pre, const Mapping& mapping) {
    const auto it = index_.find(base64_of(mapping.destination));
    if (it == index_.end()) {
      reading_.ignored("mapping " + pre.values.spec.name + " -> " + mapping.destination_text,
                       "this FEAGI has no such core area");
      return true;
    }
    const Grown& post = areas_[it->second];
    const std::string pair = pre.values.spec.name + " -> " + post.values.spec.name;
    for (std::size_t i = 0; i < mapping.rules.size(); ++i) {
      const MappingRule& rule = mapping.rules[i];
      const std::string where = "rule " + number_text(i + 1) + " of " + pair;
      if (rule.broken) {
        continue;
      }
      if (!rule.refused.empty()) {
        reading_.ignored(where, rule.refused);
        if (rule.drops == MappingRule::Drops::rule) {
          continue;
        }
        return rule.drops == MappingRule::Drops::rest_of_mapping;
      }
      reading_.attempt([&] { connect(pre, post, rule, where); });
    }
    return true;
  }

  void connect(const Grown& pre, const Grown& post, const MappingRule& rule,
               const std::string& where) {
    const Growth growth =
        morphologies_.growth_of(rule.morphology, pre.values.memory && post.values.memory);
    if (!growth.rule) {
      reading_.ignored(where, growth.remark);
      return;
    }
    if (!growth.remark.empty()) {
      reading_.changed(where, growth.remark);
    }
    if (rule.plastic) {
      reading_.ignored(where, "plasticity is not yet simulated; its synapses keep their weight");
    }
    ConnectionRule pairs = *growth.rule;
    if (rule.attractivity && *rule.attractivity < 100) {
      pairs = attractivity(pairs, *rule.attractivity);
    }
    builder_.connect(pre.area, post.area, pairs,
                     {.weight = rule.weight, .psp = pre.values.psp, .delay = rule.delay});
  }

  /// The lowest id of the power area receives 1 every burst.
  void add_power() {
    CorticalId id;
    std::copy_n(kCoreAreas[kPowerIndex].bytes.begin(), id.size(), id.begin());
    const Area& power = builder_.area(areas_[index_.at(base64_of(id))].area);
    builder_.drive(Drive{.kind = Drive::Kind::constant,
                         .first = power.first,
                         .count = 1,
                         .amplitude = 1.0F,
                         .rate_hz = 0.0,
                         .stream = 0});
  }

  void report_taken(const Grown& grown, std::size_t rules) {
    const AreaSpec& spec = grown.values.spec;
    const std::uint64_t neurons = static_cast<std::uint64_t>(spec.size.x) * spec.size.y *
                                  spec.size.z * spec.neurons_per_voxel;
    std::string text = number_text(neurons) + (neurons == 1 ? " neuron" : " neurons") + " (" +
                       number_text(spec.size.x) + " x " + number_text(spec.size.y) + " x " +
                       number_text(spec.size.z);
    if (spec.neurons_per_voxel != 1) {
      text += ", " + number_text(spec.neurons_per_voxel) + " per voxel";
    }
    text += "), " + spec.role + ", " + number_text(rules) +
            (rules == 1 ? " outgoing rule" : " outgoing rules");
    if (grown.record != nullptr && grown.record->text != spec.name) {
      text += ", id " + grown.record->text;
    }
    reading_.note(ImportNote::Kind::taken, "area " + spec.name, text);
  }

  void report_unsimulated() {
    for (const char* key : {"modulators", "classifiers"}) {
      const Json* list = reading_.ask(document_.root, key);
      if (list != nullptr && !list->empty()) {
        reading_.ignored(key, number_text(list->size()) + " kept in the file; not yet simulated");
      }
    }
    if (const Json* physiology = reading_.ask(document_.root, "physiology")) {
      const Json* precision = reading_.ask(*physiology, "quantization_precision");
      if (precision != nullptr && *precision != "fp32" && *precision != "float32" &&
          *precision != "f32") {
        reading_.ignored("physiology", "quantization_precision " + excerpt_of(*precision) +
                                           " (potentials are 32-bit floats)");
      }
      if (reading_.ask(*physiology, "sleep") != nullptr) {
        reading_.ignored("physiology", "sleep is not simulated");
      }
    }
  }

  const Document& document_;
  Reading& reading_;
  NetworkBuilder builder_;
  Morphologies morphologies_;
  std::vector<Grown> areas_;
  std::map<std::string, std::size_t> index_;  ///< file id -> position in areas_
  std::set<std::string> names_;
};

}  // namespace

Brain grow(const Document& document, Reading& reading, const LoadOptions& options) {
  try {
    Network network = Grower(document, reading, options).grow();
    return {std::move(network), {document.format, document.title, reading.notes}};
  } catch (const Error& problem) {
    // errors of the builder know areas but no file
    const std::string text = problem.what();
    throw Error(problem.code(), text.starts_with(reading.path) ? text : reading.path + ": " + text);
  }
}

}  // namespace rheobase::genome
