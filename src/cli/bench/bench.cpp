// SPDX-License-Identifier: Apache-2.0
#include "cli/bench/bench.h"

#include <algorithm>
#include <array>

#include "cli/commands.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase::cli {

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

NeuronParams noisy(double percent, bool candidates) {
  NeuronParams p;
  p.threshold = candidates ? 0.0F : -1e30F;
  p.threshold_limit = kNoLimit;
  p.excitability = static_cast<float>(percent / 100.0);
  p.leak = 0.1F;
  return p;
}

Network bench_network(const BenchNetwork& a, std::uint32_t neurons, double percent) {
  NetworkOptions options;
  if (a.candidates) {
    options.rules = rules_of(Semantics::feagi_0_0_53);
  }
  if (a.real_weights) {
    options.quantum_bits = 30;  // a hundred charges of 0.3 then exceed 32 bits
  }
  NetworkBuilder b(options);
  const AreaId area = b.population("bench", neurons, noisy(percent, a.candidates));
  SynapseSpec synapse;
  synapse.weight = a.real_weights ? 0.3F : 1.0F;
  if (a.wide) {
    // kinds are numbered as they come: behind 256 others, the kind of all the rest needs wide
    // synapses
    for (std::uint32_t i = 0; i < 256; ++i) {
      SynapseSpec other;
      other.weight = static_cast<float>(i + 2U);
      b.connect(area, area, index_pairs({0}, {0}), other);
    }
  }
  for (std::uint32_t delay = 1; delay <= a.delays; ++delay) {
    synapse.delay = delay;
    const std::uint32_t share = a.synapses * delay / a.delays - a.synapses * (delay - 1) / a.delays;
    b.connect(area, area, fixed_outdegree(share, true, true), synapse);
  }
  if (a.candidates) {
    b.drive(area, Drive::Kind::constant, 1.0F);  // all are candidates
  }
  return b.build();
}

Measured measure_bursts(Engine& engine, double seconds, double warm_seconds) {
  std::uint64_t bursts = 1;
  double warm = 0.0;
  for (;;) {
    const RunSummary s = engine.run(bursts);
    warm += s.seconds;
    if (s.seconds <= seconds / 5.0 && bursts < 1U << 20U) {
      bursts *= 2;
    } else if (warm > warm_seconds) {
      break;
    }
  }
  std::array<double, 5> times{};
  Measured m;
  for (double& time : times) {
    const RunSummary s = engine.run(bursts);
    time = s.seconds / static_cast<double>(bursts);
    m.events += static_cast<double>(s.events) / static_cast<double>(bursts) / times.size();
    m.spikes += static_cast<double>(s.spikes) / static_cast<double>(bursts) / times.size();
    m.bursts_per_batch +=
        static_cast<double>(bursts) / static_cast<double>(s.batches) / times.size();
  }
  m.seconds_per_burst = median({times.begin(), times.end()});
  return m;
}

std::pair<std::string, std::uint32_t> backend_of(const std::string& name) {
  const std::size_t at = name.rfind('@');
  if (at == std::string::npos) {
    return {name, 0};
  }
  try {
    return {name.substr(0, at), static_cast<std::uint32_t>(std::stoul(name.substr(at + 1)))};
  } catch (const std::logic_error&) {
    throw Error(ErrorCode::invalid_argument,
                quoted_name(name) + " is not a backend (behind @ belongs a number of threads).");
  }
}

void add_bench(CLI::App& program, int& exit_code) {
  CLI::App* command = program.add_subcommand("bench", "Measure speed beside the machine's limits");
  command->require_subcommand(1);
  add_bench_cpu(*command, exit_code);
  add_bench_gpu(*command, exit_code);
  add_bench_realtime(*command, exit_code);
  add_bench_edit(*command, exit_code);
  add_bench_copies(*command, exit_code);
  add_bench_record(*command, exit_code);
  add_bench_models(*command, exit_code);
}

}  // namespace rheobase::cli
