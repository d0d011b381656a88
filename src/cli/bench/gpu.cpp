// SPDX-License-Identifier: Apache-2.0
#include <fmt/printf.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/bench/bench.h"
#include "cli/commands.h"
#include "cli/profile.h"
#include "cli/validators.h"
#include "rheobase/engine.h"
#include "rheobase/error.h"
#include "rheobase/host.h"
#include "rheobase/text.h"

namespace rheobase::cli {
namespace {

struct BenchArguments {
  std::vector<std::uint32_t> neurons{10'000, 100'000, 500'000, 1'000'000, 10'000'000};
  std::vector<double> firing{0.1, 1.0, 10.0, 20.0};
  BenchNetwork network;
  std::vector<std::string> backends;
  double seconds = 0.3;
  bool variants = false;
  bool no_limits = false;
  bool profile = false;
  bool json = false;
};

/// Bytes that a burst must move: state read and written, accumulator read and cleared, class read;
/// for each event a synapse read, and its accumulator read and written.
double bytes_of(std::uint32_t neurons, const Measured& m, bool wide) {
  return neurons * bytes_per_neuron(wide) + m.events * (4.0 + (wide ? 16.0 : 8.0));
}

/// The delivery's atomics, what the step moves, and two dispatches that wait for each other.
double limit_of(std::uint32_t neurons, const Measured& m, const DeviceLimits& limits, bool wide) {
  const double atomics = wide ? limits.wide_atomics_per_second : limits.atomics_per_second;
  return m.events / atomics + neurons * bytes_per_neuron(wide) / limits.copy_bytes_per_second +
         2.0 * limits.dispatch_seconds;
}

void print_row(std::uint32_t neurons, double firing, const std::string& backend, const Measured& m,
               const DeviceLimits* limits, bool wide) {
  std::string line = fmt::sprintf(
      "%10u %6.1f %%  %-12s %11.1f us %8.2f G/s %8.3f G/s %9.2f MB %7.1f", neurons, firing,
      backend.c_str(), 1e6 * m.seconds_per_burst, 1e-9 * m.events / m.seconds_per_burst,
      1e-9 * neurons / m.seconds_per_burst, 1e-6 * bytes_of(neurons, m, wide), m.bursts_per_batch);
  std::cout << line;
  if (limits != nullptr) {
    line = fmt::sprintf("  %5.1f %%",
                        100.0 * limit_of(neurons, m, *limits, wide) / m.seconds_per_burst);
    std::cout << line;
  }
  std::cout << std::endl;
}

/// Ways to run a network on a GPU whose speed is worth knowing.
std::vector<std::string> variants_of(const std::string& gpu) {
  std::vector<std::string> list{gpu};
  for (const char* option : {"index=hash",
                             "delivery=push",
                             "delivery=sweep",
                             "sum=pair",
                             "arithmetic=integer",
                             "delivery=push+deliver_workgroup=32",
                             "delivery=push+deliver_workgroup=64",
                             "delivery=push+deliver_workgroup=256",
                             "delivery=push+deliver_groups=1024",
                             "delivery=push+deliver_groups=4096",
                             "delivery=push+deliver_groups=16384",
                             "update_workgroup=64",
                             "update_workgroup=128",
                             "neurons_per_thread=1",
                             "neurons_per_thread=4",
                             "team=64",
                             "team=128",
                             "team=256",
                             "team=64+update_workgroup=128",
                             "team=64+update_workgroup=64"}) {
    list.push_back(gpu + "+" + option);
  }
  return list;
}

void bench_size(const BenchArguments& a, std::uint32_t neurons, nlohmann::ordered_json& rows) {
  const auto start = std::chrono::steady_clock::now();
  const Network network = bench_network(a.network, neurons, a.firing.front());
  const double build =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::cout << "# " << neurons << " neurons x " << a.network.synapses
            << " synapses, accumulators of " << network.charge().accumulator_bits << " bits, "
            << static_cast<double>(network.memory_bytes()) /
                   static_cast<double>(std::max<std::uint64_t>(network.synapse_count(), 1))
            << " bytes per synapse, built in " << build << " s\n";
  const bool wide = network.charge().accumulator_bits != 32;
  for (const std::string& name : a.backends) {
    const auto [backend, threads] = backend_of(name);
    std::unique_ptr<DeviceLimits> limits;
    if (backend.starts_with("wgpu") && !a.no_limits) {
      limits = std::make_unique<DeviceLimits>(measure_limits(backend, neurons));
      const std::string line = fmt::sprintf(
          "# limits of %s: %.1f G random atomics/s (64 bits: %.1f), copy %.0f GB/s, "
          "dispatch %.2f us\n",
          backend.c_str(), 1e-9 * limits->atomics_per_second,
          1e-9 * limits->wide_atomics_per_second, 1e-9 * limits->copy_bytes_per_second,
          1e6 * limits->dispatch_seconds);
      std::cout << line << std::flush;
    }
    try {
      Engine engine(network, {backend, threads, 1, {}});
      for (const double firing : a.firing) {
        NetworkEdit edit;
        edit.set_params(0, neurons, noisy(firing, a.network.candidates));
        engine.edit(edit);
        const Measured m = measure_bursts(engine, a.seconds, kGpuWarmSeconds);
        print_row(neurons, firing, name, m, limits.get(), wide);
        if (a.profile) {
          std::vector<ProfileSpan> spans;
          RunOptions options;
          options.profile = &spans;
          engine.run(32, options);
          std::cout << profile_table(spans);
        }
        rows.push_back({{"neurons", neurons},
                        {"synapses", a.network.synapses},
                        {"firing_percent", firing},
                        {"backend", name},
                        {"accumulator_bits", wide ? 64 : 32},
                        {"seconds_per_burst", m.seconds_per_burst},
                        {"events_per_burst", m.events},
                        {"spikes_per_burst", m.spikes},
                        {"bytes_per_burst", bytes_of(neurons, m, wide)},
                        {"bursts_per_batch", m.bursts_per_batch}});
        if (limits != nullptr) {
          rows.back()["atomics_per_second"] =
              wide ? limits->wide_atomics_per_second : limits->atomics_per_second;
          rows.back()["copy_bytes_per_second"] = limits->copy_bytes_per_second;
          rows.back()["dispatch_seconds"] = limits->dispatch_seconds;
          rows.back()["limit_seconds"] = limit_of(neurons, m, *limits, wide);
        }
      }
    } catch (const Error& error) {
      if (error.code() != ErrorCode::out_of_memory) {
        throw;
      }
      std::cout << "# " << name << ": " << error.what() << "\n";
    }
  }
}

/// For each firing, the variants within 2 % of the fastest.
void print_fastest(const BenchArguments& a, const nlohmann::ordered_json& rows, std::size_t first) {
  for (const double firing : a.firing) {
    double least = 0.0;
    for (std::size_t i = first; i < rows.size(); ++i) {
      const double seconds = rows[i]["seconds_per_burst"];
      if (rows[i]["firing_percent"] == firing && (least == 0.0 || seconds < least)) {
        least = seconds;
      }
    }
    std::cout << "# fastest at " << firing << " %:";
    for (std::size_t i = first; i < rows.size(); ++i) {
      const double seconds = rows[i]["seconds_per_burst"];
      if (rows[i]["firing_percent"] == firing && seconds <= 1.02 * least) {
        std::cout << " " << rows[i]["backend"].get<std::string>();
      }
    }
    std::cout << "\n";
  }
}

void bench_gpu(BenchArguments a) {
  if (a.variants) {
    a.backends = variants_of(a.backends.empty() ? "wgpu" : a.backends.front());
  }
  if (a.backends.empty()) {
    a.backends = {"cpu@1", "cpu@" + number_text(host_info().cores), "wgpu"};
    if (host_info().cores == 1) {
      a.backends.erase(a.backends.begin());
    }
  }
  for (const DeviceInfo& device : devices()) {
    std::cout << "# " << device.backend << ": " << device.device << " (" << device.reason << ")\n";
  }
  std::cout
      << "#  neurons   firing  backend            burst      events      neurons        moved  "
         "bursts a batch  of the limit\n";
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const std::uint32_t neurons : a.neurons) {
    const std::size_t first = rows.size();
    bench_size(a, neurons, rows);
    if (a.variants) {
      print_fastest(a, rows, first);
    }
  }
  if (a.json) {
    std::cout << rows.dump() << "\n";
  }
}

}  // namespace

void add_bench_gpu(CLI::App& bench, int& exit_code) {
  auto a = std::make_shared<BenchArguments>();
  CLI::App* gpu = bench.add_subcommand(
      "gpu", "Bursts on the CPU and the GPU: sizes, firing, and the limits of the device");
  gpu->add_option("--neurons", a->neurons, "Sizes of the network")->delimiter(',');
  gpu->add_option("--firing", a->firing, "Percent of the neurons that fire in a burst")
      ->delimiter(',')
      ->check(CLI::Range(0.001, 99.0));
  gpu->add_option("--synapses", a->network.synapses, "Synapses of each neuron")
      ->capture_default_str();
  gpu->add_option("--backends", a->backends,
                  "What to compare; cpu@N is cpu with N threads (default: cpu@1, cpu with all "
                  "cores, wgpu)")
      ->delimiter(',');
  gpu->add_option("--seconds", a->seconds, "How long each measurement may take")
      ->check(above_zero())
      ->capture_default_str();
  gpu->add_flag("--real-weights", a->network.real_weights,
                "Weights of 0.3 in quanta of 2^-30, which take accumulators of 64 bits");
  gpu->add_flag("--candidates", a->network.candidates,
                "FEAGI's rules, which count events, instead of the plain LIF");
  gpu->add_flag("--wide", a->network.wide, "Synapses of 8 bytes instead of 4");
  gpu->add_flag("--variants", a->variants,
                "Compare the ways to run on one GPU: index, delivery, workgroups");
  gpu->add_flag("--profile", a->profile, "Also the parts of a burst, as the device times them");
  gpu->add_flag("--no-limits", a->no_limits, "Do not measure the device's limits");
  gpu->add_flag("--json", a->json, "End with one JSON array of all rows");
  gpu->callback([a, &exit_code] {
    bench_gpu(*a);
    exit_code = kDone;
  });
}

}  // namespace rheobase::cli
