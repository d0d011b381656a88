// SPDX-License-Identifier: Apache-2.0
#include "rheobase/realtime.h"

#include <fmt/printf.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <optional>

#include "cli/bench/bench.h"
#include "cli/commands.h"
#include "cli/validators.h"

namespace rheobase::cli {
namespace {

struct BenchRealtimeArguments {
  std::string backend = "cpu";
  std::uint32_t neurons = 10'000;
  std::uint32_t synapses = 100;
  double firing = 1.0;
  double hz = 1000.0;
  double seconds = 60.0;
  std::uint32_t values = 1000;
  bool catch_up = false;
  std::uint32_t threads = 0;
  std::uint32_t priority = 0;
  std::optional<std::uint32_t> core;
  bool lock_memory = false;
};

void print_times(const char* what, const TimeSpread& t) {
  const std::string line = fmt::sprintf("%-28s p50 %8.1f  p99 %8.1f  p99.9 %8.1f  max %8.1f us\n",
                                        what, t.p50, t.p99, t.p999, t.max);
  std::cout << line;
}

double percentile(std::vector<double>& sorted, double share) {
  return sorted[std::min(sorted.size() - 1,
                         static_cast<std::size_t>(share * static_cast<double>(sorted.size())))];
}

std::vector<NeuronId> some_neurons(Numbers& numbers, const BenchRealtimeArguments& a) {
  std::vector<NeuronId> ids(a.values);
  std::generate(ids.begin(), ids.end(), [&] { return numbers.below(a.neurons); });
  return ids;
}

/// From input to output as fast as it goes: inject, one burst, the spikes of a tenth of the
/// neurons.
void bench_answer(const BenchRealtimeArguments& a, const Network& network) {
  constexpr int kRounds = 5000;
  Engine engine(network, {a.backend, 0, 1, {}});
  RecordPlan plan;
  plan.spikes = {{0, std::max(1U, a.neurons / 10U)}};
  engine.record(plan);
  const std::vector<float> potentials(a.values, 1.0F);
  std::vector<NeuronId> read;
  RunOptions options;
  options.batch = [&](const RecordBatch& batch) { read = batch.spike_ids; };
  Numbers numbers;
  std::vector<double> times;
  for (int i = 0; i < kRounds; ++i) {
    const std::vector<NeuronId> ids = some_neurons(numbers, a);
    const auto start = std::chrono::steady_clock::now();
    engine.inject(ids, potentials);
    engine.run(1, options);
    times.push_back(
        1e6 * std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::sort(times.begin(), times.end());
  print_times("inject, burst, read", {percentile(times, 0.5), percentile(times, 0.99),
                                      percentile(times, 0.999), times.back()});
}

void bench_realtime(const BenchRealtimeArguments& a) {
  BenchNetwork described;
  described.synapses = a.synapses;
  const Network network = bench_network(described, a.neurons, a.firing);
  Engine engine(network, {a.backend, a.threads, 1, {}});
  std::cout << "# " << a.neurons << " neurons x " << a.synapses << " synapses, " << a.firing
            << " % firing, " << a.values << " values in; " << engine.backend() << "\n";
  bench_answer(a, network);
  RealtimeOptions options;
  options.hz = a.hz;
  options.late = a.catch_up ? Late::catch_up : Late::skip;
  options.outputs = {{0, std::max(1U, a.neurons / 10U)}};
  options.bursts = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(a.hz * a.seconds));
  options.priority = a.priority;
  options.core = a.core;
  options.lock_memory = a.lock_memory;
  Realtime loop(engine, options);
  Numbers numbers;
  loop.send(some_neurons(numbers, a), std::vector<float>(a.values, 1.0F), 0, "values");
  while (loop.next().has_value()) {
    loop.send(some_neurons(numbers, a), std::vector<float>(a.values, 1.0F), 0, "values");
  }
  const RealtimeStats stats = loop.stats();
  std::cout << a.hz << " Hz for " << a.seconds << " s: " << stats.bursts << " bursts, "
            << stats.late << " late, " << stats.skipped << " skipped\n";
  print_times("due to begin (jitter)", stats.jitter);
  print_times("begin to outputs", stats.work);
}

}  // namespace

void add_bench_realtime(CLI::App& bench, int& exit_code) {
  auto a = std::make_shared<BenchRealtimeArguments>();
  CLI::App* command = bench.add_subcommand(
      "realtime", "How fast a burst answers, and how a steady frequency is kept");
  command->add_option("--backend", a->backend, "cpu, wgpu, …")->capture_default_str();
  command->add_option("--neurons", a->neurons, "Size of the network")
      ->check(above_zero())
      ->capture_default_str();
  command->add_option("--synapses", a->synapses, "Synapses of each neuron")->capture_default_str();
  command->add_option("--firing", a->firing, "Percent of the neurons that fire in a burst")
      ->check(CLI::Range(0.001, 99.0))
      ->capture_default_str();
  command->add_option("--hz", a->hz, "Bursts a second")->capture_default_str();
  command->add_option("--seconds", a->seconds, "How long")
      ->check(above_zero())
      ->capture_default_str();
  command->add_option("--values", a->values, "Neurons that receive input before each burst")
      ->capture_default_str();
  command->add_flag("--catch-up", a->catch_up, "Run bursts that are late instead of skipping them");
  command->add_option("--threads", a->threads, "Threads of the cpu backend");
  command
      ->add_option("--priority", a->priority,
                   "1 to 99: the brain's thread goes before all others (0: as they)")
      ->check(CLI::Range(0, 99));
  command->add_option("--core", a->core, "The core on which the brain's thread runs");
  command->add_flag("--lock-memory", a->lock_memory, "Nothing is paged out meanwhile");
  command->callback([a, &exit_code] {
    bench_realtime(*a);
    exit_code = kDone;
  });
}

}  // namespace rheobase::cli
