// SPDX-License-Identifier: Apache-2.0
#include "io/genome/document.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "io/genome/genes.h"
#include "io/genome/old_form.h"
#include "io/genome/old_rules.h"
#include "rheobase/text.h"

namespace rheobase::genome {
namespace {

constexpr std::string_view kFlatKey = "_____10c-";
constexpr int kNewestSchema = 7;

/// The schema by FEAGI's rule: the integer if there is one, else the text of earlier files.
int schema_of(const Json& root, bool flat, Reading& reading) {
  if (const auto it = root.find("genome_schema_version"); it != root.end()) {
    if (!it->is_number_integer() || *it < 2) {
      reading.refuse("", "genome_schema_version is " + excerpt_of(*it) +
                             " (an integer from 2 to 7 was expected). Correct it.");
    }
    if (*it > kNewestSchema) {
      reading.refuse("",
                     "genome_schema_version is " + excerpt_of(*it) +
                         " (the newest known is 7). Update rheobase, or export an older schema.");
    }
    return it->get<int>();
  }
  const auto version = root.find("version");
  if (version == root.end()) {
    const std::string problem = "the genome has neither genome_schema_version nor version";
    if (reading.strict) {
      reading.refuse("", problem + " (FEAGI does not guess its schema). Load without strict.");
    }
    reading.changed("genome",
                    problem + "; read as version " + (flat ? "2.0" : "3.0") + ", by its layout");
    return flat ? 2 : 3;
  }
  if (version->is_string() && (*version == "2.0" || *version == "2.1")) {
    return 2;
  }
  if (version->is_string() && *version == "3.0") {
    return 3;
  }
  reading.refuse("",
                 "unknown genome version " + excerpt_of(*version) +
                     " (known are \"2.0\", \"2.1\", \"3.0\" and genome_schema_version 2 to 7).");
}

bool is_flat(const Json& blueprint) {
  return std::any_of(blueprint.items().begin(), blueprint.items().end(), [](const auto& item) {
    const std::string& key = item.key();
    return key.size() > 20 && key.starts_with("___") && key.find('-') != std::string::npos;
  });
}

/// Collects the entries of a blueprint into areas.
class AreaCollector {
 public:
  AreaCollector(Document& document, Reading& reading) : document_(document), reading_(reading) {}

  AreaRecord& area_of(const std::string& text) {
    const auto [it, inserted] = index_.try_emplace(text, document_.areas.size());
    if (inserted) {
      document_.areas.push_back({text, {}, {}});
    }
    return document_.areas[it->second];
  }

  void flat_entry(const std::string& key, Json& value) {
    const std::size_t dash = key.find('-', kFlatKey.size());
    if (!key.starts_with(kFlatKey) || dash == std::string::npos || dash == kFlatKey.size() ||
        key[kFlatKey.size()] == '/') {
      reading_.ignored("blueprint", quoted_name(key) + " is the key of no area (kept in the file)");
      document_.foreign.emplace_back(key, std::move(value));
      return;
    }
    std::string gene = key.substr(dash + 1);
    if (gene.starts_with("cx-") || gene.starts_with("nx-")) {
      gene.erase(0, 3);
    }
    area_of(key.substr(kFlatKey.size(), dash - kFlatKey.size()))
        .genes.push_back({std::move(gene), std::move(value), key});
  }

  void hierarchical_entry(const std::string& key, Json& value) {
    const IdReading id = read_id(key);
    const bool known =
        value.is_object() &&
        std::any_of(value.items().begin(), value.items().end(), [](const auto& item) {
          return item.key() == "block_boundaries" || gene_of_property(item.key());
        });
    if (!known && !id.repair.empty()) {
      reading_.ignored("blueprint", quoted_name(key) + " is no area: " + id.repair +
                                        " and it has no known property (kept in the file)");
      document_.foreign.emplace_back(key, std::move(value));
      return;
    }
    if (!value.is_object()) {
      reading_.refuse("area " + quoted_name(key),
                      "it is " + kind_of(value) + " (an object of properties was expected).");
    }
    AreaRecord& area = area_of(key);
    for (auto& [property, content] : value.get_ref<Json::object_t&>()) {
      reading_.attempt(
          [&, &property = property, &content = content] { add_property(area, property, content); });
    }
  }

 private:
  void add_property(AreaRecord& area, const std::string& property, Json& value) {
    // arrays over the axes become one gene each
    bool axes = false;
    std::size_t axis = 0;
    for (const Gene& gene : axis_genes()) {
      if (gene.property == property) {
        if (!value.is_array() || (axis == 0 && value.size() != (property[0] == '2' ? 2 : 3))) {
          reading_.refuse(area.where(), property + " is " + excerpt_of(value) + " (an array of " +
                                            (property[0] == '2' ? "2" : "3") +
                                            " numbers was expected).");
        }
        area.genes.push_back({gene.key(), value[axis++], property});
        axes = true;
      }
    }
    if (axes) {
      return;
    }
    const Gene* gene = gene_of_property(property);
    if (gene == nullptr) {
      area.genes.push_back({property, std::move(value), property});
    } else if (gene->stem == "__rand" && value.is_string()) {
      area.genes.push_back({gene->key(), value == "random", property});
    } else {
      area.genes.push_back({gene->key(), std::move(value), property});
    }
  }

  Document& document_;
  Reading& reading_;
  std::unordered_map<std::string, std::size_t> index_;
};

/// An id with a wrong letter makes an area of its own out of one or two keys.
void report_lone_keys(const Document& document, Reading& reading) {
  std::vector<std::string_view> ids;
  for (const AreaRecord& area : document.areas) {
    if (area.genes.size() > 2) {
      ids.push_back(area.text);
    }
  }
  for (const AreaRecord& area : document.areas) {
    if (ids.empty() || area.genes.empty() || area.genes.size() > 2) {
      continue;
    }
    std::string keys;
    for (const GeneEntry& entry : area.genes) {
      keys += (keys.empty() ? "" : " and ") + quoted_name(entry.written);
    }
    const std::string_view like = reading.like(area.text, ids);
    reading.changed("area " + area.text,
                    "read as an area of its own, which has " + keys + " only" +
                        (like.empty() ? "" : " (is its id " + std::string(like) + "?)"));
  }
}

/// Gives every area its eight bytes; where FEAGI would not, strict reading follows FEAGI.
void resolve_ids(Document& document, Reading& reading) {
  std::map<CorticalId, std::string> taken;
  std::vector<AreaRecord> kept;
  for (AreaRecord& area : document.areas) {
    IdReading id = read_id(area.text);
    if (!id.repair.empty() && reading.strict) {
      if (!id.feagi_skips) {
        reading.refuse(area.where(), id.repair + " (FEAGI refuses the file). Load without strict.");
      }
      reading.ignored(area.where(), id.repair + "; FEAGI skips the area");
      continue;
    }
    // two texts for one id: FEAGI would merge the areas
    if (const auto other = taken.find(id.id); other != taken.end()) {
      const std::string first = other->second;
      for (int number = 1; taken.contains(id.id); ++number) {
        const std::string digits = number_text(number);
        std::copy(digits.begin(), digits.end(),
                  id.id.end() - static_cast<std::ptrdiff_t>(digits.size()));
        id.id[0] = 'c';
      }
      reading.changed(area.where(), "its id " + quoted_name(area.text) +
                                        " means the same area as " + quoted_name(first) +
                                        "; read as an area of its own, " + label_of(id.id));
    } else if (!id.repair.empty()) {
      reading.changed(area.where(), id.repair + "; read as " + label_of(id.id));
    } else if (!id.as_written) {
      reading.changed(area.where(), "its id " + quoted_name(area.text) + " is read as " +
                                        label_of(id.id) + ", in FEAGI's present form");
    }
    taken.emplace(id.id, area.text);
    area.id = id.id;
    kept.push_back(std::move(area));
  }
  document.areas = std::move(kept);
}

void take_morphologies(Document& document, Reading& reading) {
  const auto it = document.root.find("neuron_morphologies");
  if (it == document.root.end() || it->is_null()) {
    return;
  }
  const bool readable = reading.attempt([&] {
    if (!it->is_object()) {
      reading.refuse("neuron_morphologies", "it is " + kind_of(*it) + " (an object was expected).");
    }
  });
  if (!readable) {
    return;
  }
  auto& target = document.morphologies.get_ref<Json::object_t&>();
  for (auto& [name, definition] : it->get_ref<Json::object_t&>()) {
    const std::string present = present_morphology_name(name);
    if (present != name && it->contains(present)) {
      reading.ignored("morphology " + name, "the file has " + present + " too, which is used");
      target.emplace_back(name, definition);
      continue;
    }
    target.emplace_back(present, definition);
  }
}

}  // namespace

const Json* AreaRecord::find(std::string_view stem, bool strict) const {
  const Gene* gene = gene_of_stem(stem);
  const std::string canonical = gene == nullptr ? std::string(stem) : gene->key();
  const Json* found = nullptr;
  for (const auto& [key, value, written] : genes) {
    if (value.is_null()) {
      continue;
    }
    if (key == canonical) {
      return &value;
    }
    // another type letter means the same gene, except to FEAGI
    if (!strict && found == nullptr && key.size() == stem.size() + 2 && key.starts_with(stem) &&
        key[stem.size()] == '-') {
      found = &value;
    }
  }
  return found;
}

std::string AreaRecord::where() const {
  const Json* name = find("__name");
  const std::string shown = name != nullptr && name->is_string() ? name->get<std::string>() : "";
  return shown.empty() || shown == text ? "area " + text : "area " + text + " (" + shown + ")";
}

const AreaRecord* Document::area(const CorticalId& id) const {
  for (const AreaRecord& record : areas) {
    if (record.id == id) {
      return &record;
    }
  }
  return nullptr;
}

const AreaRecord* Document::area_of_text(const std::string& text) const {
  const CorticalId id = read_id(text).id;
  const AreaRecord* found = nullptr;
  for (const AreaRecord& record : areas) {
    if (record.text == text || (found == nullptr && record.id == id)) {
      found = &record;
    }
  }
  return found;
}

bool is_genome(const Json& root) { return root.is_object() && root.contains("blueprint"); }

std::string present_morphology_name(const std::string& name) {
  if (name == "memory") {
    return "episodic_memory";
  }
  return name == "bi_directional_stdp" ? "associative_memory" : name;
}

Document read_document(Json root, Reading& reading) {
  Document document;
  if (!root["blueprint"].is_object()) {
    reading.refuse("blueprint",
                   "it is " + kind_of(root["blueprint"]) + " (an object was expected).");
  }
  document.before_2 = is_before_2(root);
  if (document.before_2) {
    root = since_2(std::move(root), reading);
  }
  Json& blueprint = root["blueprint"];
  document.flat = is_flat(blueprint);
  const bool known =
      reading.attempt([&] { document.schema = schema_of(root, document.flat, reading); });
  if (!known) {
    document.schema = kNewestSchema;
  }

  // the report's head
  const bool texted = root.contains("version") && root["version"].is_string();
  const std::string version = document.before_2 ? "before 2.0"
                              : root.contains("genome_schema_version")
                                  ? "schema " + number_text(document.schema)
                              : texted ? shown(root["version"].get<std::string>(), 20)
                                       : "of unknown version";
  document.format = "FEAGI genome " + version +
                    (document.before_2 ? ""
                     : document.flat   ? ", flat"
                                       : ", hierarchical");
  if (root.contains("genome_title") && root["genome_title"].is_string()) {
    document.title = root["genome_title"].get<std::string>();
  }

  // the blueprint, in the order of the file
  AreaCollector collector(document, reading);
  for (auto& [key, value] : blueprint.get_ref<Json::object_t&>()) {
    if (document.flat) {
      collector.flat_entry(key, value);
    } else {
      reading.attempt(
          [&, &key = key, &value = value] { collector.hierarchical_entry(key, value); });
    }
  }
  report_lone_keys(document, reading);
  resolve_ids(document, reading);

  // everything else stays as it is
  blueprint = nullptr;
  document.root = std::move(root);
  take_morphologies(document, reading);
  document.root["neuron_morphologies"] = nullptr;
  if (!reading.strict) {
    rewrite_rule_references(document, reading);
  }
  for (const char* key : {"genome_schema_version", "version", "genome_title"}) {
    (void)reading.ask(document.root, key);
  }
  return document;
}

}  // namespace rheobase::genome
