// SPDX-License-Identifier: Apache-2.0
/// \file
/// What an edit does to the state of a network of FEAGI.
#pragma once

#include <vector>

#include "network/view.h"
#include "rheobase/network.h"
#include "rheobase/state.h"

namespace rheobase {

/// Neurons whose state an edit touches, as FEAGI's engine does when a parameter of an area is set
/// in a running brain. Networks whose neurons are tested every burst keep their state.
class EditEffects {
 public:
  EditEffects(const NetworkData& before, const NetworkData& after, const NetworkEdit& edit);
  [[nodiscard]] bool any() const { return !run_ends_.empty() || !forget_.empty(); }
  void apply(State& state) const;

 private:
  std::vector<NeuronId> run_ends_;  ///< a refractory period was set: the run of fires begins anew
  std::vector<NeuronId> awake_;     ///< … to 0: nothing is left of the running one
  std::vector<NeuronId> forget_;    ///< accumulates no more: nothing is left of what it had
};

}  // namespace rheobase
