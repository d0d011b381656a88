// SPDX-License-Identifier: Apache-2.0
#include <fmt/printf.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/bench/bench.h"
#include "cli/commands.h"
#include "cli/validators.h"
#include "rheobase/load.h"

namespace rheobase::cli {
namespace {

struct BenchCopiesArguments {
  std::string brain;
  double drive_hz = 2.0;
  std::uint32_t neurons = 10'000;
  std::uint32_t synapses = 100;
  double firing = 1.0;
  std::vector<std::uint32_t> copies{1, 10, 100, 1000};
  std::vector<std::string> backends{"cpu"};
  double seconds = 0.5;
  bool json = false;
};

/// Input areas of a genome get noise; a network of the benchmark fires by itself.
std::vector<Drive> drives_into(const Network& network, std::uint32_t copies, double hz) {
  std::vector<Drive> drives;
  for (std::uint32_t copy = 0; copy < copies; ++copy) {
    for (const Area& area : network.areas()) {
      if (area.spec.role == "input") {
        drives.push_back({Drive::Kind::poisson, copy * network.neuron_count() + area.first,
                          area.count, 1.0F, hz, 0});
      }
    }
  }
  return drives;
}

Measured measure(const BenchCopiesArguments& a, const Network& one, std::uint32_t copies,
                 const std::string& backend) {
  const auto [name, threads] = backend_of(backend);
  const Network network = copies == 0 ? one : rheobase::copies(one, copies);
  Engine engine(network, {name, threads, 1, drives_into(one, std::max(copies, 1U), a.drive_hz)});
  return measure_bursts(engine, a.seconds, name.starts_with("cpu") ? 0.1 : kGpuWarmSeconds);
}

void bench_copies(const BenchCopiesArguments& a) {
  BenchNetwork described;
  described.synapses = a.synapses;
  const Network one =
      a.brain.empty() ? bench_network(described, a.neurons, a.firing) : load(a.brain).network;
  std::cout << "# copies of " << (a.brain.empty() ? "a network" : a.brain) << " of "
            << one.neuron_count() << " neurons, " << one.synapse_count()
            << " synapses; times are for one burst of one copy\n"
            << "backend             copies        joined     one by one   ratio      events\n";
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const std::string& backend : a.backends) {
    const Measured alone = measure(a, one, 0, backend);
    for (const std::uint32_t copies : a.copies) {
      const Measured joined = measure(a, one, copies, backend);
      const double each = joined.seconds_per_burst / copies;
      const std::string line =
          fmt::sprintf("%-18s %7u %10.2f us %11.2f us %7.2f %7.3f G/s\n", backend.c_str(), copies,
                       1e6 * each, 1e6 * alone.seconds_per_burst, alone.seconds_per_burst / each,
                       1e-9 * joined.events / joined.seconds_per_burst);
      std::cout << line << std::flush;
      rows.push_back({{"backend", backend},
                      {"copies", copies},
                      {"neurons", one.neuron_count()},
                      {"synapses", one.synapse_count()},
                      {"seconds_per_burst_and_copy", each},
                      {"seconds_per_burst_alone", alone.seconds_per_burst},
                      {"events_per_burst", joined.events}});
    }
  }
  if (a.json) {
    std::cout << rows.dump() << "\n";
  }
}

}  // namespace

void add_bench_copies(CLI::App& bench, int& exit_code) {
  auto arguments = std::make_shared<BenchCopiesArguments>();
  CLI::App* command = bench.add_subcommand(
      "copies", "Many brains at once: copies joined into one network against one by one");
  command->add_option("--brain", arguments->brain, "A file; its input areas get a Poisson drive")
      ->check(CLI::ExistingFile);
  command->add_option("--drive-hz", arguments->drive_hz, "Of that drive")->capture_default_str();
  command->add_option("--neurons", arguments->neurons, "Without --brain: of one copy")
      ->check(above_zero())
      ->capture_default_str();
  command->add_option("--synapses", arguments->synapses, "Of each neuron")->capture_default_str();
  command->add_option("--firing", arguments->firing, "Percent of neurons in each burst")
      ->check(CLI::Range(0.0, 99.8))
      ->capture_default_str();
  command->add_option("--copies", arguments->copies, "How many")
      ->delimiter(',')
      ->check(above_zero())
      ->capture_default_str();
  command->add_option("--backends", arguments->backends, "cpu, cpu@4 (with four threads), wgpu")
      ->delimiter(',')
      ->capture_default_str();
  command->add_option("--seconds", arguments->seconds, "Of each measurement")
      ->check(above_zero())
      ->capture_default_str();
  command->add_flag("--json", arguments->json, "Also as one line of JSON, the last");
  command->callback([arguments, &exit_code] {
    bench_copies(*arguments);
    exit_code = kDone;
  });
}

}  // namespace rheobase::cli
