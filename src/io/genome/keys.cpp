// SPDX-License-Identifier: Apache-2.0
#include "io/genome/keys.h"

#include <algorithm>
#include <map>

#include "io/genome/genes.h"
#include "io/genome/known_keys.h"
#include "rheobase/text.h"

namespace rheobase::genome {
namespace {

/// Keys of one kind, in the order in which they were met.
class Tally {
 public:
  void add(const std::string& key) {
    const auto [it, inserted] = counts_.try_emplace(key, 0);
    if (inserted) {
      order_.push_back(key);
    }
    ++it->second;
  }
  [[nodiscard]] bool empty() const { return order_.empty(); }
  /// "gd_vis-b (60 times), __rand-b"
  [[nodiscard]] std::string text() const {
    std::string text;
    for (const std::string& key : order_) {
      const std::size_t count = counts_.at(key);
      text += (text.empty() ? "" : ", ") + shown(key) +
              (count == 1 ? "" : " (" + number_text(count) + " times)");
    }
    return text;
  }

 private:
  std::map<std::string, std::size_t> counts_;
  std::vector<std::string> order_;
};

/// All keys below a value, each once.
void collect_below(const Json& value, Tally& keys) {
  if (!value.is_structured()) {
    return;
  }
  for (const auto& [key, content] : value.items()) {
    if (value.is_object()) {
      keys.add(key);
    }
    collect_below(content, keys);
  }
}

bool has_keys(const Json& value) {
  Tally keys;
  collect_below(value, keys);
  return !keys.empty();
}

/// The key, with all keys below it.
std::string with_content(const std::string& key, const Json& value) {
  Tally keys;
  collect_below(value, keys);
  return keys.empty() ? key : key + " with " + keys.text();
}

/// FEAGI's genes of flat files; those of before 2.0 as well.
bool is_gene(const std::string& key) {
  const std::size_t dash = key.rfind('-');
  const Gene* gene = dash == std::string::npos ? nullptr : gene_of_stem(key.substr(0, dash));
  return gene != nullptr && gene->key() == key;
}

class UnreadKeys {
 public:
  UnreadKeys(const Document& document, Reading& reading) : document_(document), reading_(reading) {}

  void report() {
    for (const AreaRecord& area : document_.areas) {
      visit_area(area);
    }
    for (const auto& [name, definition] : document_.morphologies.items()) {
      visit_morphology(name, definition);
    }
    for (const auto& [key, value] : document_.root.items()) {
      if (key == "physiology" && value.is_object()) {
        visit_all(value, key, known_within(), rest_);
      } else if (key != "blueprint" && key != "neuron_morphologies" &&
                 !(document_.before_2 && key == "neighbor_locator_rule")) {
        visit(value, key, "genome", known_at_the_top(), rest_);
      }
    }
    Tally foreign;
    for (const auto& [key, value] : document_.foreign) {
      if (has_keys(value)) {
        foreign.add(with_content(key, value));
      }
    }
    tell("blueprint", foreign);
    if (!letters_.empty()) {
      reading_.changed(
          "genes", "read, although FEAGI writes another letter for their type: " + letters_.text());
    }
    tell("genes", genes_);
    tell("rules", rules_);
    tell("neuron_morphologies", definitions_);
    if (!unused_.empty()) {
      reading_.ignored("neuron_morphologies", "no rule uses " + unused_.text());
    }
    tell("genome", rest_);
  }

 private:
  using Names = std::span<const std::string_view>;

  void tell(const char* where, const Tally& keys) {
    if (!keys.empty()) {
      reading_.ignored(where, "without effect on a run: " + keys.text());
    }
  }
  /// A key that is not read, nor known to be without effect.
  void unknown(const std::string& where, const std::string& key, const Json& value,
               std::string_view like) {
    reading_.ignored(where, "unknown key " + with_content(quoted_name(key), value) +
                                (like.empty() ? "" : " (is " + std::string(like) + " meant?)") +
                                ", kept in the file without effect");
  }

  /// A key of an object whose keys FEAGI defines.
  void visit(const Json& value, const std::string& key, const std::string& where, Names names,
             Tally& without_effect) {
    const bool asked = reading_.asked.contains(&value);
    if (!asked && std::find(names.begin(), names.end(), key) == names.end()) {
      unknown(where, key, value, reading_.like(key, names));
    } else if (!asked || has_keys(value)) {
      without_effect.add(with_content(key, value));
    }
  }
  void visit_all(const Json& object, const std::string& where, Names names, Tally& without_effect) {
    for (const auto& [key, value] : object.items()) {
      visit(value, key, where, names, without_effect);
    }
  }

  void visit_area(const AreaRecord& area) {
    for (const GeneEntry& entry : area.genes) {
      const Json& value = entry.value;
      const bool asked = reading_.asked.contains(&value);
      if (asked && !is_gene(entry.key)) {
        letters_.add(entry.written);
      }
      if (asked && entry.key.starts_with("dstmap")) {
        visit_mappings(value, area.where());
      } else if (asked) {
        if (has_keys(value)) {
          genes_.add(with_content(entry.key, value));
        }
      } else if (is_gene(entry.key) || contains(known_of_an_area(), entry.key) ||
                 entry.key.ends_with("_before_2")) {
        genes_.add(with_content(document_.flat ? entry.key : entry.written, value));
      } else {
        unknown(area.where(), entry.written, value, nearest_gene(entry.key));
      }
    }
  }
  [[nodiscard]] static bool contains(Names names, std::string_view key) {
    return std::find(names.begin(), names.end(), key) != names.end();
  }
  [[nodiscard]] std::string_view nearest_gene(const std::string& key) const {
    static const std::vector<std::string> keys = [] {
      std::vector<std::string> all;
      for (const auto& list : {genes(), axis_genes()}) {
        for (const Gene& gene : list) {
          all.push_back(gene.key());
          all.emplace_back(gene.property);
        }
      }
      all.insert(all.end(), known_of_an_area().begin(), known_of_an_area().end());
      return all;
    }();
    static const std::vector<std::string_view> names(keys.begin(), keys.end());
    return reading_.like(key, names);
  }

  void visit_mappings(const Json& table, const std::string& where) {
    for (const auto& [destination, rules] : table.items()) {
      const std::string place = where + " -> " + destination;
      if (rules.is_object()) {
        visit_all(rules, place, known_in_a_rule(), rules_);
      }
      for (const Json& rule : rules) {
        if (rules.is_array() && rule.is_object()) {
          visit_all(rule, place, known_in_a_rule(), rules_);
        }
      }
    }
  }

  void visit_morphology(const std::string& name, const Json& definition) {
    const bool used = reading_.asked.contains(&definition);
    if (!used) {
      unused_.add(name);
    }
    if (!definition.is_object()) {
      return;
    }
    // of an unused one only unknown keys are told, it has no effect as a whole
    Tally known;
    Tally& without_effect = used ? definitions_ : known;
    const std::string where = "morphology " + name;
    for (const auto& [key, value] : definition.items()) {
      if (key == "parameters" && value.is_object()) {
        visit_all(value, where, known_in_a_morphology(), without_effect);
      } else {
        visit(value, key, where, known_in_a_morphology(), without_effect);
      }
    }
  }

  const Document& document_;
  Reading& reading_;
  Tally genes_, letters_, rules_, definitions_, unused_, rest_;
};

}  // namespace

void report_unread(const Document& document, Reading& reading) {
  UnreadKeys(document, reading).report();
}

}  // namespace rheobase::genome
