// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "io/generators.h"

namespace rheobase {

// N. Brunel, Dynamics of sparsely connected networks of excitatory and inhibitory spiking neurons,
// J. Comput. Neurosci. 8, 183-208 (2000), model A. With g = 5 and an external rate of twice that
// which reaches the threshold, the network is in the asynchronous irregular state (his figure 8C).
Json generate_balanced(const GenerateOptions& options) {
  constexpr double kTauMs = 20.0;
  constexpr double kThresholdMv = 20.0;
  constexpr double kG = 5.0;
  constexpr double kExternal = 2.0;

  // four excitatory neurons for each inhibitory one; a tenth of each sends to every neuron
  const std::uint64_t excitatory = options.neurons * 4 / 5;
  const std::uint64_t inhibitory = options.neurons - excitatory;
  const std::uint64_t from_excitatory = std::clamp<std::uint64_t>(excitatory / 10, 4, 1000);
  const std::uint64_t from_inhibitory = from_excitatory / 4;

  // 0.1 mV at the published in-degree of 1,000; fewer synapses are as much stronger, so that the
  // mean input is the same
  const double j = 100.0 / static_cast<double>(from_excitatory);
  const double external_hz = kExternal * kThresholdMv / (j * kTauMs) * 1000.0;

  const Json neuron = {{"tau_m_ms", kTauMs},
                       {"v_rest_mv", 0.0},
                       {"v_reset_mv", 10.0},
                       {"v_threshold_mv", kThresholdMv},
                       {"t_ref_ms", 2.0}};
  Json connections = Json::array();
  for (const char* post : {"excitatory", "inhibitory"}) {
    connections.push_back({{"pre", "excitatory"},
                           {"post", post},
                           {"rule", {{"name", "fixed_indegree"}, {"indegree", from_excitatory}}},
                           {"weight", j},
                           {"delay_ms", 1.5}});
    connections.push_back({{"pre", "inhibitory"},
                           {"post", post},
                           {"rule", {{"name", "fixed_indegree"}, {"indegree", from_inhibitory}}},
                           {"weight", -kG * j},
                           {"delay_ms", 1.5}});
  }
  Json drives = Json::array();
  for (const char* population : {"excitatory", "inhibitory"}) {
    drives.push_back({{"population", population},
                      {"kind", "poisson"},
                      {"rate_hz", external_hz},
                      {"amplitude", j}});
  }
  return {{"format", "rheobase-network"},
          {"version", 1},
          {"title", "Balanced random network"},
          {"description", "Brunel 2000, model A: g = 5, external input twice the threshold rate"},
          {"dt_ms", 0.1},
          {"wiring_seed", options.seed},
          {"rules", "plain"},
          {"populations",
           Json::array({{{"name", "excitatory"}, {"count", excitatory}, {"lif", neuron}},
                        {{"name", "inhibitory"}, {"count", inhibitory}, {"lif", neuron}}})},
          {"connections", connections},
          {"drives", drives}};
}

}  // namespace rheobase
