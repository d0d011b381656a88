// SPDX-License-Identifier: Apache-2.0
/// \file
/// Makes the next version of a network. What an edit costs: the rows and blocks that it touches,
/// and at most a few passes over lists with one number per neuron.
#pragma once

#include <memory>
#include <set>
#include <span>
#include <vector>

#include "network/edited_rows.h"
#include "network/neuron_classes.h"
#include "network/view.h"

namespace rheobase {

class Editor {
 public:
  explicit Editor(const Network& before);
  /// \throws Error; the network before stays as it is.
  void apply(const NetworkEdit::Operation& op, const NetworkEdit& edit);
  [[nodiscard]] Network finish();

 private:
  /// Of a joined network: what an edit may not do, and which members it changes.
  void look_at_members(const NetworkEdit::Operation& op, const NetworkEdit& edit);
  void require_neuron(std::uint64_t id) const;
  /// Both exist and live.
  void require_ends(const Synapse& synapse) const;
  void add_synapses(std::span<const Synapse> synapses);
  void change_synapse(NetworkEdit::Operation::Kind kind, const Synapse& synapse);
  void set_params(const NetworkEdit::Operation& op, const NeuronParams& given);
  void set_values(const NetworkEdit::Operation& op, std::vector<ModelValue> values);
  void set_psp_mode(const NetworkEdit::Operation& op);
  void add_area(const AreaSpec& spec);
  void delete_neurons(const NetworkEdit::Operation& op);
  /// The class of `id` becomes that which `change` makes of its parameters, mode and life.
  template <class Change>
  void reclass(NeuronId first, std::uint32_t count, Change change);
  void bound_charges_again();

  Network before_;
  std::shared_ptr<NetworkData> after_;
  ClassTable classes_;
  EditedRows rows_;
  std::vector<bool> buried_;  ///< neurons that this edit deletes; empty if none
  bool classes_changed_ = false;
  std::set<std::size_t> changed_members_;
};

}  // namespace rheobase
