// SPDX-License-Identifier: Apache-2.0
/// \file
/// N. Brunel, Dynamics of sparsely connected networks of excitatory and inhibitory spiking neurons,
/// J. Comput. Neurosci. 8, 183-208 (2000), model A: the network, and two numbers that name its
/// state.
#pragma once

#include <rheobase/engine.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace brunel {

struct Parameters {
  std::uint32_t excitatory = 8000;  ///< and a quarter as many inhibitory neurons
  double g = 5.0;                   ///< inhibition is g times as strong as excitation
  double eta = 2.0;                 ///< external rate / the rate whose mean input is the threshold
};

inline constexpr double kDtMs = 0.1;

inline rheobase::Network network(const Parameters& p = {}) {
  constexpr double kJ = 0.1;  // mV
  const rheobase::LifParams lif{
      .tau_m_ms = 20.0, .v_reset_mv = 10.0, .v_threshold_mv = 20.0, .t_ref_ms = 2.0};
  // each neuron hears a tenth of both populations, and as many external neurons as excitatory ones
  const std::uint32_t from_e = p.excitatory / 10;
  const std::uint32_t from_i = from_e / 4;
  const double threshold_hz = lif.v_threshold_mv / (kJ * from_e * lif.tau_m_ms) * 1000.0;
  const rheobase::SynapseSpec excites{.weight = static_cast<float>(kJ), .delay = 15};  // 1.5 ms
  const rheobase::SynapseSpec inhibits{.weight = static_cast<float>(-p.g * kJ), .delay = 15};

  rheobase::NetworkOptions options;
  options.dt_ms = kDtMs;
  rheobase::NetworkBuilder builder(options);
  const auto e = builder.population("E", p.excitatory, rheobase::lif(lif, kDtMs));
  const auto i = builder.population("I", p.excitatory / 4, rheobase::lif(lif, kDtMs));
  for (const auto post : {e, i}) {
    builder.connect(e, post, rheobase::fixed_indegree(from_e), excites);
    builder.connect(i, post, rheobase::fixed_indegree(from_i), inhibits);
    builder.drive(post, rheobase::Drive::Kind::poisson, excites.weight,
                  p.eta * threshold_hz * from_e);
  }
  return builder.build();
}

struct Activity {
  double rate_hz = 0.0;  ///< mean over neurons
  double cv = 0.0;       ///< coefficient of variation of inter-spike intervals, mean over neurons
  std::size_t neurons_with_cv = 0;  ///< neurons with enough intervals to have one
};

/// Activity of neurons `ids` in the bursts after `skipped` of a recording that holds their spikes.
inline Activity activity(const rheobase::RecordBatch& record, rheobase::IdRange ids,
                         std::size_t skipped) {
  constexpr double kFewestIntervals = 5;
  struct Intervals {
    std::size_t last = 0;  // index of the burst of the last spike; 0: none yet
    double count = 0.0, sum = 0.0, squares = 0.0;
  };
  std::vector<Intervals> neurons(ids.count);
  double spikes = 0.0;
  for (std::size_t b = skipped; b < record.bursts.size(); ++b) {
    for (auto s = record.spike_begin[b]; s < record.spike_begin[b + 1]; ++s) {
      if (record.spike_ids[s] - ids.first >= ids.count) {
        continue;
      }
      Intervals& n = neurons[record.spike_ids[s] - ids.first];
      if (n.last != 0) {
        const auto interval = static_cast<double>(b + 1 - n.last);
        n.count += 1.0;
        n.sum += interval;
        n.squares += interval * interval;
      }
      n.last = b + 1;
      spikes += 1.0;
    }
  }

  Activity a;
  const double seconds = static_cast<double>(record.bursts.size() - skipped) * kDtMs * 1e-3;
  a.rate_hz = spikes / seconds / ids.count;
  for (const Intervals& n : neurons) {
    if (n.count >= kFewestIntervals) {
      const double mean = n.sum / n.count;
      a.cv += std::sqrt((n.squares - n.sum * mean) / (n.count - 1.0)) / mean;
      ++a.neurons_with_cv;
    }
  }
  if (a.neurons_with_cv != 0) {
    a.cv /= static_cast<double>(a.neurons_with_cv);
  }
  return a;
}

}  // namespace brunel
