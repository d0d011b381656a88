// SPDX-License-Identifier: Apache-2.0
#include "engine/check_plan.h"

#include <algorithm>
#include <string>
#include <vector>

#include "network/view.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

/// Of a model.
void check_state(const Probe& probe, const Network& network) {
  const ModelArea* const area =
      probe.ids.count != 0 ? network.data()->model_of(probe.ids.first) : nullptr;
  if (area == nullptr || probe.ids.first - area->first + probe.ids.count > area->count) {
    throw Error(ErrorCode::invalid_argument,
                "state " + quoted_name(probe.state) +
                    " is to be recorded from neurons that have no model, or not one. Record each "
                    "area with a model by itself.");
  }
  if (area->definition->state_named(probe.state) == area->definition->states.size()) {
    std::string names;
    for (const Definition::State& state : area->definition->states) {
      names += (names.empty() ? "" : ", ") + state.name;
    }
    throw Error(ErrorCode::invalid_argument, "model " + quoted_name(area->definition->name) +
                                                 " has no state " + quoted_name(probe.state) +
                                                 " (it has " + names + ").");
  }
}

}  // namespace

void check_plan(const RecordPlan& plan, const Network& network) {
  const auto check = [&](const IdRange& range) {
    if (std::uint64_t{range.first} + range.count > network.neuron_count()) {
      throw Error(ErrorCode::invalid_argument,
                  "a recording of neurons " + number_text(range.first) + " to " +
                      number_text(std::uint64_t{range.first} + range.count) +
                      " leaves the network (" + number_text(network.neuron_count()) + " neurons).");
    }
  };
  std::vector<IdRange> spikes = plan.spikes;
  std::sort(spikes.begin(), spikes.end(),
            [](const IdRange& a, const IdRange& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < spikes.size(); ++i) {
    check(spikes[i]);
    if (i > 0 && std::uint64_t{spikes[i - 1].first} + spikes[i - 1].count > spikes[i].first) {
      throw Error(ErrorCode::invalid_argument, "two recordings of spikes overlap at neuron " +
                                                   number_text(spikes[i].first) +
                                                   ". Name each neuron once.");
    }
  }
  for (const Probe& probe : plan.probes) {
    check(probe.ids);
    if (probe.every == 0) {
      throw Error(ErrorCode::invalid_argument, "a probe every 0 bursts cannot be. Give 1 or more.");
    }
    if (!probe.state.empty()) {
      check_state(probe, network);
    }
  }
}

}  // namespace rheobase
