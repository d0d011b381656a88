// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "io/generators.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

constexpr std::uint64_t kLayers = 5;

Json connection(const std::string& pre, const std::string& post, std::uint64_t indegree,
                double weight, double delay_ms) {
  return {{"pre", pre},
          {"post", post},
          {"rule", {{"name", "fixed_indegree"}, {"indegree", indegree}}},
          {"weight", weight},
          {"delay_ms", delay_ms}};
}

}  // namespace

// Each layer excites the next one and is held back by inhibitory neurons of its own, which the same
// input excites; the first layer listens to a Poisson source. Inhibition comes 1 ms later than the
// excitation that causes it, so activity passes through all layers and stays bounded.
Json generate_layered(const GenerateOptions& options) {
  const std::uint64_t layer = options.neurons / kLayers;
  const std::uint64_t excitatory = layer * 4 / 5;
  const std::uint64_t inhibitory = layer - excitatory;
  const std::uint64_t forward = std::min<std::uint64_t>(100, excitatory);
  const std::uint64_t local = std::min<std::uint64_t>(25, inhibitory);

  // millivolts per synapse, so that a layer at 20 Hz brings the next one to the same rate
  const double weight = 90.0 / static_cast<double>(forward);
  const double inhibition = -35.0 / static_cast<double>(local);

  const Json neuron = {{"tau_m_ms", 20.0},
                       {"v_rest_mv", 0.0},
                       {"v_reset_mv", 0.0},
                       {"v_threshold_mv", 20.0},
                       {"t_ref_ms", 2.0}};
  Json populations = Json::array();
  Json connections = Json::array();
  for (std::uint64_t i = 1; i <= kLayers; ++i) {
    const std::string number = number_text(i);
    const std::string e = "layer " + number;
    const std::string inhibitors = "inhibition " + number;
    populations.push_back({{"name", e}, {"count", excitatory}, {"lif", neuron}});
    populations.push_back({{"name", inhibitors}, {"count", inhibitory}, {"lif", neuron}});
    if (i > 1) {
      const std::string before = "layer " + number_text(i - 1);
      connections.push_back(connection(before, e, forward, weight, 2.0));
      connections.push_back(connection(before, inhibitors, forward, weight, 2.0));
    }
    connections.push_back(connection(inhibitors, e, local, inhibition, 1.0));
    connections.push_back(connection(inhibitors, inhibitors, local, inhibition, 1.0));
  }
  Json drives = Json::array();
  for (const char* population : {"layer 1", "inhibition 1"}) {
    drives.push_back(
        {{"population", population}, {"kind", "poisson"}, {"rate_hz", 2000.0}, {"amplitude", 0.9}});
  }
  return {{"format", "rheobase-network"},
          {"version", 1},
          {"title", "Layered network"},
          {"description", "five layers that excite the next one, with local inhibition"},
          {"dt_ms", 1.0},
          {"wiring_seed", options.seed},
          {"rules", "plain"},
          {"populations", populations},
          {"connections", connections},
          {"drives", drives}};
}

}  // namespace rheobase
