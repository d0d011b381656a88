// SPDX-License-Identifier: Apache-2.0
#include "engine/check_state.h"

#include <algorithm>
#include <functional>

#include "network/canonical.h"
#include "network/view.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

/// The sums of charge rest on the range of weights. \throws Error invalid_argument.
void keep_weights_within(const std::vector<float>& weights, const LearningProjection& p) {
  for (const float w : weights) {
    if (!(w >= p.numbers->lowest && w <= p.numbers->highest)) {
      throw Error(ErrorCode::invalid_argument,
                  "a weight of " + rounded_text(w) + " is outside the range of synapse " +
                      quoted_name(p.definition->name) + " (" + rounded_text(p.numbers->lowest) +
                      " to " + rounded_text(p.numbers->highest) + "). Correct it.");
    }
  }
}

/// \throws Error invalid_argument if the states of models do not fit the network.
void check_tables(State& state, const NetworkData& network) {
  bool fits = state.tables.size() == network.model_areas.size();
  for (std::size_t i = 0; fits && i < state.tables.size(); ++i) {
    const ModelArea& area = network.model_areas[i];
    StateTable& table = state.tables[i];
    fits = table.area == area.area && table.columns.size() == area.definition->states.size();
    for (std::size_t s = 0; fits && s < table.columns.size(); ++s) {
      fits = table.columns[s].size() == area.count;
      for (float& value : table.columns[s]) {
        value = canonical_number(value, "a state of a model");
      }
    }
  }
  if (!fits) {
    throw Error(ErrorCode::invalid_argument,
                "the states of models are not those of this network. Change what Engine::state "
                "returned.");
  }
}

/// \throws Error invalid_argument if what learns does not fit the network.
void check_projections(State& state, const NetworkData& network) {
  bool fits = state.projections.size() == network.projections.size();
  const auto check = [&](std::vector<std::vector<float>>& columns, std::size_t count,
                         std::size_t size, const char* what) {
    fits = fits && columns.size() == count;
    for (std::vector<float>& column : columns) {
      fits = fits && column.size() == size;
      for (float& value : column) {
        value = canonical_number(value, what);
      }
    }
  };
  for (std::size_t i = 0; fits && i < state.projections.size(); ++i) {
    const LearningProjection& p = network.projections[i];
    ProjectionState& own = state.projections[i];
    check(own.synapses, p.definition->state_count(), p.rows->synapses(), "a state of a synapse");
    check(own.pre_traces, p.definition->traces_of(false), p.pre_count, "a trace");
    check(own.post_traces, p.definition->traces_of(true), p.post_count, "a trace");
    fits = fits && own.pre_spiked.size() == p.pre_count && own.post_spiked.size() == p.post_count;
    if (fits) {
      keep_weights_within(own.synapses.front(), p);
    }
    for (const std::vector<std::uint64_t>* spiked : {&own.pre_spiked, &own.post_spiked}) {
      fits =
          fits && std::ranges::all_of(*spiked, [&](std::uint64_t t) { return t <= state.burst; });
    }
  }
  if (!fits) {
    throw Error(ErrorCode::invalid_argument,
                "the states of synapses that learn are not those of this network. Change what "
                "Engine::state returned.");
  }
}

}  // namespace

void check_state(State& state, const Network& network) {
  const std::size_t n = network.neuron_count();
  if (state.u.size() != n || state.refractory_countdown.size() != n ||
      state.fire_count.size() != n || state.snooze_countdown.size() != n ||
      state.forget.size() != n || state.fired.size() != network.max_delay()) {
    throw Error(ErrorCode::invalid_argument, "the state is not of this network (it holds " +
                                                 number_text(state.u.size()) + " neurons and " +
                                                 number_text(state.fired.size()) +
                                                 " fire queues, the network " + number_text(n) +
                                                 " and " + number_text(network.max_delay()) + ").");
  }
  for (float& u : state.u) {
    u = canonical_number(u, "potential");
  }
  // marks and snooze mean something under one rule each; backends need not keep them under others
  const bool marks = network.rules().forget == Rules::Forget::former_candidate;
  for (std::uint8_t& mark : state.forget) {
    mark = marks && mark != 0 ? 1 : 0;
  }
  if (!network.rules().separate_snooze) {
    std::fill(state.snooze_countdown.begin(), state.snooze_countdown.end(), std::uint16_t{0});
  }
  for (const FireQueue& queue : state.fired) {
    const bool potentials_fit =
        !network.data()->potential_driven || queue.potentials.size() == queue.ids.size();
    // no id comes twice
    const bool ascends = std::adjacent_find(queue.ids.begin(), queue.ids.end(),
                                            std::greater_equal<>()) == queue.ids.end();
    if (!ascends || !potentials_fit || (!queue.ids.empty() && queue.ids.back() >= n)) {
      throw Error(ErrorCode::invalid_argument,
                  "a fire queue of the state is damaged (ids must ascend and exist).");
    }
    // a potential at firing may lie beyond the clamp of u; what it drives is bounded at delivery
    for (const float potential : queue.potentials) {
      static_cast<void>(canonical_number(potential, "potential at firing"));
    }
  }
  check_tables(state, *network.data());
  check_projections(state, *network.data());
}

}  // namespace rheobase
