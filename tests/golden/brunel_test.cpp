// SPDX-License-Identifier: Apache-2.0
// Brunel's network of 12,500 excitatory and inhibitory neurons at two points of N. Brunel, J.
// Comput. Neurosci. 8:183-208 (2000). His mean field theory gives 38.0 Hz at g = 5, eta = 2
// (asynchronous irregular) and 55.8 Hz at g = 6, eta = 4; NEST 3.10 gave 37.3 and 58.4 Hz.
#include <gtest/gtest.h>

#include <cmath>
#include <iostream>

#include "rheobase/engine.h"

namespace rheobase::test {
namespace {

constexpr double kDt = 0.1;

Network brunel(std::uint32_t excitatory, double g, double eta) {
  const std::uint32_t inhibitory = excitatory / 4;
  NetworkOptions options;
  options.dt_ms = kDt;
  NetworkBuilder builder(options);
  const NeuronParams neuron = lif(
      {.tau_m_ms = 20, .v_rest_mv = 0, .v_reset_mv = 10, .v_threshold_mv = 20, .t_ref_ms = 2}, kDt);
  const AreaId e = builder.population("E", excitatory, neuron);
  const AreaId i = builder.population("I", inhibitory, neuron);
  for (const AreaId to : {e, i}) {
    builder.connect(e, to, fixed_indegree(excitatory / 10), {0.1F, 1.0F, 15});
    builder.connect(i, to, fixed_indegree(inhibitory / 10),
                    {static_cast<float>(-0.1 * g), 1.0F, 15});
    builder.drive(to, Drive::Kind::poisson, 0.1F, eta * 20.0 / (0.1 * 20e-3));
  }
  return builder.build();
}

struct Activity {
  double rate_hz = 0.0;
  double cv = 0.0;  ///< of the intervals, mean over neurons with at least five spikes
};

/// Of the first 1,000 neurons, from 200 ms on.
Activity activity_of(const Network& network, double ms) {
  constexpr std::uint32_t kNeurons = 1000;
  Engine engine(network, {"cpu", 0, 1, {}});
  engine.run(2000);
  engine.record({.spikes = {{0, kNeurons}}, .probes = {}, .branches = false});
  const auto sink = std::make_shared<MemorySink>();
  engine.add_sink(sink);
  engine.run(static_cast<std::uint64_t>(ms / kDt));
  const RecordBatch& r = sink->all();
  std::vector<std::vector<double>> intervals(kNeurons);
  std::vector<double> last(kNeurons, -1.0);
  for (std::size_t b = 0; b < r.bursts.size(); ++b) {
    for (std::uint64_t k = r.spike_begin[b]; k < r.spike_begin[b + 1]; ++k) {
      const NeuronId id = r.spike_ids[k];
      const auto t = static_cast<double>(r.bursts[b].burst);
      if (last[id] >= 0.0) {
        intervals[id].push_back(t - last[id]);
      }
      last[id] = t;
    }
  }
  Activity a;
  a.rate_hz = static_cast<double>(r.spike_ids.size()) / kNeurons / (ms * 1e-3);
  int counted = 0;
  for (const auto& list : intervals) {
    if (list.size() < 4) {
      continue;
    }
    double mean = 0.0;
    double variance = 0.0;
    for (const double x : list) {
      mean += x / static_cast<double>(list.size());
    }
    for (const double x : list) {
      variance += (x - mean) * (x - mean) / static_cast<double>(list.size());
    }
    a.cv += std::sqrt(variance) / mean;
    ++counted;
  }
  a.cv /= counted;
  return a;
}

TEST(Brunel, RatesOfThePaper) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a second of 15 million synapses is for release builds";
#endif
  const Activity irregular = activity_of(brunel(10000, 5.0, 2.0), 800);
  EXPECT_NEAR(irregular.rate_hz, 37.7, 1.5);
  EXPECT_GT(irregular.cv, 0.3) << "neurons fire irregularly";
  const Activity fast = activity_of(brunel(10000, 6.0, 4.0), 500);
  EXPECT_GT(fast.rate_hz, 55.0);
  EXPECT_LT(fast.rate_hz, 62.0);
  EXPECT_GT(fast.cv, 0.6);
  std::cout << "g 5, eta 2: " << irregular.rate_hz << " Hz, CV " << irregular.cv
            << "; g 6, eta 4: " << fast.rate_hz << " Hz, CV " << fast.cv << "\n";
}

}  // namespace
}  // namespace rheobase::test
