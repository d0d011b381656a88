// SPDX-License-Identifier: Apache-2.0
// What synapses that learn hold, asked of an engine.
#include <string>
#include <utility>

#include "network/view.h"
#include "platform/nearest.h"
#include "rheobase/engine.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

/// The number of a state of a projection's synapses.
std::size_t column_of(const Network& network, std::size_t projection, std::string_view state) {
  const auto& all = network.data()->projections;
  if (projection >= all.size()) {
    throw Error(ErrorCode::out_of_range, "there is no projection " + number_text(projection) +
                                             " that learns (there are " + number_text(all.size()) +
                                             ").");
  }
  const SynapseDefinition& d = *all[projection].definition;
  const std::size_t column = d.on_post->state_named(state);
  if (column == d.state_count()) {
    std::vector<std::string_view> names;
    for (const Definition::State& s : d.on_post->states) {
      names.emplace_back(s.name);
    }
    const std::string_view like = nearest(state, names);
    throw Error(ErrorCode::invalid_argument,
                "synapse " + quoted_name(d.name) + " has no state " + quoted_name(state) +
                    (like.empty() ? "." : ". Did you mean " + quoted_name(like) + "?"));
  }
  return column;
}

}  // namespace

std::vector<float> Engine::synapses(std::size_t projection, std::string_view state) const {
  const std::size_t column = column_of(network(), projection, state);
  return std::move(this->state().projections[projection].synapses[column]);
}

void Engine::set_synapses(std::size_t projection, std::vector<float> values,
                          std::string_view state) {
  const std::size_t column = column_of(network(), projection, state);
  State changed = this->state();
  std::vector<float>& held = changed.projections[projection].synapses[column];
  if (values.size() != held.size()) {
    throw Error(ErrorCode::invalid_argument,
                number_text(values.size()) + " values were given for " + number_text(held.size()) +
                    " synapses. Give one each.");
  }
  held = std::move(values);
  set_state(std::move(changed));
}

}  // namespace rheobase
