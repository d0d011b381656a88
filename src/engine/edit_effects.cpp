// SPDX-License-Identifier: Apache-2.0
#include "engine/edit_effects.h"

#include "model/neuron_class.h"

namespace rheobase {

EditEffects::EditEffects(const NetworkData& before, const NetworkData& after,
                         const NetworkEdit& edit) {
  using Kind = NetworkEdit::Operation::Kind;
  if (after.rules.test != Rules::When::as_candidate) {
    return;
  }
  const bool forgets = after.rules.forget == Rules::Forget::former_candidate;
  for (const NetworkEdit::Operation& op : edit.operations()) {
    const bool by_value = op.kind == Kind::set_values;
    const bool all = op.kind == Kind::set_params || by_value;
    const bool period = op.kind == Kind::set_refractory_period;
    const bool accumulation = op.kind == Kind::set_accumulates;
    if (!all && !period && !accumulation) {
      continue;
    }
    for (NeuronId id = op.first; id - op.first < op.count; ++id) {
      const bool alive = (after.classes[after.class_of[id]].flags & model::kDead) == 0U;
      if (id >= before.neuron_count || !alive) {
        continue;
      }
      const NeuronParams& now =
          by_value ? after.class_params[after.class_of[id]] : edit.params()[op.at];
      const NeuronParams& old = before.class_params[before.class_of[id]];
      if (period || (all && old.refractory_period != now.refractory_period)) {
        run_ends_.push_back(id);
        if (now.refractory_period == 0) {
          awake_.push_back(id);
        }
      }
      if (forgets && !now.accumulates && (accumulation || (all && old.accumulates))) {
        forget_.push_back(id);
      }
    }
  }
}

void EditEffects::apply(State& state) const {
  for (const NeuronId id : run_ends_) {
    state.fire_count[id] = 0;
  }
  for (const NeuronId id : awake_) {
    state.refractory_countdown[id] = 0;
  }
  for (const NeuronId id : forget_) {
    state.u[id] = 0.0F;
  }
}

}  // namespace rheobase
