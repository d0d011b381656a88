// SPDX-License-Identifier: Apache-2.0
// What reaches the neurons of an engine from outside.
#include <algorithm>

#include "engine/engine_self.h"
#include "engine/fatigue.h"
#include "network/canonical.h"
#include "rheobase/text.h"

namespace rheobase {

void Engine::inject(NeuronId id, float potential, std::uint32_t port) {
  self_->check_owner();
  const std::uint32_t target = injected_target(self_->network, id, port);
  potential = canonical_number(potential, "injected potential");
  if (self_->session != nullptr) {
    self_->keep(SessionInput{{id}, {potential}, {port}});
  }
  self_->injections.add(target, potential);
}

void Engine::inject(std::span<const NeuronId> ids, std::span<const float> potentials,
                    std::span<const std::uint32_t> ports) {
  if (ids.size() != potentials.size()) {
    throw Error(ErrorCode::invalid_argument,
                number_text(ids.size()) + " ids and " + number_text(potentials.size()) +
                    " potentials do not match. Give one potential per id.");
  }
  if (!ports.empty() && ports.size() != ids.size()) {
    throw Error(ErrorCode::invalid_argument,
                number_text(ids.size()) + " ids and " + number_text(ports.size()) +
                    " ports do not match. Give one port per id, or none.");
  }
  self_->check_owner();
  // all are looked at before one is added, so that a refused call changes nothing
  const NetworkData& network = *self_->network.data();
  const bool plain = network.model_areas.empty() && ports.empty();
  const auto keep = [&] {
    if (self_->session != nullptr && !ids.empty()) {
      self_->keep(SessionInput{{ids.begin(), ids.end()},
                               {potentials.begin(), potentials.end()},
                               {ports.begin(), ports.end()}});
    }
  };
  if (plain && are_plain(ids, potentials, network.neuron_count)) {
    keep();
    self_->injections.add(ids, potentials);
    return;
  }
  const auto port_at = [&](std::size_t i) { return ports.empty() ? 0U : ports[i]; };
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!plain || ids[i] >= network.neuron_count) {
      static_cast<void>(injected_target(self_->network, ids[i], port_at(i)));
    }
    if (!is_canonical(potentials[i])) {
      static_cast<void>(canonical_number(potentials[i], "injected potential"));
    }
  }
  keep();
  for (std::size_t i = 0; i < ids.size(); ++i) {
    self_->injections.add(network.target_of(ids[i]) + port_at(i),
                          canonical_number(potentials[i], "injected potential"));
  }
}

void Engine::schedule(InputSchedule input) {
  self_->check_owner();
  if (input.bursts.size() != input.ids.size() || input.bursts.size() != input.potentials.size() ||
      (!input.ports.empty() && input.ports.size() != input.bursts.size())) {
    throw Error(ErrorCode::invalid_argument, "the columns of an input schedule differ in length.");
  }
  if (!std::is_sorted(input.bursts.begin(), input.bursts.end())) {
    throw Error(ErrorCode::invalid_argument,
                "an input schedule is not sorted by burst. Sort it first.");
  }
  const NetworkData& network = *self_->network.data();
  const bool plain = network.model_areas.empty() && input.ports.empty() &&
                     are_plain(input.ids, input.potentials, network.neuron_count);
  for (std::size_t i = 0; !plain && i < input.ids.size(); ++i) {
    static_cast<void>(injected_target(self_->network, input.ids[i],
                                      input.ports.empty() ? 0U : input.ports[i],
                                      "an input schedule names"));
    if (!is_canonical(input.potentials[i])) {
      input.potentials[i] = canonical_number(input.potentials[i], "scheduled potential");
    }
  }
  self_->keep(input);
  self_->injections.schedule(std::move(input));
}

void Engine::set_fatigue(bool on, float amount) {
  self_->check_owner();
  if (!on) {
    self_->fatigue.reset();
  } else if (fatigue_neurons(self_->network).empty()) {
    throw Error(
        ErrorCode::invalid_argument,
        "the network has no area _fatigue, which the fatigue flag drives (FEAGI's core area "
        "2). Load a genome, or add an area of that name.");
  } else {
    self_->fatigue = canonical_number(amount, "amount of fatigue");
  }
  self_->keep(SessionFatigue{self_->fatigue});
  self_->hold_fatigue();
}
bool Engine::fatigue() const { return self_->fatigue.has_value(); }

}  // namespace rheobase
