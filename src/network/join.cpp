// SPDX-License-Identifier: Apache-2.0
#include "network/join.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <unordered_map>

#include "network/block_writer.h"
#include "network/bounds.h"
#include "network/charge_bounds.h"
#include "network/model_areas.h"
#include "network/network_hash.h"
#include "network/neuron_classes.h"
#include "network/neuron_values.h"
#include "network/row_assembler.h"
#include "network/synapse_kinds.h"
#include "platform/arena.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {

using NetworkPointer = std::shared_ptr<const NetworkData>;

namespace {

constexpr std::uint64_t kMostNeurons = 0xFFFFFFFEU;

void require_ids(std::uint64_t neurons) {
  if (neurons > kMostNeurons) {
    throw Error(ErrorCode::out_of_range, "the networks to be joined have " + number_text(neurons) +
                                             " neurons (at most 2^32 - 2). Join fewer.");
  }
}

/// What all members must have in common with the first. \throws Error invalid_argument.
void require_equal(const NetworkData& first, const NetworkData& other, std::size_t number) {
  const auto refuse = [&](const std::string& what, const std::string& a, const std::string& b,
                          const std::string& hint) {
    throw Error(ErrorCode::invalid_argument, "networks 0 and " + number_text(number) +
                                                 " cannot be joined (" + what + " differs: " + a +
                                                 " and " + b + "). " + hint);
  };
  if (first.dt_ms != other.dt_ms) {
    refuse("the time step", number_text(first.dt_ms) + " ms", number_text(other.dt_ms) + " ms",
           "Build them with one dt.");
  }
  if (!(first.rules == other.rules)) {
    refuse("the rule word", number_text(first.step_rules), number_text(other.step_rules),
           "Load or build them with the same semantics.");
  }
  if (first.charge.quantum_bits != other.charge.quantum_bits) {
    refuse("the quantum of charge", "2^-" + number_text(first.charge.quantum_bits),
           "2^-" + number_text(other.charge.quantum_bits),
           "Build them with the same quantum_bits.");
  }
}

/// Copies rows to the end of a network, block by block, with other ids and kinds.
class RowCopier {
 public:
  /// The block size of `network` must be set.
  explicit RowCopier(NetworkData& network)
      : network_(network), arena_(std::make_shared<platform::Arena>()) {}

  /// Rows of neurons first .. first + count - 1 of `from`: targets move by `offset` (modulo 2^32),
  /// the codes of kinds become codes[number].
  void copy(const NetworkData& from, NeuronId first, std::uint32_t count, std::uint32_t offset,
            const std::vector<std::uint32_t>& codes) {
    for (NeuronId id = first; id - first < count; ++id) {
      from.for_each_synapse(id, [&](std::uint32_t post, std::uint32_t code, std::uint32_t delay) {
        block_.add(post + offset, is_kind(code) ? codes[kind_number(code)] : code, delay);
      });
      block_.end_row();
      if (block_.rows() >> network_.block_shift != 0) {
        close();
      }
    }
  }
  void finish() {
    if (block_.rows() != 0) {
      close();
    }
    find_delays(network_);
  }

 private:
  void close() {
    auto block = block_.finish(arena_);
    count_block(network_, *block, true);
    network_.blocks.edit().push_back(std::move(block));
  }

  NetworkData& network_;
  std::shared_ptr<platform::Arena> arena_;
  BlockWriter block_;
};

std::vector<NetworkPointer> flattened(const std::vector<Network>& networks) {
  std::vector<NetworkPointer> list;
  for (const Network& network : networks) {
    if (network.members().empty()) {
      list.push_back(network.data());
    }
    for (const Member& member : network.members()) {
      list.push_back(member.data);
    }
  }
  return list;
}

/// Numbers in `joined` of the classes of a member, and codes of its kinds.
struct Numbers {
  std::vector<std::uint32_t> classes, codes;
};

Numbers adopt(const NetworkData& member, ClassTable& classes, KindTable& kinds) {
  Numbers numbers;
  for (std::size_t c = 0; c < member.classes.size(); ++c) {
    const std::uint32_t flags = member.classes[c].flags;
    numbers.classes.push_back(classes.find_or_add(member.class_params[c], psp_mode_of(flags),
                                                  (flags & model::kDead) == 0U));
  }
  for (const SynapseKind& kind : member.kinds) {
    numbers.codes.push_back(kinds.code_of({kind.weight, kind.psp, kind.divisor, is_driven(kind)}));
  }
  return numbers;
}

template <class T>
void append(SharedVector<T>& to, const SharedVector<T>& from) {
  to.edit().insert(to.edit().end(), from.begin(), from.end());
}

/// Areas and drives of member `number` behind those of the members before.
void append_member(NetworkData& joined, const NetworkPointer& member, std::size_t number) {
  const auto first = static_cast<NeuronId>(joined.class_of.size());
  joined.members.push_back({first, member->neuron_count, static_cast<AreaId>(joined.areas.size()),
                            static_cast<std::uint32_t>(member->areas.size()), member});
  for (ModelArea model : member->model_areas) {
    model.area += joined.members.back().first_area;
    model.first += first;
    joined.model_areas.push_back(std::move(model));
  }
  for (LearningProjection p : member->projections) {
    p.pre_area += joined.members.back().first_area;
    p.post_area += joined.members.back().first_area;
    p.pre_first += first;
    p.post_first += first;
    joined.projections.push_back(std::move(p));
  }
  joined.least_queues = std::max(joined.least_queues, member->least_queues);
  for (Area area : member->areas) {
    area.first += first;
    area.spec.name = number_text(number) + "/" + area.spec.name;
    joined.areas.edit().push_back(std::move(area));
  }
  for (Drive drive : member->drives) {
    drive.first = first + (drive.count != 0 ? drive.first : 0U);
    joined.drives.push_back(drive);
  }
}

}  // namespace

Network join(const std::vector<Network>& networks) {
  const std::vector<NetworkPointer> members = flattened(networks);
  if (members.empty()) {
    throw Error(ErrorCode::invalid_argument, "no networks to join. Give at least one.");
  }
  std::uint64_t neurons = 0;
  std::uint64_t synapses = 0;
  for (std::size_t i = 0; i < members.size(); ++i) {
    require_equal(*members[0], *members[i], i);
    neurons += members[i]->neuron_count;
    synapses += members[i]->synapse_count;
  }
  require_ids(neurons);
  require_network_memory(neurons, synapses, neurons <= kCompactPost);

  auto joined = std::make_shared<NetworkData>();
  joined->dt_ms = members[0]->dt_ms;
  joined->wiring_seed = members[0]->wiring_seed;
  joined->rules = members[0]->rules;
  joined->step_rules = members[0]->step_rules;
  joined->counts_candidates = members[0]->counts_candidates;
  joined->charge.quantum_bits = members[0]->charge.quantum_bits;
  joined->neuron_count = static_cast<std::uint32_t>(neurons);
  joined->block_shift = choose_block_shift(synapses, neurons);
  ClassTable classes(*joined);
  KindTable kinds(*joined);
  RowCopier rows(*joined);
  std::uint32_t first_target = 0;                         // of the member at hand
  std::unordered_map<const NetworkData*, Numbers> known;  // copies need be looked at once
  for (std::size_t i = 0; i < members.size(); ++i) {
    const NetworkPointer& member = members[i];
    auto place = known.find(member.get());
    if (place == known.end()) {
      place = known.emplace(member.get(), adopt(*member, classes, kinds)).first;
    }
    append_member(*joined, member, i);
    std::vector<std::uint32_t>& class_of = joined->class_of.edit();
    for (const std::uint32_t c : member->class_of) {
      class_of.push_back(place->second.classes[c]);
    }
    rows.copy(*member, 0, member->neuron_count, first_target, place->second.codes);
    first_target += member->target_count;
    if (!member->first_potentials.empty()) {
      joined->first_potentials.edit().resize(joined->members.back().first, 0.0F);
      append(joined->first_potentials, member->first_potentials);
    }
    append(joined->in_charge, member->in_charge);
    append(joined->in_degree, member->in_degree);
  }
  rows.finish();
  count_targets(*joined);
  find_class_runs(*joined);
  ChargeBounds(*joined).finish();
  return Network(joined);
}

Network copies(const Network& network, std::uint32_t count) {
  require_ids(std::uint64_t{network.neuron_count()} * count);
  return join(std::vector<Network>(count, network));
}

NetworkPointer take_member(const NetworkData& joined, std::size_t i) {
  const Member& member = joined.members[i];
  auto alone = std::make_shared<NetworkData>();
  alone->dt_ms = joined.dt_ms;
  alone->wiring_seed = member.data != nullptr ? member.data->wiring_seed : joined.wiring_seed;
  alone->rules = joined.rules;
  alone->step_rules = joined.step_rules;
  alone->counts_candidates = joined.counts_candidates;
  alone->charge.quantum_bits = joined.charge.quantum_bits;
  alone->block_shift = joined.block_shift;
  alone->class_params = joined.class_params;  // tables are shared
  alone->classes = joined.classes;
  alone->kinds = joined.kinds;
  alone->neuron_count = member.count;
  const auto slice = [&](auto& to, const auto& from, std::uint32_t first, std::uint32_t count) {
    to.edit().assign(from.begin() + first, from.begin() + first + count);
  };
  slice(alone->class_of, joined.class_of, member.first, member.count);
  const std::size_t known = joined.first_potentials.size();
  if (known > member.first) {
    const std::size_t count = std::min<std::size_t>(known - member.first, member.count);
    slice(alone->first_potentials, joined.first_potentials, member.first,
          static_cast<std::uint32_t>(count));
    trim_first_potentials(alone->first_potentials.edit());
  }
  for (ModelArea model : joined.model_areas) {
    if (model.first - member.first < member.count) {
      model.area -= member.first_area;
      model.first -= member.first;
      alone->model_areas.push_back(std::move(model));
    }
  }
  for (LearningProjection p : joined.projections) {
    if (p.pre_first - member.first < member.count) {
      p.pre_area -= member.first_area;
      p.post_area -= member.first_area;
      p.pre_first -= member.first;
      p.post_first -= member.first;
      alone->least_queues = std::max(alone->least_queues, p.queues());
      alone->projections.push_back(std::move(p));
    }
  }
  count_targets(*alone);
  const std::uint32_t first_target = joined.target_of(member.first);
  slice(alone->in_charge, joined.in_charge, first_target, alone->target_count);
  slice(alone->in_degree, joined.in_degree, first_target, alone->target_count);
  slice(alone->areas, joined.areas, member.first_area, member.area_count);
  for (Area& area : alone->areas.edit()) {
    area.first -= member.first;
    area.spec.name.erase(0, area.spec.name.find('/') + 1);
  }
  for (Drive drive : joined.drives) {
    if (drive.first - member.first < member.count) {
      drive.first -= member.first;
      alone->drives.push_back(drive);
    }
  }
  std::vector<std::uint32_t> same(joined.kinds.size());
  std::iota(same.begin(), same.end(), kFirstKind);
  RowCopier rows(*alone);
  rows.copy(joined, member.first, member.count, 0U - first_target, same);
  rows.finish();
  find_class_runs(*alone);
  ChargeBounds(*alone).finish();
  return alone;
}

void take_members(NetworkData& joined) {
  std::unordered_map<std::string, NetworkPointer> known;
  for (std::size_t i = 0; i < joined.members.size(); ++i) {
    NetworkPointer alone = take_member(joined, i);
    std::string key = number_text(network_hash(*alone));
    for (const Area& area : alone->areas) {
      for (const std::string& text : {area.spec.name, area.spec.file_id, area.spec.role}) {
        key += '\n' + text;
      }
    }
    joined.members[i].data = known.emplace(std::move(key), alone).first->second;
  }
}

std::vector<NeuronId> NetworkData::member_firsts() const {
  std::vector<NeuronId> firsts;
  for (const Member& member : members) {
    firsts.push_back(member.first);
  }
  return firsts.empty() ? std::vector<NeuronId>{0} : firsts;
}

std::size_t NetworkData::member_of(NeuronId id) const {
  const auto after =
      std::upper_bound(members.begin(), members.end(), id,
                       [](NeuronId n, const Member& member) { return n < member.first; });
  return static_cast<std::size_t>(after - members.begin() - 1);
}

}  // namespace rheobase
