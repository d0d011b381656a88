// SPDX-License-Identifier: Apache-2.0
// The sparsely connected network of excitatory and inhibitory neurons of N. Brunel, J. Comput.
// Neurosci. 8:183-208 (2000), in the asynchronous irregular regime: rate and irregularity of 1 s.
#include <rheobase/engine.h>
#include <rheobase/error.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <memory>
#include <vector>

namespace {

using namespace rheobase;

/// 8,000 excitatory and 2,000 inhibitory neurons; J = 0.1 mV, g = 5, eta = 2.
Network brunel() {
  const double dt = 0.1, threshold = 20, tau = 20, weight = 0.1, g = 5, eta = 2;
  NetworkOptions options;
  options.dt_ms = dt;
  NetworkBuilder builder(options);
  const NeuronParams neuron =
      lif({.tau_m_ms = tau, .v_reset_mv = 10, .v_threshold_mv = threshold, .t_ref_ms = 2}, dt);
  const AreaId e = builder.population("E", 8000, neuron);
  const AreaId i = builder.population("I", 2000, neuron);
  const SynapseSpec excite{.weight = static_cast<float>(weight), .delay = 15};
  const SynapseSpec inhibit{.weight = static_cast<float>(-g * weight), .delay = 15};
  // 800 external inputs per neuron, each at eta times the rate that reaches threshold by itself
  const double external_hz = eta * threshold / (weight * tau * 1e-3);
  for (const AreaId to : {e, i}) {
    builder.connect(e, to, fixed_indegree(800), excite);
    builder.connect(i, to, fixed_indegree(200), inhibit);
    builder.drive(to, Drive::Kind::poisson, excite.weight, external_hz);
  }
  return builder.build();
}

}  // namespace

int main() {
  try {
    Engine engine(brunel());
    engine.run(2000);  // the first 200 ms settle
    constexpr std::uint32_t kRecorded = 1000;
    const auto spikes = std::make_shared<MemorySink>();
    engine.record({.spikes = {{0, kRecorded}}, .probes = {}, .branches = false});
    engine.add_sink(spikes);
    engine.run(10000);

    // rate, and the mean over neurons of std(interval) / mean(interval)
    std::vector<std::vector<double>> times(kRecorded);
    const RecordBatch& record = spikes->all();
    for (std::size_t b = 0; b < record.bursts.size(); ++b) {
      for (auto s = record.spike_begin[b]; s < record.spike_begin[b + 1]; ++s) {
        times[record.spike_ids[s]].push_back(0.1 * static_cast<double>(record.bursts[b].burst));
      }
    }
    double irregularity = 0.0;
    int neurons = 0;
    for (const std::vector<double>& t : times) {
      double sum = 0.0, squares = 0.0;
      for (std::size_t k = 1; k < t.size(); ++k) {
        sum += t[k] - t[k - 1];
        squares += (t[k] - t[k - 1]) * (t[k] - t[k - 1]);
      }
      if (t.size() >= 5) {
        const double n = static_cast<double>(t.size() - 1);
        const double mean = sum / n;
        irregularity += std::sqrt(std::max(0.0, squares / n - mean * mean)) / mean;
        ++neurons;
      }
    }
    std::cout << "rate " << static_cast<double>(record.spike_ids.size()) / kRecorded
              << " Hz, CV of intervals " << irregularity / neurons << "\n";
  } catch (const Error& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
  return 0;
}
