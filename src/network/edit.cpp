// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "network/canonical.h"
#include "network/neuron_classes.h"
#include "network/row_assembler.h"
#include "network/synapse_kinds.h"
#include "network/view.h"
#include "rheobase/error.h"

namespace rheobase {

void NetworkEdit::set_params(NeuronId id, const NeuronParams& params) { set_params(id, 1, params); }
void NetworkEdit::set_params(NeuronId first, std::uint32_t count, const NeuronParams& params) {
  operations_.push_back({Operation::Kind::set_params, params, {}, first, count});
}
void NetworkEdit::set_psp(NeuronId first, std::uint32_t count, float psp) {
  operations_.push_back({Operation::Kind::set_psp, {}, {0, 0, 0.0F, psp, 1}, first, count});
}
void NetworkEdit::add_synapse(const Synapse& synapse) {
  operations_.push_back({Operation::Kind::add_synapse, {}, synapse, synapse.pre, 1});
}
void NetworkEdit::remove_synapse(NeuronId pre, NeuronId post) {
  operations_.push_back({Operation::Kind::remove_synapse, {}, {pre, post, 0.0F, 0.0F, 1}, pre, 1});
}
void NetworkEdit::set_weight(NeuronId pre, NeuronId post, float weight) {
  operations_.push_back({Operation::Kind::set_weight, {}, {pre, post, weight, 0.0F, 1}, pre, 1});
}
void NetworkEdit::delete_neuron(NeuronId id) {
  operations_.push_back({Operation::Kind::delete_neuron, {}, {}, id, 1});
}

namespace {

/// Applies operations to rows taken out of the network, then rewrites the blocks that were touched.
class Editor {
 public:
  explicit Editor(const Network& network)
      : before_(network),
        after_(std::make_shared<NetworkData>(*network.data())),
        classes_(*after_) {}

  void apply(const NetworkEdit::Operation& op) {
    using Kind = NetworkEdit::Operation::Kind;
    if (std::uint64_t{op.first} + op.count > after_->neuron_count ||
        (op.kind == Kind::add_synapse && op.synapse.post >= after_->neuron_count)) {
      const std::uint64_t last = std::uint64_t{op.first} + std::max(op.count, 1U) - 1U;
      throw Error(ErrorCode::invalid_argument,
                  "an edit names neuron " +
                      std::to_string(std::max<std::uint64_t>(last, op.synapse.post)) +
                      " (the network has " + std::to_string(after_->neuron_count) + ").");
    }
    switch (op.kind) {
      case Kind::set_params: set_params(op); break;
      case Kind::set_psp: set_psp(op); break;
      case Kind::add_synapse: add_synapse(op.synapse); break;
      case Kind::remove_synapse: row_of(op.first).erase(find(op.synapse)); break;
      case Kind::set_weight:
        find(op.synapse)->weight = canonical_number(op.synapse.weight, "weight");
        break;
      case Kind::delete_neuron: delete_neuron(op.first); break;
    }
  }

  Network finish() {
    check_quantum();
    rewrite_blocks();
    count_synapses(*after_);
    find_class_runs(*after_);
    bound_charges(*after_);
    return Network(after_);
  }

 private:
  using Row = std::vector<Synapse>;

  Row& row_of(NeuronId id) {
    const auto [place, added] = rows_.try_emplace(id);
    if (added) {
      place->second = before_.outgoing(id);
    }
    return place->second;
  }

  Row::iterator find(const Synapse& wanted) {
    Row& row = row_of(wanted.pre);
    const auto found = std::find_if(row.begin(), row.end(),
                                    [&](const Synapse& s) { return s.post == wanted.post; });
    if (found == row.end()) {
      throw Error(ErrorCode::invalid_argument, "there is no synapse from neuron " +
                                                   std::to_string(wanted.pre) + " to neuron " +
                                                   std::to_string(wanted.post) + ".");
    }
    return found;
  }

  void set_params(const NetworkEdit::Operation& op) {
    const NeuronParams params = canonical_params(op.params, "neuron " + std::to_string(op.first));
    for (NeuronId id = op.first; id - op.first < op.count; ++id) {
      const std::uint32_t flags = after_->classes[after_->class_of[id]].flags;
      after_->class_of[id] =
          classes_.find_or_add(params, psp_mode_of(flags), (flags & model::kDead) == 0U);
    }
  }

  void set_psp(const NetworkEdit::Operation& op) {
    const float psp = canonical_number(op.synapse.psp, "psp");
    for (NeuronId id = op.first; id - op.first < op.count; ++id) {
      for (Synapse& s : row_of(id)) {
        s.psp = psp;
      }
    }
  }

  void add_synapse(const Synapse& s) {
    const SynapseSpec spec =
        canonical_synapse({s.weight, s.psp, s.delay},
                          "synapse " + std::to_string(s.pre) + " -> " + std::to_string(s.post));
    Row& row = row_of(s.pre);
    const auto place = std::find_if(row.begin(), row.end(), [&](const Synapse& other) {
      return other.delay != s.delay ? other.delay > s.delay : other.post > s.post;
    });
    row.insert(place, {s.pre, s.post, spec.weight, spec.psp, spec.delay});
  }

  void delete_neuron(NeuronId id) {
    const std::uint32_t flags = after_->classes[after_->class_of[id]].flags;
    after_->class_of[id] =
        classes_.find_or_add(after_->class_params[after_->class_of[id]], psp_mode_of(flags), false);
    row_of(id).clear();
    // the rows that reach it
    for (NeuronId pre = 0; pre < after_->neuron_count; ++pre) {
      const auto cached = rows_.find(pre);
      if (cached == rows_.end() && !reaches(pre, id)) {
        continue;
      }
      std::erase_if(row_of(pre), [&](const Synapse& s) { return s.post == id; });
    }
  }

  [[nodiscard]] bool reaches(NeuronId pre, NeuronId post) const {
    const RowBlock& block = after_->block_of(pre);
    const std::uint32_t row = after_->row_in_block(pre);
    for (std::uint32_t p = block.row_parts[row]; p < block.row_parts[row + 1U]; ++p) {
      const RowSpan span = after_->span_of(block, p);
      for (std::uint32_t i = 0; i < span.count; ++i) {
        if (span.post(i) == post) {
          return true;
        }
      }
    }
    return false;
  }

  /// New charges must fit the quantum; those that the row had were accepted when it was built.
  void check_quantum() const {
    for (const auto& [id, row] : rows_) {
      const PspMode mode = psp_mode_of(after_->classes[after_->class_of[id]].flags);
      std::set<std::pair<float, float>> known;
      for (const Synapse& s : before_.outgoing(id)) {
        known.emplace(s.weight, s.psp);
      }
      for (const Synapse& s : row) {
        if (!known.contains({s.weight, s.psp}) &&
            !holds({s.weight, s.psp, mode}, after_->charge.quantum_bits)) {
          throw Error(ErrorCode::out_of_range,
                      "synapse " + std::to_string(s.pre) + " -> " + std::to_string(s.post) +
                          " with weight " + std::to_string(s.weight) + " x PSP " +
                          std::to_string(s.psp) + " needs a finer quantum than the network's 2^-" +
                          std::to_string(after_->charge.quantum_bits) +
                          ". requantize: build the network again with a larger quantum_bits.");
        }
      }
    }
  }

  void rewrite_blocks() {
    KindTable kinds(*after_);
    std::set<std::size_t> touched;
    for (const auto& [id, row] : rows_) {
      touched.insert(id >> after_->block_shift);
    }
    for (const std::size_t b : touched) {
      auto block = std::make_shared<RowBlock>();
      std::vector<std::uint32_t> ends;
      const std::uint64_t first = static_cast<std::uint64_t>(b) << after_->block_shift;
      const std::uint64_t last =
          std::min<std::uint64_t>(first + (1ULL << after_->block_shift), after_->neuron_count);
      for (std::uint64_t id = first; id < last; ++id) {
        const auto pre = static_cast<NeuronId>(id);
        const auto edited = rows_.find(pre);
        const Row row = edited != rows_.end() ? edited->second : before_.outgoing(pre);
        const PspMode mode = psp_mode_of(after_->classes[after_->class_of[pre]].flags);
        const auto divisor = mode.uniform ? 1U : static_cast<std::uint32_t>(row.size());
        for (const Synapse& s : row) {
          const std::uint32_t kind =
              kinds.find_or_add({s.weight, s.psp, s.delay}, divisor, mode.potential_driven);
          block->wide.push_back(s.post | (std::uint64_t{kind} << 32U));
        }
        ends.push_back(static_cast<std::uint32_t>(block->wide.size()));
      }
      arrange_block(*block, ends, after_->kinds);
      after_->blocks[b] = std::move(block);
    }
  }

  const Network& before_;
  std::shared_ptr<NetworkData> after_;
  ClassTable classes_;
  std::map<NeuronId, Row> rows_;  ///< rows that an operation looked at or changed
};

}  // namespace

Network Network::edited(const NetworkEdit& edit) const {
  Editor editor(*this);
  for (const NetworkEdit::Operation& operation : edit.operations()) {
    editor.apply(operation);
  }
  return editor.finish();
}

}  // namespace rheobase
