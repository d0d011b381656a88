// SPDX-License-Identifier: Apache-2.0
#include "network/editor.h"
#include "rheobase/network.h"

namespace rheobase {

using Kind = NetworkEdit::Operation::Kind;

void NetworkEdit::push(Kind kind, const Synapse& synapse, std::uint32_t count) {
  operations_.push_back({kind, synapse.pre, count, synapses_.size(), {}});
  synapses_.push_back(synapse);
}

void NetworkEdit::set_params(NeuronId id, const NeuronParams& params) { set_params(id, 1, params); }
void NetworkEdit::set_params(NeuronId first, std::uint32_t count, const NeuronParams& params) {
  operations_.push_back({Kind::set_params, first, count, params_.size(), {}});
  params_.push_back(params);
}
void NetworkEdit::set_refractory_period(NeuronId first, std::uint32_t count, std::uint16_t bursts) {
  operations_.push_back({Kind::set_refractory_period, first, count, params_.size(), {}});
  params_.emplace_back().refractory_period = bursts;
}
void NetworkEdit::set_accumulates(NeuronId first, std::uint32_t count, bool on) {
  operations_.push_back({Kind::set_accumulates, first, count, params_.size(), {}});
  params_.emplace_back().accumulates = on;
}
void NetworkEdit::set_psp(NeuronId first, std::uint32_t count, float psp) {
  push(Kind::set_psp, {first, 0, 0.0F, psp, 1}, count);
}
void NetworkEdit::set_psp_mode(NeuronId first, std::uint32_t count, const PspMode& mode) {
  operations_.push_back({Kind::set_psp_mode, first, count, 0, mode});
}
void NetworkEdit::set_values(NeuronId first, std::uint32_t count, std::vector<ModelValue> values) {
  operations_.push_back({Kind::set_values, first, count, values_.size(), {}});
  values_.push_back(std::move(values));
}
void NetworkEdit::add_synapse(const Synapse& synapse) {
  // many in a row are one operation
  if (!operations_.empty() && operations_.back().kind == Kind::add_synapses) {
    ++operations_.back().count;
    synapses_.push_back(synapse);
    return;
  }
  push(Kind::add_synapses, synapse, 1);
}
void NetworkEdit::remove_synapse(NeuronId pre, NeuronId post) {
  push(Kind::remove_synapse, {pre, post, 0.0F, 0.0F, 1}, 1);
}
void NetworkEdit::set_weight(NeuronId pre, NeuronId post, float weight) {
  push(Kind::set_weight, {pre, post, weight, 0.0F, 1}, 1);
}
void NetworkEdit::set_delay(NeuronId pre, NeuronId post, std::uint32_t delay) {
  push(Kind::set_delay, {pre, post, 0.0F, 0.0F, delay}, 1);
}
void NetworkEdit::add_area(AreaSpec spec) {
  operations_.push_back({Kind::add_area, 0, 0, areas_.size(), {}});
  areas_.push_back(std::move(spec));
}
void NetworkEdit::delete_neurons(NeuronId first, std::uint32_t count) {
  operations_.push_back({Kind::delete_neurons, first, count, 0, {}});
}

Network Network::edited(const NetworkEdit& edit) const {
  Editor editor(*this);
  for (const NetworkEdit::Operation& operation : edit.operations()) {
    editor.apply(operation, edit);
  }
  return editor.finish();
}

}  // namespace rheobase
