// SPDX-License-Identifier: Apache-2.0
#include "network/editor.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <unordered_map>

#include "network/bounds.h"
#include "network/canonical.h"
#include "network/charge_bounds.h"
#include "network/checked_area.h"
#include "network/join.h"
#include "network/model_areas.h"
#include "network/neuron_values.h"
#include "network/row_assembler.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

EditedRows::Entry canonical_entry(const NetworkData& network, const Synapse& s) {
  SynapseSpec spec{s.weight, s.psp, s.delay, s.port};
  if (!is_canonical(s.weight) || !is_canonical(s.psp) || s.delay < 1 || s.delay > kMostDelay) {
    spec = canonical_synapse(spec, "synapse " + number_text(s.pre) + " -> " + number_text(s.post));
  }
  return {network.target_of(s.post) + s.port,
          spec.weight,
          spec.psp,
          spec.delay,
          EditedRows::kUnknown,
          true};
}

}  // namespace

using Operation = NetworkEdit::Operation;

Editor::Editor(const Network& before)
    : before_(before),
      after_(std::make_shared<NetworkData>(*before.data())),
      classes_(*after_),
      rows_(*before.data()) {}

void Editor::require_neuron(std::uint64_t id) const {
  if (id >= after_->neuron_count) {
    throw Error(ErrorCode::invalid_argument, "an edit names neuron " + number_text(id) +
                                                 " (the network has " +
                                                 number_text(after_->neuron_count) + ").");
  }
}

void Editor::require_ends(const Synapse& s) const {
  require_neuron(s.pre);
  require_neuron(s.post);
  for (const NeuronId id : {s.pre, s.post}) {
    if ((after_->classes[after_->class_of[id]].flags & model::kDead) != 0U) {
      throw Error(ErrorCode::invalid_argument,
                  "neuron " + number_text(id) +
                      " was deleted (its id is not used again). Leave it out of the edit.");
    }
  }
}

void Editor::look_at_members(const Operation& op, const NetworkEdit& edit) {
  const auto changes = [&](std::uint64_t first, std::uint64_t count) {
    require_neuron(first + std::max<std::uint64_t>(count, 1) - 1);
    const std::size_t last = after_->member_of(static_cast<NeuronId>(first + count - 1));
    for (std::size_t m = after_->member_of(static_cast<NeuronId>(first)); m <= last; ++m) {
      changed_members_.insert(m);
    }
  };
  using Kind = Operation::Kind;
  switch (op.kind) {
    case Kind::add_area:
      throw Error(ErrorCode::invalid_argument,
                  "a joined network takes no new area (the ids of the members behind it would "
                  "move). Add it before joining.");
    case Kind::add_synapses:
      for (const Synapse& s : std::span(edit.synapses()).subspan(op.at, op.count)) {
        changes(s.pre, 1);
        require_neuron(s.post);
        if (after_->member_of(s.pre) != after_->member_of(s.post)) {
          throw Error(ErrorCode::invalid_argument,
                      "a synapse " + number_text(s.pre) + " -> " + number_text(s.post) +
                          " would connect two members of a joined network. Join networks that "
                          "run apart from each other only.");
        }
      }
      break;
    default:
      if (op.count != 0) {
        changes(op.first, op.count);
      }
      break;
  }
}

void Editor::apply(const Operation& op, const NetworkEdit& edit) {
  using Kind = Operation::Kind;
  if (!after_->members.empty()) {
    look_at_members(op, edit);
  }
  switch (op.kind) {
    case Kind::add_synapses:
      add_synapses(std::span(edit.synapses()).subspan(op.at, op.count));
      return;
    case Kind::remove_synapse:
    case Kind::set_weight:
    case Kind::set_delay: change_synapse(op.kind, edit.synapses()[op.at]); return;
    case Kind::add_area: add_area(edit.areas()[op.at]); return;
    default: break;
  }
  require_neuron(std::uint64_t{op.first} + std::max(op.count, 1U) - 1U);
  switch (op.kind) {
    case Kind::set_params: set_params(op, edit.params()[op.at]); break;
    case Kind::set_refractory_period:
      reclass(op.first, op.count, [&](NeuronParams& params, PspMode& /*mode*/, bool& /*alive*/) {
        params.refractory_period = edit.params()[op.at].refractory_period;
      });
      break;
    case Kind::set_accumulates:
      reclass(op.first, op.count, [&](NeuronParams& params, PspMode& /*mode*/, bool& /*alive*/) {
        params.accumulates = edit.params()[op.at].accumulates;
      });
      break;
    case Kind::set_psp: {
      const float psp = canonical_number(edit.synapses()[op.at].psp, "psp");
      for (NeuronId id = op.first; id - op.first < op.count; ++id) {
        rows_.set_psp(id, psp);
      }
      break;
    }
    case Kind::set_psp_mode: set_psp_mode(op); break;
    case Kind::set_values: set_values(op, edit.values()[op.at]); break;
    default: delete_neurons(op); break;
  }
}

void Editor::add_synapses(std::span<const Synapse> synapses) {
  for (const Synapse& s : synapses) {
    require_ends(s);
    if (s.port != 0) {
      require_port(after_->areas[Network(after_).area_of(s.post)], s.port);
    }
  }
  constexpr std::size_t kFew = 16;
  if (synapses.size() * kFew < after_->neuron_count) {
    for (const Synapse& s : synapses) {
      const EditedRows::Entry entry = canonical_entry(*after_, s);
      rows_.add(s.pre, std::span(&entry, 1));
    }
    return;
  }
  // row by row instead of to and fro
  std::vector<std::uint32_t> ends(std::size_t{after_->neuron_count} + 1U, 0);
  for (const Synapse& s : synapses) {
    ++ends[s.pre + 1U];
  }
  std::partial_sum(ends.begin(), ends.end(), ends.begin());
  std::vector<EditedRows::Entry> sorted(synapses.size());
  for (const Synapse& s : synapses) {
    sorted[ends[s.pre]++] = canonical_entry(*after_, s);
  }
  std::uint32_t begin = 0;
  for (NeuronId pre = 0; pre < after_->neuron_count; ++pre) {
    if (ends[pre] != begin) {
      rows_.add(pre, std::span(sorted).subspan(begin, ends[pre] - begin));
      begin = ends[pre];
    }
  }
}

void Editor::change_synapse(Operation::Kind kind, const Synapse& s) {
  require_ends(s);
  if (kind == Operation::Kind::remove_synapse) {
    rows_.remove(s.pre, s.post);
  } else if (kind == Operation::Kind::set_weight) {
    rows_.set_weight(s.pre, s.post, canonical_number(s.weight, "weight"));
  } else {
    const std::string where = "synapse " + number_text(s.pre) + " -> " + number_text(s.post);
    static_cast<void>(canonical_synapse({1.0F, 1.0F, s.delay}, where));
    rows_.set_delay(s.pre, s.post, s.delay);
  }
}

template <class Change>
void Editor::reclass(NeuronId first, std::uint32_t count, Change change) {
  for (const ModelArea& area : after_->model_areas) {
    if (count != 0 && first < area.first + area.count &&
        area.first < std::uint64_t{first} + count) {
      throw Error(ErrorCode::invalid_argument,
                  "the neurons of area " + quoted_name(after_->areas[area.area].spec.name) +
                      " have a model (an edit of NeuronParams, a PSP mode or a deletion does not "
                      "fit them). Leave them out.");
    }
  }
  std::unordered_map<std::uint32_t, std::uint32_t> known;  // most neurons share a few classes
  std::vector<std::uint32_t>& class_of = after_->class_of.edit();
  for (NeuronId id = first; id - first < count; ++id) {
    const std::uint32_t old = class_of[id];
    const auto [place, added] = known.try_emplace(old, 0);
    if (added) {
      NeuronParams params = after_->class_params[old];
      const std::uint32_t flags = after_->classes[old].flags;
      PspMode mode = psp_mode_of(flags);
      bool alive = (flags & model::kDead) == 0U;
      change(params, mode, alive);
      place->second = classes_.find_or_add(params, mode, alive);
    }
    class_of[id] = place->second;
  }
  classes_changed_ = true;
}

void Editor::set_params(const Operation& op, const NeuronParams& given) {
  const NeuronParams wanted = canonical_params(given, "neuron " + number_text(op.first));
  reclass(op.first, op.count,
          [&](NeuronParams& params, PspMode& /*mode*/, bool& /*alive*/) { params = wanted; });
}

void Editor::set_values(const Operation& op, std::vector<ModelValue> values) {
  const Area& area = after_->areas[Network(after_).area_of(op.first)];
  const std::uint32_t begin = op.first - area.first;
  if (op.count == 0 || op.count > area.count - begin) {
    throw Error(ErrorCode::invalid_argument,
                "an edit of values names no neurons, or those of more than one area. Edit each "
                "area by itself.");
  }
  // members of a joined network draw what they would draw alone
  const bool is_joined = !after_->members.empty();
  const std::string& name = area.spec.name;
  draw_values(area.spec, values,
              {is_joined ? after_->members[after_->member_of(op.first)].data->wiring_seed
                         : after_->wiring_seed,
               std::string_view(name).substr(is_joined ? name.find('/') + 1 : 0), begin, op.count,
               after_->dt_ms});
  if (!area.spec.model.empty()) {
    change_model(*after_, op.first, op.count, values);
    return;
  }
  const NeuronValues given(area.spec, values, op.count, after_->dt_ms);
  if (given.has_potentials()) {
    throw Error(
        ErrorCode::invalid_argument,
        place_of(area.spec) + ": 'potential' is a state, not a parameter. Set it in the state.");
  }
  for (std::uint32_t i = 0; i < op.count; ++i) {
    reclass(op.first + i, 1, [&](NeuronParams& params, PspMode& /*mode*/, bool& /*alive*/) {
      given.set(params, i);
    });
  }
}

void Editor::set_psp_mode(const Operation& op) {
  reclass(op.first, op.count,
          [&](NeuronParams& /*params*/, PspMode& mode, bool& /*alive*/) { mode = op.mode; });
  for (NeuronId id = op.first; id - op.first < op.count; ++id) {
    rows_.forget_codes(id);
  }
}

void Editor::add_area(const AreaSpec& spec) {
  Area area = checked_area(spec, after_->neuron_count, [&](const std::string& name) {
    return std::any_of(after_->areas.begin(), after_->areas.end(),
                       [&](const Area& other) { return other.spec.name == name; });
  });
  require_network_memory(area.count, 0, true);
  draw_values(area.spec, area.spec.values,
              {after_->wiring_seed, area.spec.name, 0, area.count, after_->dt_ms});
  after_->neuron_count += area.count;
  classes_.append(area);
  take_first_potentials(*after_, area);
  append_model(*after_, static_cast<AreaId>(after_->areas.size()), area);
  count_targets(*after_);
  after_->areas.edit().push_back(std::move(area));
  classes_changed_ = true;
}

void Editor::delete_neurons(const Operation& op) {
  reclass(op.first, op.count,
          [](NeuronParams& /*params*/, PspMode& /*mode*/, bool& alive) { alive = false; });
  buried_.resize(after_->neuron_count, false);
  std::fill_n(buried_.begin() + op.first, op.count, true);
}

void Editor::bound_charges_again() {
  const std::vector<NeuronId> touched = rows_.touched();
  if (touched.empty() && after_->neuron_count == before_.neuron_count()) {
    return;
  }
  ChargeBounds bounds(*after_);
  for (const NeuronId id : touched) {
    if (id < before_.neuron_count()) {
      bounds.remove(*before_.data(), id);
    }
  }
  for (const NeuronId id : touched) {
    bounds.add(*after_, id);
  }
  bounds.finish();
}

Network Editor::finish() {
  if (!buried_.empty()) {
    buried_.resize(after_->neuron_count, false);
    rows_.bury(buried_);
  }
  if (classes_changed_) {
    find_class_runs(*after_);
  }
  rows_.check_quantum(*after_);
  rows_.write(*after_);
  split_large_blocks(*after_);
  bound_charges_again();
  for (const std::size_t m : changed_members_) {
    after_->members[m].data = take_member(*after_, m);
  }
  return Network(after_);
}

}  // namespace rheobase
