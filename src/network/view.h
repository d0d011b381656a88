// SPDX-License-Identifier: Apache-2.0
/// \file
/// The data of a network as backends see it. Nothing here changes once built.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "definition/definition.h"
#include "definition/synapse_definition.h"
#include "model/drive.h"
#include "model/fixed_point.h"
#include "model/float_ops.h"
#include "model/neuron_class.h"
#include "network/shared_vector.h"
#include "platform/arena.h"
#include "rheobase/network.h"

namespace rheobase {

/// What synapses may have in common.
struct SynapseKind {
  float weight = 0.0F, psp = 0.0F;
  std::uint32_t divisor = 1;  ///< synapses of the source, where PSP is divided
  std::int64_t charge = 0;    ///< quanta per spike; 0 for potential-driven sources
  /// |weight| = numerator * 2^-shift, for potential-driven sources
  std::uint32_t weight_numerator = 0, weight_shift = 0;
};

/// Whether its charge is made from the potential at firing. One of weight 0 need not tell.
[[nodiscard]] inline bool is_driven(const SynapseKind& kind) {
  return kind.charge == 0 && kind.weight_numerator != 0;
}

/// A synapse is a post-synaptic target and a code; its delay is that of the part of the row in
/// which it stands. From kFirstKind on, a code is the number of a kind; below it, where the bits of
/// all numbers lie, it is a weight of its own, with a PSP of 1 that is neither divided nor driven.
inline constexpr std::uint32_t kFirstKind = 0xFF800000U;
inline constexpr std::uint32_t kMostKinds = ~kFirstKind;  ///< ~0 is no code
[[nodiscard]] inline bool is_kind(std::uint32_t code) { return code >= kFirstKind; }
[[nodiscard]] inline std::uint32_t kind_number(std::uint32_t code) { return code - kFirstKind; }
[[nodiscard]] inline std::uint32_t code_of_kind(std::uint32_t number) {
  return kFirstKind + number;
}

/// A compact synapse: 24 bits of target, 8 bits of the number of a kind.
inline constexpr std::uint32_t kCompactKindShift = 24;
inline constexpr std::uint32_t kCompactPost = (1U << kCompactKindShift) - 1U;
inline constexpr std::uint32_t kCompactKinds = 256;
[[nodiscard]] inline std::uint32_t post_of(std::uint32_t synapse) { return synapse & kCompactPost; }
[[nodiscard]] inline std::uint32_t kind_of(std::uint32_t synapse) {
  return synapse >> kCompactKindShift;
}
[[nodiscard]] inline std::uint32_t code_of(std::uint32_t synapse) {
  return code_of_kind(kind_of(synapse));
}
/// Whether a synapse with this target and code can be compact.
[[nodiscard]] inline bool is_narrow(std::uint32_t post, std::uint32_t code) {
  return post <= kCompactPost && code >= kFirstKind && code < kFirstKind + kCompactKinds;
}
[[nodiscard]] inline std::uint32_t compact_synapse(std::uint32_t post, std::uint32_t code) {
  return post | (code << kCompactKindShift);  // the first kind ends in zeros
}

/// A wide synapse: 32 bits of target, 32 bits of code.
[[nodiscard]] inline std::uint32_t post_of(std::uint64_t synapse) {
  return static_cast<std::uint32_t>(synapse);
}
[[nodiscard]] inline std::uint32_t code_of(std::uint64_t synapse) {
  return static_cast<std::uint32_t>(synapse >> 32U);
}
[[nodiscard]] inline std::uint64_t wide_synapse(std::uint32_t post, std::uint32_t code) {
  return post | (std::uint64_t{code} << 32U);
}

/// Rows of a few consecutive neurons: all their outgoing synapses. Edits replace whole blocks.
struct RowBlock {
  RowBlock() = default;
  /// With synapses in an arena that it shares with other blocks.
  explicit RowBlock(std::shared_ptr<platform::Arena> where)
      : arena(std::move(where)), compact(arena.get()), wide(arena.get()) {}

  /// Synapses of one row with one delay: from `begin` to the next part's begin.
  struct Part {
    std::uint32_t begin = 0;
    std::uint32_t delay = 0;
  };
  std::vector<std::uint32_t> row_parts;    ///< rows + 1 entries: first part of each row
  std::vector<Part> parts;                 ///< and one more that closes the last
  std::shared_ptr<platform::Arena> arena;  ///< outlives what lies in it
  /// One of the two is filled, by delay, then post, then creation.
  platform::ArenaVector<std::uint32_t> compact;
  platform::ArenaVector<std::uint64_t> wide;
};

/// Synapses of one neuron with one delay.
struct RowSpan {
  const std::uint32_t* compact = nullptr;
  const std::uint64_t* wide = nullptr;
  std::uint32_t count = 0;

  [[nodiscard]] std::uint32_t post(std::uint32_t i) const {
    return compact != nullptr ? post_of(compact[i]) : post_of(wide[i]);
  }
  [[nodiscard]] std::uint32_t code(std::uint32_t i) const {
    return compact != nullptr ? code_of(compact[i]) : code_of(wide[i]);
  }
};

/// Consecutive neurons of one class.
struct ClassRun {
  NeuronId first = 0;
  std::uint32_t count = 0;
  std::uint32_t neuron_class = 0;
};

/// What the step of a model reads besides states: one number for all neurons of an area, or one for
/// each.
struct ModelNumbers {
  std::vector<std::vector<float>> parameters;  ///< as many as StepProgram::parameters
  std::vector<std::vector<float>> initial;     ///< states before the first burst
  double dt_ms = 1.0;                          ///< a burst
};

/// An area whose neurons have a model.
struct ModelArea {
  AreaId area = 0;
  NeuronId first = 0;
  std::uint32_t count = 0;
  std::uint32_t ports = 1;         ///< targets of each of its neurons: its ports, at least 1
  std::uint32_t first_target = 0;  ///< of its first neuron
  std::shared_ptr<const Definition> definition;
  std::shared_ptr<const ModelNumbers> numbers;
};

/// How the synapses of a projection are laid out: rows of its sources, each by target.
struct ProjectionRows {
  static constexpr std::uint32_t kStretch = 64;

  std::vector<std::uint32_t> row_begin;      ///< for each source, and one more
  std::vector<std::uint32_t> post;           ///< of each synapse: the index within the target area
  std::vector<std::uint32_t> column_begin;   ///< for each target, and one more
  std::vector<std::uint32_t> column;         ///< synapses by target, ascending
  std::vector<std::uint32_t> stretch_owner;  ///< the source of every kStretch-th synapse

  [[nodiscard]] std::uint32_t synapses() const { return static_cast<std::uint32_t>(post.size()); }
  /// The index of its source within the area.
  [[nodiscard]] std::uint32_t pre_of(std::uint32_t synapse) const {
    std::uint32_t source = stretch_owner[synapse / kStretch];
    source += row_begin[source + 1U] <= synapse ? 1U : 0U;  // mostly enough, and no jump
    while (row_begin[source + 1U] <= synapse) {
      ++source;
    }
    return source;
  }
};

/// What the programs of a projection read besides states: one number for all of its synapses.
struct ProjectionNumbers {
  std::vector<double> values;  ///< of the parameters, as given
  std::vector<float> on_pre, on_post, pre_now, post_now, pre_spike, post_spike;
  /// Of each state before the first burst: one number for all synapses, or one for each.
  std::vector<std::vector<float>> initial;
  float lowest = 0.0F, highest = 0.0F;  ///< of the weight, and of what is sent
};

/// Synapses of one connection and delay that learn.
struct LearningProjection {
  AreaId pre_area = 0, post_area = 0;
  NeuronId pre_first = 0;
  std::uint32_t pre_count = 0;
  NeuronId post_first = 0;
  std::uint32_t post_count = 0;
  std::uint32_t delay = 1;
  std::uint32_t port = 0;
  DelayIn delay_in = DelayIn::axon;
  std::shared_ptr<const SynapseDefinition> definition;
  std::shared_ptr<const ProjectionNumbers> numbers;
  std::shared_ptr<const ProjectionRows> rows;

  // A synapse lives by the clock of arriving spikes. With the delay in the dendrite it is two
  // delays behind the target's: one to come back, and one that the source's spikes take. A spike of
  // the target and one of the source that meet there are told apart as NEST does: the target's
  // changes the synapse first, but the source's does not see it in the target's traces yet. So the
  // target's spikes change synapses a burst early, in the name of the next burst, and then count as
  // spikes.
  /// Bursts after which a spike of the target changes the synapses that end there.
  [[nodiscard]] std::uint32_t change_lag() const {
    return delay_in == DelayIn::axon ? 0U : 2U * delay - 1U;
  }
  /// The burst in whose name it does so in burst t.
  [[nodiscard]] std::uint64_t change_time(std::uint64_t t) const {
    return delay_in == DelayIn::axon ? t : t + 1U;
  }
  /// Bursts after which it counts as a spike; before the changes of the same burst, if they differ.
  [[nodiscard]] std::uint32_t spike_lag() const {
    return delay_in == DelayIn::axon ? 0U : 2U * delay;
  }
  /// Fire queues that it asks for.
  [[nodiscard]] std::uint32_t queues() const { return std::max(delay, spike_lag() + 1U); }
};

struct KindIndex;

class NetworkData {
 public:
  double dt_ms = 1.0;
  std::uint64_t wiring_seed = 1;
  Rules rules;
  std::uint32_t step_rules = 0;    ///< model::StepRule bits of `rules`
  bool counts_candidates = false;  ///< whether any rule asks who was a candidate
  SharedVector<Area> areas;
  std::uint32_t neuron_count = 0;

  // neurons: class_of[id] is an index into both tables
  SharedVector<std::uint32_t> class_of;
  SharedVector<NeuronParams> class_params;
  SharedVector<model::NeuronClass> classes;
  SharedVector<ClassRun> runs;
  /// Before the first burst, relative to rest, as far as it reaches; 0 for the neurons behind it.
  SharedVector<float> first_potentials;

  // A synapse ends at a target: a port of a neuron. Targets are numbered in the order of neurons,
  // so that without models they are the neurons.
  std::vector<ModelArea> model_areas;  ///< ascending
  std::uint32_t target_count = 0;

  // synapses: the row of a neuron is row (id & mask) of block (id >> block_shift). What is called
  // post in a row is a target.
  std::uint32_t block_shift = 0;
  SharedVector<std::shared_ptr<const RowBlock>> blocks;
  SharedVector<SynapseKind> kinds;                     ///< only ever grows
  std::shared_ptr<KindIndex> kind_index;               ///< of `kinds`; null until an edit
  std::map<std::uint32_t, std::uint64_t> delay_parts;  ///< parts of rows by delay
  std::vector<std::uint32_t> delays;                   ///< in use, ascending
  std::uint64_t synapse_count = 0;
  bool potential_driven = false;  ///< some neuron's PSP is driven by the potential
  ChargeFacts charge;
  SharedVector<std::uint64_t> in_charge;  ///< largest sum of |charge| into each target, in quanta
  SharedVector<std::uint32_t> in_degree;  ///< synapses into each target

  std::vector<LearningProjection> projections;  ///< their synapses stand in no block

  std::vector<Drive> drives;       ///< by member
  std::vector<Member> members;     ///< of a joined network, ascending; else empty
  std::uint32_t least_queues = 1;  ///< fire queues that a state holds at least

  [[nodiscard]] std::uint32_t max_delay() const {
    return std::max(least_queues, delays.empty() ? 1U : delays.back());
  }
  /// The first neurons of the members; {0} if the network was not joined.
  [[nodiscard]] std::vector<NeuronId> member_firsts() const;
  /// The member that holds the neuron, of a joined network.
  [[nodiscard]] std::size_t member_of(NeuronId id) const;
  /// From where the draws count a neuron.
  [[nodiscard]] NeuronId origin_of(NeuronId id) const {
    return members.empty() ? 0U : members[member_of(id)].first;
  }
  /// The area with a model that holds the neuron; null if it has none.
  [[nodiscard]] const ModelArea* model_of(NeuronId id) const;
  /// The first target of a neuron; of neuron_count: target_count.
  [[nodiscard]] std::uint32_t target_of(NeuronId id) const;
  [[nodiscard]] NeuronId neuron_of(std::uint32_t target) const;
  /// Which of its neuron's ports a target is.
  [[nodiscard]] std::uint32_t port_of(std::uint32_t target) const {
    return target - target_of(neuron_of(target));
  }
  [[nodiscard]] const RowBlock& block_of(NeuronId id) const { return *blocks[id >> block_shift]; }
  [[nodiscard]] std::uint32_t row_in_block(NeuronId id) const {
    return id & ((1U << block_shift) - 1U);
  }
  /// What a code stands for.
  [[nodiscard]] SynapseKind kind(std::uint32_t code) const {
    if (is_kind(code)) {
      return kinds[kind_number(code)];
    }
    const float weight = model::float_of(code);
    return {weight, 1.0F, 1, model::to_fixed(weight, charge.quantum_bits), 0, 0};
  }
  /// What a synapse of a projection ends at.
  [[nodiscard]] std::uint32_t target_in(const LearningProjection& p, std::uint32_t post) const {
    return target_of(p.post_first + post) + p.port;
  }
  /// Number of synapses that leave the neuron and do not learn.
  [[nodiscard]] std::uint32_t out_degree(NeuronId id) const {
    const RowBlock& block = block_of(id);
    const std::uint32_t row = row_in_block(id);
    return block.parts[block.row_parts[row + 1U]].begin - block.parts[block.row_parts[row]].begin;
  }
  [[nodiscard]] RowSpan span_of(const RowBlock& block, std::uint32_t part) const {
    const std::uint32_t begin = block.parts[part].begin;
    const std::uint32_t count = block.parts[part + 1U].begin - begin;
    if (!block.wide.empty()) {
      return {nullptr, block.wide.data() + begin, count};
    }
    return {block.compact.data() + begin, nullptr, count};
  }
  /// Calls visit(post, code, delay) for each synapse that leaves the neuron, in their order.
  template <class Visit>
  void for_each_synapse(NeuronId id, Visit visit) const {
    const RowBlock& block = block_of(id);
    const std::uint32_t row = row_in_block(id);
    for (std::uint32_t p = block.row_parts[row]; p < block.row_parts[row + 1U]; ++p) {
      const RowSpan span = span_of(block, p);
      for (std::uint32_t i = 0; i < span.count; ++i) {
        visit(span.post(i), span.code(i), block.parts[p].delay);
      }
    }
  }
  /// The synapses of a neuron that have this delay; empty if none.
  [[nodiscard]] RowSpan row(NeuronId id, std::uint32_t delay) const {
    const RowBlock& block = block_of(id);
    const std::uint32_t row = row_in_block(id);
    for (std::uint32_t p = block.row_parts[row]; p < block.row_parts[row + 1U]; ++p) {
      if (block.parts[p].delay == delay) {
        return span_of(block, p);
      }
    }
    return {};
  }
};

/// Those of neurons first .. first + count - 1 among ascending ids.
[[nodiscard]] inline std::span<const NeuronId> fired_within(const std::vector<NeuronId>& ids,
                                                            NeuronId first, std::uint32_t count) {
  const auto begin = std::ranges::lower_bound(ids, first);
  const auto end =
      std::partition_point(begin, ids.end(), [&](NeuronId id) { return id - first < count; });
  return {begin, end};
}

/// \throws Error invalid_argument if the rate or the amplitude is out of range.
void check_drive(const Drive& drive, double dt_ms);

/// A drive made ready, but for its seed. \throws Error invalid_argument if it does not fit the
/// network.
[[nodiscard]] model::CompiledDrive compile_drive(const Drive& drive, const NetworkData& network);

/// Run seeds: of one network, or of the members of a joined one.
struct RunSeeds {
  std::uint64_t seed = 1;              ///< of member i: seed + i …
  std::vector<std::uint64_t> members;  ///< … unless they are given
};

/// The seed of each member. \throws Error invalid_argument if they are not as many as the members.
[[nodiscard]] std::vector<std::uint64_t> member_seeds(const NetworkData& network,
                                                      const RunSeeds& seeds);

/// For each member, those of the network, then what of `extra` reaches it, with the streams that
/// follow. \throws Error invalid_argument if `seeds` are not as many as the members.
[[nodiscard]] std::vector<model::CompiledDrive> compile_drives(const NetworkData& network,
                                                               const std::vector<Drive>& extra,
                                                               const RunSeeds& seeds);

}  // namespace rheobase
