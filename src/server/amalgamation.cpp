// SPDX-License-Identifier: Apache-2.0
#include "server/amalgamation.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "rheobase/text.h"
#include "server/area_ids.h"

namespace rheobase::server {
namespace {

bool travels(const GenomeArea& area) { return area.kind() == 'c' || area.kind() == 'm'; }

void require_region(const Document& document, const std::string& region) {
  if (!document.regions().contains(region)) {
    throw NoSuch("brain region " + quoted_name(region) + " does not exist.");
  }
}

Place least_corner(const Document& circuit) {
  constexpr std::int64_t kFar = std::numeric_limits<std::int64_t>::max();
  Place least{kFar, kFar, kFar};
  for (const GenomeArea& area : circuit.areas()) {
    for (std::size_t axis = 0; travels(area) && axis < 3; ++axis) {
      least[axis] = std::min(least[axis], area.place()[axis]);
    }
  }
  return least;
}

class Amalgamation {
 public:
  Amalgamation(Document& brain, const Document& circuit, const Destination& to)
      : brain_(brain), circuit_(circuit), to_(to) {}

  Amalgamated run() {
    require_region(brain_, to_.parent);
    add_region();
    add_areas();
    for (const GenomeArea& area : circuit_.areas()) {
      add_mappings(area);
    }
    return done_;
  }

 private:
  void add_region() {
    const std::string made = brain_.add_region(to_.title, to_.parent);
    Json region = brain_.regions()[made];
    brain_.regions().erase(made);
    region["region_id"] = to_.region;
    region["coordinate_3d"] = {to_.origin[0], to_.origin[1], to_.origin[2]};
    brain_.regions()[to_.region] = std::move(region);
  }

  void add_areas() {
    const Place least = least_corner(circuit_);
    for (const GenomeArea& area : circuit_.areas()) {
      if (!travels(area)) {
        continue;
      }
      GenomeArea copy = area;
      copy.id = free_id(brain_, area.kind(), area.name());
      copy.genes["cx-__name-t"] = free_name(brain_, area.name());
      copy.mappings() = Json::object();
      Place place = area.place();
      for (std::size_t axis = 0; axis < 3; ++axis) {
        place[axis] += to_.origin[axis] - least[axis];
      }
      copy.set_place(place);
      ids_[area.id] = copy.id;
      brain_.areas().push_back(copy);
      brain_.move_to_region(copy.id, to_.region);
      ++done_.areas;
    }
  }

  /// Its id in the brain; empty if it is none of a mapping that is taken over.
  [[nodiscard]] std::string id_of(const std::string& id) const {
    const auto it = ids_.find(id);
    if (it != ids_.end()) {
      return it->second;
    }
    return to_.rewire && brain_.find(id) != nullptr && !travels(*brain_.find(id)) ? id
                                                                                  : std::string();
  }

  void add_mappings(const GenomeArea& area) {
    for (const auto& [destination, rules] : area.mappings().items()) {
      if (ids_.count(area.id) == 0 && ids_.count(destination) == 0) {
        continue;  // between areas that stay where they are
      }
      const std::string from = id_of(area.id);
      const std::string to = id_of(destination);
      if (from.empty() || to.empty()) {
        ++done_.mappings_skipped;
        continue;
      }
      take_morphologies(rules);
      brain_.area(from).mappings()[to] = rules;
      ++done_.mappings;
    }
  }

  void take_morphologies(const Json& rules) {
    for (const Json& rule : rules) {
      const bool named =
          rule.is_object() && rule.contains("morphology_id") && rule["morphology_id"].is_string();
      if (named) {
        take_morphology(rule["morphology_id"].get<std::string>());
      }
    }
  }

  void take_morphology(const std::string& name) {
    if (!circuit_.morphologies().contains(name) || !seen_.insert(name).second) {
      return;
    }
    if (brain_.morphologies().contains(name)) {
      ++done_.morphologies_known;
      return;
    }
    const Json& definition = circuit_.morphologies()[name];
    brain_.morphologies()[name] = definition;
    ++done_.morphologies;
    // one that is composed of others brings them along
    if (definition.is_object() && definition.contains("parameters") &&
        definition["parameters"].is_object() &&
        definition["parameters"].contains("mapper_morphology") &&
        definition["parameters"]["mapper_morphology"].is_string()) {
      take_morphology(definition["parameters"]["mapper_morphology"].get<std::string>());
    }
  }

  Document& brain_;
  const Document& circuit_;
  const Destination& to_;
  std::map<std::string, std::string> ids_;  ///< in the circuit -> in the brain
  std::set<std::string> seen_;
  Amalgamated done_;
};

}  // namespace

Document circuit_of_region(const Document& document, const std::string& region) {
  require_region(document, region);
  std::vector<std::string> regions{region};
  for (std::size_t i = 0; i < regions.size(); ++i) {
    for (const auto& [other, value] : document.regions().items()) {
      if (value.is_object() && Document::parent_of(value) == regions[i] &&
          std::find(regions.begin(), regions.end(), other) == regions.end()) {
        regions.push_back(other);
      }
    }
  }
  std::vector<GenomeArea> areas;
  for (const GenomeArea& area : document.areas()) {
    const std::string home = document.region_of(area.id);
    if (travels(area) && std::find(regions.begin(), regions.end(), home) != regions.end()) {
      areas.push_back(area);
    }
  }
  for (GenomeArea& area : areas) {
    Json inner = Json::object();
    for (const auto& [destination, rules] : area.mappings().items()) {
      const std::string& id = destination;
      if (std::any_of(areas.begin(), areas.end(),
                      [&](const GenomeArea& other) { return other.id == id; })) {
        inner[destination] = rules;
      }
    }
    area.mappings() = std::move(inner);
  }
  return document.excerpt(std::move(areas));
}

Place size_of_circuit(const Document& circuit) {
  const Place least = least_corner(circuit);
  Place size{1, 1, 1};
  for (const GenomeArea& area : circuit.areas()) {
    for (std::size_t axis = 0; travels(area) && axis < 3; ++axis) {
      size[axis] = std::max(size[axis], area.place()[axis] + area.size()[axis] - least[axis]);
    }
  }
  return size;
}

Amalgamated amalgamate(Document& brain, const Document& circuit, const Destination& to) {
  return Amalgamation(brain, circuit, to).run();
}

}  // namespace rheobase::server
