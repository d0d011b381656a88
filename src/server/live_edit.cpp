// SPDX-License-Identifier: Apache-2.0
#include "server/live_edit.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/base64.h"
#include "rheobase/error.h"
#include "rheobase/genome.h"

namespace rheobase::server {
namespace {

constexpr std::string_view kMappings = "cx-dstmap-d";
constexpr std::string_view kPsp = "nx-pstcr_-f";

/// Genes that are parameters of neurons.
constexpr std::array<std::string_view, 14> kParameters{
    "nx-fire_t-f", "nx-fthlim-f", "nx-ftincx-f", "nx-ftincy-f", "nx-ftincz-f",
    "nx-leak_c-f", "nx-refrac-i", "nx-excite-f", "nx-c_fr_c-i", "nx-snooze-i",
    "nx-mp_acc-b", "nx-mp_psp-b", "cx-pspuni-b", kPsp};
/// Genes that neither neurons nor synapses know of.
constexpr std::array<std::string_view, 11> kSilent{
    "cx-__name-t", "cx-subgrp-t", "cx-gd_vis-b", "cx-snhold-b", "cx-devcnt-i", "cx-rcordx-i",
    "cx-rcordy-i", "cx-rcordz-i", "cx-2dcorx-i", "cx-2dcory-i", "cx-brsten-b"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& list, std::string_view gene) {
  return std::find(list.begin(), list.end(), gene) != list.end();
}

const Json& gene_of(const GenomeArea& area, const std::string& gene) {
  static const Json kNone;
  const auto it = area.genes.find(gene);
  return it == area.genes.end() ? kNone : *it;
}

struct Differences {
  bool parameters = false, psp = false, others = false;
};

Differences differences_of(const GenomeArea& before, const GenomeArea& after) {
  Differences found;
  if (before.genes == after.genes) {
    return found;
  }
  const auto look = [&](const GenomeArea& at) {
    for (const auto& [gene, value] : at.genes.items()) {
      if (gene == kMappings || gene_of(before, gene) == gene_of(after, gene) ||
          is_one_of(kSilent, gene)) {
        continue;
      }
      found.psp = found.psp || gene == kPsp;
      found.parameters = found.parameters || is_one_of(kParameters, gene);
      found.others = found.others || !is_one_of(kParameters, gene);
    }
  };
  look(before);
  look(after);
  return found;
}

/// An area as `network` has it; null if it has none of that id that is alive.
const Area* area_in(const Network& network, const std::string& id) {
  const auto it =
      std::find_if(network.areas().rbegin(), network.areas().rend(), [&](const Area& area) {
        return area.spec.file_id == id && area.count != 0 && network.alive(area.first);
      });
  return it == network.areas().rend() ? nullptr : &*it;
}

class LiveEdit {
 public:
  LiveEdit(const Document& before, const Document& after, const Network& network,
           const LoadOptions& options)
      : before_(before), after_(after), network_(network), options_(options) {}

  std::optional<NetworkEdit> find() {
    if (!areas_fit() || !morphologies_fit()) {
      return std::nullopt;
    }
    for (const GenomeArea* area : added_) {
      add_area(*area);
    }
    for (const GenomeArea& area : after_.areas()) {
      const GenomeArea* former = before_.find(area.id);
      if (former != nullptr && !set_parameters(*former, area)) {
        return std::nullopt;
      }
    }
    for (const GenomeArea& area : after_.areas()) {
      if (!set_mappings(area)) {
        return std::nullopt;
      }
    }
    return std::move(edit_);
  }

 private:
  /// All areas of before are there in their order, and new ones come behind them.
  bool areas_fit() {
    const std::size_t known = before_.areas().size();
    if (after_.areas().size() < known) {
      return false;
    }
    for (std::size_t i = 0; i < after_.areas().size(); ++i) {
      const GenomeArea& area = after_.areas()[i];
      if (i >= known) {
        if (before_.find(area.id) != nullptr || area.kind() == '_') {
          return false;
        }
        added_.push_back(&area);
      } else if (before_.areas()[i].id != area.id || area_in(network_, area.id) == nullptr ||
                 differences_of(before_.areas()[i], area).others) {
        return false;
      }
    }
    return true;
  }

  /// Other definitions than before are used by no mapping.
  bool morphologies_fit() const {
    if (before_.morphologies() == after_.morphologies()) {
      return true;
    }
    for (const GenomeArea& area : before_.areas()) {
      if (!area.mappings().empty()) {
        return false;
      }
    }
    return true;
  }

  [[nodiscard]] Network grown(std::vector<GenomeArea> areas, std::uint64_t seed_step = 0) const {
    LoadOptions options = options_;
    options.wiring_seed += seed_step;
    return load_text(after_.excerpt(std::move(areas)).text(), "the genome", options).network;
  }

  void add_area(const GenomeArea& area) {
    GenomeArea alone = area;
    alone.mappings() = Json::object();
    const Network part = grown({alone});
    const Area& made = part.area(area.id);
    edit_.add_area(made.spec);
    added_first_[area.id] = next_;
    next_ += made.count;
  }

  /// \return false if it does not come to an edit.
  bool set_parameters(const GenomeArea& former, const GenomeArea& area) {
    const Differences differences = differences_of(former, area);
    if (!differences.parameters) {
      return true;
    }
    // a mapping of one synapse shows the PSP that the loader makes of the gene
    GenomeArea alone = area;
    const std::string power = base64_of("___power");
    alone.mappings() = Json::object();
    alone.mappings()[power] =
        Json::array({Json{{"morphology_id", "block_to_block"}, {"plasticity_flag", false}}});
    const Network part = grown({alone});
    const Area& now = part.area(area.id);
    const Area& running = *area_in(network_, area.id);
    if (now.count != running.count) {
      return false;
    }
    for (std::uint32_t i = 0; i < now.count;) {
      const NeuronParams params = part.params(now.first + i);
      std::uint32_t end = i + 1;
      while (end < now.count && part.params(now.first + end) == params) {
        ++end;
      }
      edit_.set_params(running.first + i, end - i, params);
      i = end;
    }
    if (gene_of(former, "cx-pspuni-b") != gene_of(area, "cx-pspuni-b") ||
        gene_of(former, "nx-mp_psp-b") != gene_of(area, "nx-mp_psp-b")) {
      edit_.set_psp_mode(running.first, running.count, now.spec.psp);
    }
    if (differences.psp) {
      const std::vector<Synapse> shown = part.outgoing(now.first);
      if (shown.empty()) {
        return false;
      }
      edit_.set_psp(running.first, running.count, shown.front().psp);
    }
    return true;
  }

  /// Mappings of an area that differ, or that find their destination only now.
  bool set_mappings(const GenomeArea& area) {
    const GenomeArea* former = before_.find(area.id);
    const auto added = [&](const std::string& id) { return added_first_.count(id) != 0; };
    if (former != nullptr) {
      for (const auto& [destination, rules] : former->mappings().items()) {
        if (!area.mappings().contains(destination) || area.mappings()[destination] != rules) {
          remove_mapping(area.id, destination);
        }
      }
    }
    for (const auto& [destination, rules] : area.mappings().items()) {
      const bool known = former != nullptr && former->mappings().contains(destination) &&
                         former->mappings()[destination] == rules;
      if (after_.find(destination) != nullptr && (!known || added(destination)) &&
          !add_mapping(area, destination, rules)) {
        return false;
      }
    }
    return true;
  }

  void remove_mapping(const std::string& source, const std::string& destination) {
    const Area* from = area_in(network_, source);
    const Area* to = area_in(network_, destination);
    if (to == nullptr) {  // it grew nothing
      return;
    }
    for (NeuronId id = from->first; id - from->first < from->count; ++id) {
      for (const Synapse& synapse : network_.outgoing(id)) {
        if (synapse.post - to->first < to->count) {
          edit_.remove_synapse(synapse.pre, synapse.post);
        }
      }
    }
  }

  bool add_mapping(const GenomeArea& area, const std::string& destination, const Json& rules) {
    std::vector<GenomeArea> ends{area};
    ends[0].mappings() = Json::object();
    ends[0].mappings()[destination] = rules;
    if (destination != area.id) {
      ends.push_back(*after_.find(destination));
      ends[1].mappings() = Json::object();
    }
    const Network part = grown(ends);
    const Network other = grown(ends, 1);
    const Area& from = part.area(area.id);
    const Area& to = part.area(destination);
    const NeuronId first_pre = first_of(area.id);
    const NeuronId first_post = first_of(destination);
    for (NeuronId id = from.first; id - from.first < from.count; ++id) {
      const std::vector<Synapse> row = part.outgoing(id);
      if (row != other.outgoing(id)) {
        return false;  // a rule that draws
      }
      for (Synapse synapse : row) {
        synapse.pre += first_pre - from.first;
        synapse.post += first_post - to.first;
        edit_.add_synapse(synapse);
      }
    }
    return true;
  }

  [[nodiscard]] NeuronId first_of(const std::string& id) const {
    const auto it = added_first_.find(id);
    return it != added_first_.end() ? it->second : area_in(network_, id)->first;
  }

  const Document& before_;
  const Document& after_;
  const Network& network_;
  const LoadOptions& options_;
  std::vector<const GenomeArea*> added_;
  std::map<std::string, NeuronId> added_first_;  ///< new areas: their first neurons
  NeuronId next_ = network_.neuron_count();
  NetworkEdit edit_;
};

}  // namespace

std::optional<NetworkEdit> live_edit(const Document& before, const Document& after,
                                     const Network& network, const LoadOptions& options) {
  return LiveEdit(before, after, network, options).find();
}

}  // namespace rheobase::server
