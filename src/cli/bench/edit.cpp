// SPDX-License-Identifier: Apache-2.0
#include <fmt/printf.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>

#include "cli/bench/bench.h"
#include "cli/commands.h"
#include "cli/validators.h"
#include "rheobase/engine.h"

namespace rheobase::cli {
namespace {

struct BenchEditArguments {
  std::vector<std::uint64_t> synapses{1'000'000, 10'000'000};
  std::vector<std::uint32_t> sizes{1, 10, 100, 1'000, 10'000, 100'000};
  std::string backend = "cpu";
};

constexpr std::uint32_t kPerNeuron = 100;

template <class Work>
double milliseconds(Work work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return 1e3 * std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

NetworkBuilder population_of(std::uint32_t neurons) {
  NetworkBuilder b;
  b.population("bench", neurons, {});
  return b;
}

std::vector<Synapse> random_list(std::uint32_t neurons, std::uint32_t count) {
  Numbers numbers;
  std::vector<Synapse> list;
  for (std::uint32_t i = 0; i < count; ++i) {
    list.push_back({numbers.below(neurons), numbers.below(neurons), 1.0F, 1.0F, 1});
  }
  return list;
}

/// A million synapses one by one into a network without any, against building it with them.
void compare_with_build(const BenchEditArguments& a) {
  constexpr std::uint32_t kNeurons = 10'000;
  const std::vector<Synapse> list = random_list(kNeurons, 1'000'000);
  std::vector<double> build;
  std::vector<double> edit;
  for (int round = 0; round < 5; ++round) {
    build.push_back(milliseconds([&] {
      NetworkBuilder b = population_of(kNeurons);
      b.connect(list);
      Engine engine(b.build(), {a.backend, 1, 1, {}});
      engine.run(1);
    }));
    Engine engine(population_of(kNeurons).build(), {a.backend, 1, 1, {}});
    edit.push_back(milliseconds([&] {
      NetworkEdit changes;
      for (const Synapse& s : list) {
        changes.add_synapse(s);
      }
      engine.edit(changes);
      engine.run(1);
    }));
  }
  const std::string line = fmt::sprintf(
      "a million add_synapse calls, one edit, one burst %8.1f ms; built with them, one "
      "burst %8.1f ms: %.2f times\n",
      median(edit), median(build), median(edit) / median(build));
  std::cout << line << std::flush;
}

void measure_sizes(const BenchEditArguments& a, std::uint64_t synapses) {
  const auto neurons = static_cast<std::uint32_t>(synapses / kPerNeuron);
  NetworkBuilder b = population_of(neurons);
  b.connect(0, 0, fixed_outdegree(kPerNeuron, true, true));
  Engine engine(b.build(), {a.backend, 1, 1, {}});
  engine.run(1);
  Numbers numbers;
  for (const std::uint32_t k : a.sizes) {
    std::vector<double> adding;
    std::vector<double> weighing;
    for (int round = 0; round < 5; ++round) {
      NetworkEdit add;
      NetworkEdit weigh;
      for (std::uint32_t i = 0; i < k; ++i) {
        const NeuronId pre = numbers.below(neurons);
        add.add_synapse({pre, numbers.below(neurons), 1.0F, 1.0F, 1});
        const NeuronId other = numbers.below(neurons);
        const std::vector<Synapse> row = engine.network().outgoing(other);
        weigh.set_weight(other, row[numbers.below(static_cast<std::uint32_t>(row.size()))].post,
                         static_cast<float>(1U + numbers.below(3)));
      }
      adding.push_back(milliseconds([&] { engine.edit(add); }));
      weighing.push_back(milliseconds([&] { engine.edit(weigh); }));
    }
    const std::string line = fmt::sprintf(
        "%10llu synapses, edit of %6u: add_synapse %9.3f ms (%8.3f us each), set_weight "
        "%9.3f ms (%8.3f us each)\n",
        static_cast<unsigned long long>(synapses), k, median(adding), 1e3 * median(adding) / k,
        median(weighing), 1e3 * median(weighing) / k);
    std::cout << line << std::flush;
  }
}

}  // namespace

void add_bench_edit(CLI::App& bench, int& exit_code) {
  auto a = std::make_shared<BenchEditArguments>();
  CLI::App* command =
      bench.add_subcommand("edit", "Live edits: what k changes cost, beside building anew");
  command->add_option("--synapses", a->synapses, "Sizes of the network, 100 synapses per neuron")
      ->delimiter(',')
      ->check(CLI::Range(1000, 1'000'000'000));
  command->add_option("--sizes", a->sizes, "Changes in one edit")
      ->delimiter(',')
      ->check(above_zero());
  command->add_option("--backend", a->backend, "Where the network runs")->capture_default_str();
  command->callback([a, &exit_code] {
    compare_with_build(*a);
    for (const std::uint64_t synapses : a->synapses) {
      measure_sizes(*a, synapses);
    }
    exit_code = kDone;
  });
}

}  // namespace rheobase::cli
