// SPDX-License-Identifier: Apache-2.0
#include <fmt/printf.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/bench/bench.h"
#include "cli/commands.h"
#include "cli/validators.h"
#include "rheobase/host.h"
#include "rheobase/host_limits.h"

namespace rheobase::cli {
namespace {

struct BenchCpuArguments {
  std::vector<std::uint32_t> neurons{10'000, 100'000, 1'000'000, 10'000'000};
  std::vector<double> firing{0.1, 1.0, 10.0, 20.0};
  std::vector<std::uint32_t> threads;
  BenchNetwork network;
  bool record = false;
  bool scheduled = false;
  double seconds = 0.5;
  bool no_limits = false;
  bool json = false;
};

/// Only a scheduled input brings a neuron to its threshold.
constexpr float kUnreachable = 1e9F;
NeuronParams unreachable() {
  NeuronParams p;
  p.threshold = kUnreachable;
  return p;
}

/// In each burst, other neurons at random are made to fire.
InputSchedule regular_input(std::uint32_t neurons, double percent) {
  constexpr std::uint64_t kMostEntries = 20'000'000;
  const auto each = std::max(1U, static_cast<std::uint32_t>(neurons * percent / 100.0));
  InputSchedule input;
  Numbers numbers;
  for (std::uint64_t burst = 1; burst <= kMostEntries / each; ++burst) {
    for (std::uint32_t i = 0; i < each; ++i) {
      input.bursts.push_back(burst);
      // ascending, one of every stretch of neurons
      const auto begin = static_cast<std::uint32_t>(std::uint64_t{i} * neurons / each);
      const auto end = static_cast<std::uint32_t>((i + std::uint64_t{1}) * neurons / each);
      input.ids.push_back(begin + numbers.below(end - begin));
      input.potentials.push_back(2.0F * kUnreachable);
    }
  }
  return input;
}

/// Takes everything and keeps nothing.
class Drain final : public RecordSink {
 public:
  void write(const RecordBatch& batch) override { spikes_ += batch.spike_ids.size(); }
  void close() override {}

 private:
  std::uint64_t spikes_ = 0;
};

void print_row(std::uint32_t neurons, double firing, std::uint32_t threads, const Measured& m,
               const HostLimits& limits) {
  std::string line =
      fmt::sprintf("%10u %6.1f %% %7u %11.1f us %7.2f G/s %7.3f G/s", neurons, firing, threads,
                   1e6 * m.seconds_per_burst, 1e-9 * m.events / m.seconds_per_burst,
                   1e-9 * neurons / m.seconds_per_burst);
  std::cout << line;
  if (limits.step > 0.0) {
    line = fmt::sprintf(" %10.1f %10.1f %10.1f %9.1f us %6.1f %%", 1e6 * limits.plain,
                        1e6 * limits.prefetched, 1e6 * limits.binned, 1e6 * limits.step,
                        100.0 * limits.burst() / m.seconds_per_burst);
    std::cout << line;
  }
  std::cout << std::endl;
}

void bench_size(const BenchCpuArguments& a, std::uint32_t neurons, nlohmann::ordered_json& rows) {
  const auto start = std::chrono::steady_clock::now();
  const Network network = bench_network(a.network, neurons, a.firing.front());
  const double build =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double bytes = static_cast<double>(network.memory_bytes()) /
                       static_cast<double>(std::max<std::uint64_t>(network.synapse_count(), 1));
  const bool wide_words = network.charge().accumulator_bits != 32;
  std::cout << "# " << neurons << " neurons x " << a.network.synapses
            << " synapses, accumulators of " << network.charge().accumulator_bits << " bits, "
            << bytes << " bytes per synapse, built in " << build << " s ("
            << 1e-6 * static_cast<double>(network.synapse_count()) / build << " M synapses/s)\n";
  for (const std::uint32_t threads : a.threads) {
    for (const double firing : a.firing) {
      HostLimits limits;
      if (!a.no_limits) {
        limits = measure_host_limits(
            {neurons, a.network.synapses, firing / 100.0, threads, wide_words}, a.seconds);
      }
      Engine engine(network, {"cpu", threads, 1, {}});
      NetworkEdit edit;
      edit.set_params(0, neurons,
                      a.scheduled ? unreachable() : noisy(firing, a.network.candidates));
      engine.edit(edit);
      if (a.scheduled) {
        engine.schedule(regular_input(neurons, firing));
      }
      if (a.record) {
        RecordPlan plan;
        plan.spikes = {{0, neurons}};
        engine.record(plan);
        engine.add_sink(std::make_shared<Drain>());
      }
      const Measured m = measure_bursts(engine, a.seconds, 0.1);
      print_row(neurons, firing, threads, m, limits);
      rows.push_back({{"neurons", neurons},
                      {"synapses", a.network.synapses},
                      {"delays", a.network.delays},
                      {"firing_percent", firing},
                      {"threads", threads},
                      {"accumulator_bits", wide_words ? 64 : 32},
                      {"bytes_per_synapse", bytes},
                      {"build_seconds", build},
                      {"seconds_per_burst", m.seconds_per_burst},
                      {"events_per_burst", m.events},
                      {"spikes_per_burst", m.spikes},
                      {"limit_plain_seconds", limits.plain},
                      {"limit_prefetched_seconds", limits.prefetched},
                      {"limit_binned_seconds", limits.binned},
                      {"limit_step_seconds", limits.step}});
    }
  }
}

void bench_cpu(BenchCpuArguments a) {
  if (a.threads.empty()) {
    a.threads = {1};
    if (host_info().cores > 1) {
      a.threads.push_back(host_info().cores);
    }
  }
  std::cout
      << "# " << host_info().cores << " cores\n"
      << "#  neurons   firing threads       burst      events      neurons      plain prefetched"
         "     binned       step  of the limit (best of the three, and step)\n";
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const std::uint32_t neurons : a.neurons) {
    bench_size(a, neurons, rows);
  }
  if (a.json) {
    std::cout << rows.dump() << "\n";
  }
}

}  // namespace

void add_bench_cpu(CLI::App& bench, int& exit_code) {
  auto a = std::make_shared<BenchCpuArguments>();
  CLI::App* command = bench.add_subcommand(
      "cpu", "Bursts on the CPU: sizes, firing, threads, beside plain loops over the same data");
  command->add_option("--neurons", a->neurons, "Sizes of the network")->delimiter(',');
  command->add_option("--firing", a->firing, "Percent of the neurons that fire in a burst")
      ->delimiter(',')
      ->check(CLI::Range(0.001, 99.0));
  command->add_option("--threads", a->threads, "Numbers of threads (default: 1 and all cores)")
      ->delimiter(',')
      ->check(CLI::Range(1, 1024));
  command->add_option("--synapses", a->network.synapses, "Synapses of each neuron")
      ->capture_default_str();
  command->add_option("--delays", a->network.delays, "Delays in use: 1, 2, … bursts")
      ->check(CLI::Range(1, 255))
      ->capture_default_str();
  command->add_option("--seconds", a->seconds, "How long each measurement may take")
      ->check(above_zero())
      ->capture_default_str();
  command->add_flag("--real-weights", a->network.real_weights,
                    "Weights of 0.3 in quanta of 2^-30, which take accumulators of 64 bits");
  command->add_flag("--candidates", a->network.candidates,
                    "FEAGI's rules, which count events, instead of the plain LIF");
  command->add_flag("--wide", a->network.wide, "Synapses of 8 bytes instead of 4");
  command->add_flag("--scheduled", a->scheduled,
                    "Neurons fire by scheduled input instead of by draw");
  command->add_flag("--record", a->record, "Record all spikes");
  command->add_flag("--no-limits", a->no_limits, "Do not measure the limits");
  command->add_flag("--json", a->json, "End with one JSON array of all rows");
  command->callback([a, &exit_code] {
    bench_cpu(*a);
    exit_code = kDone;
  });
}

}  // namespace rheobase::cli
