// SPDX-License-Identifier: Apache-2.0
#include <fmt/printf.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/bench/bench.h"
#include "cli/commands.h"
#include "cli/validators.h"
#include "rheobase/model.h"

namespace rheobase::cli {
namespace {

struct BenchModelsArguments {
  std::uint32_t neurons = 100'000;
  std::vector<std::string> backends{"cpu@1"};
  std::vector<std::string> models;
  double seconds = 0.5;
  double dt = 0.1;
  bool json = false;
};

/// Unconnected neurons that are given a current, where their model has one, so that they fire.
Network population_of(const std::string& name, const BenchModelsArguments& a) {
  NetworkBuilder builder({a.dt, 1, {}, 8U});
  if (name == "lif") {
    static_cast<void>(builder.population("neurons", a.neurons, lif({}, a.dt)));
    return builder.build();
  }
  const Model model = Model::named(name);
  std::vector<ModelValue> values;
  for (const ModelItem& item : model.params()) {
    if (item.name == "I_e") {
      values.push_back({item.name, {item.unit == "pA" ? 400.0 : 10.0}});  // enough to fire
    }
  }
  static_cast<void>(builder.population_of(model, "neurons", a.neurons, std::move(values)));
  return builder.build();
}

/// That a step must move: states in and out, what arrived at each port read and cleared, input.
double bytes_of(const std::string& name, const Network& network) {
  const Model& model = network.areas().front().spec.model;
  const double word = network.charge().accumulator_bits / 8.0;
  if (name == "lif") {
    return bytes_per_neuron(word > 4.0);
  }
  const double ports = static_cast<double>(std::max<std::size_t>(model.ports().size(), 1));
  return 8.0 * static_cast<double>(model.states().size()) + 2.0 * word * ports + 4.0;
}

void bench_models(const BenchModelsArguments& a) {
  std::vector<std::string> names = a.models;
  if (names.empty()) {
    names = Model::names();
    names.insert(names.begin(), "lif");  // the neuron without a model, beside them
  }
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const std::string& backend : a.backends) {
    const auto [plain, threads] = backend_of(backend);
    const bool gpu = plain.starts_with("wgpu");
    const double copy =
        gpu ? measure_limits(plain, std::uint64_t{1} << 22U).copy_bytes_per_second : 0.0;
    std::cout << "# " << a.neurons << " neurons, dt " << a.dt << " ms, " << backend
              << "; medians of five"
              << (gpu ? fmt::sprintf("; copying takes %.0f GB/s", 1e-9 * copy) : std::string())
              << "\n"
              << "model                 us a step   ns a neuron   bytes a neuron     GB/s"
              << (gpu ? "   times the copy" : "") << "\n";
    for (const std::string& name : names) {
      const Network network = population_of(name, a);
      Engine engine(network, {plain, threads, 1, {}});
      const Measured m = measure_bursts(engine, a.seconds, gpu ? kGpuWarmSeconds : a.seconds);
      const double bytes = bytes_of(name, network);
      const double per_second = bytes * a.neurons / m.seconds_per_burst;
      std::cout << fmt::sprintf("%-20s %10.2f %13.3f %16.0f %8.1f", name.c_str(),
                                1e6 * m.seconds_per_burst, 1e9 * m.seconds_per_burst / a.neurons,
                                bytes, 1e-9 * per_second)
                << (gpu ? fmt::sprintf(" %16.2f", copy / per_second) : std::string()) << "\n"
                << std::flush;
      rows.push_back({{"model", name},
                      {"backend", backend},
                      {"neurons", a.neurons},
                      {"seconds_per_step", m.seconds_per_burst},
                      {"bytes_per_neuron", bytes},
                      {"spikes_per_step", m.spikes},
                      {"copy_bytes_per_second", copy}});
    }
  }
  if (a.json) {
    std::cout << rows.dump() << "\n";
  }
}

}  // namespace

void add_bench_models(CLI::App& bench, int& exit_code) {
  auto arguments = std::make_shared<BenchModelsArguments>();
  CLI::App* command = bench.add_subcommand(
      "models", "The step of models that come with Rheobase, on the CPU and the GPU");
  command->add_option("--neurons", arguments->neurons, "How many")
      ->check(above_zero())
      ->capture_default_str();
  command->add_option("--backend", arguments->backends, "cpu, cpu@4 (with four threads), wgpu")
      ->capture_default_str();
  command->add_option("--model", arguments->models, "Names; lif is the neuron without a model");
  command->add_option("--seconds", arguments->seconds, "Of each measurement")
      ->capture_default_str();
  command->add_flag("--json", arguments->json, "Also as one line of JSON, the last");
  command->callback([arguments, &exit_code] {
    bench_models(*arguments);
    exit_code = kDone;
  });
}

}  // namespace rheobase::cli
