// SPDX-License-Identifier: Apache-2.0
#include <fmt/printf.h>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/bench/bench.h"
#include "cli/commands.h"
#include "cli/stop.h"
#include "cli/validators.h"

namespace rheobase::cli {
namespace {

using Clock = std::chrono::steady_clock;

struct BenchRecordArguments {
  std::uint32_t neurons = 100'000;
  std::uint32_t synapses = 100;
  double firing = 1.0;
  std::string backend = "cpu";
  std::uint32_t bursts = 1000;
  std::string directory;
  bool json = false;
};

/// Where spikes go in a row of the table.
struct Sink {
  const char* name;
  bool spikes = false;
  bool memory = false;
  bool sonata = false, csv = false, npy = false;
  std::uint32_t probed = 0;  ///< neurons whose potential is recorded in every burst
};

std::vector<Sink> sinks() {
  std::vector<Sink> list{{"nothing"}};
  list.push_back({"spikes in memory", true, true});
  list.push_back({"spikes.npy", true, false, false, false, true});
  list.push_back({"spikes.csv", true, false, false, true, false});
  if (has_sonata()) {
    list.push_back({"spikes.h5", true, false, true, false, false});
  }
  list.push_back({"potential of 1,000 neurons", false, true, false, false, false, 1000});
  list.push_back({"potential of all", false, true, false, false, false, 0xFFFFFFFFU});
  return list;
}

std::uint64_t bytes_in(const std::string& directory) {
  std::uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    bytes += entry.file_size();
  }
  return bytes;
}

struct Row {
  double seconds = 0.0;  ///< until everything is written
  std::uint64_t spikes = 0;
  std::uint64_t bytes = 0;  ///< of files
};

Row measure(const BenchRecordArguments& a, const Network& network, const Sink& sink) {
  const auto [name, threads] = backend_of(a.backend);
  Engine engine(network, {name, threads, 1, {}});
  engine.run(20);  // buffers have their sizes then
  RecordPlan plan;
  if (sink.spikes) {
    plan.spikes = {{0, network.neuron_count()}};
  }
  if (sink.probed != 0) {
    plan.probes = {{Field::potential, {0, std::min(sink.probed, network.neuron_count())}, 1}};
  }
  engine.record(plan);
  std::shared_ptr<RecordSink> target;
  const bool files = sink.sonata || sink.csv || sink.npy;
  if (files) {
    target = open_recording(network, plan, {a.directory, sink.sonata, sink.csv, sink.npy});
    engine.add_sink(target);
  } else if (sink.memory) {
    target = std::make_shared<MemorySink>();
    engine.add_sink(target);
  }
  const auto start = Clock::now();
  Row row;
  RunOptions run;
  run.stop = &StopOnSignals::requested();
  const RunSummary summary = engine.run(a.bursts, run);
  if (summary.stopped) {
    throw Stopped{};
  }
  row.spikes = summary.spikes;
  if (target != nullptr) {
    target->close();
  }
  row.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  row.bytes = files ? bytes_in(a.directory) : 0;
  return row;
}

void bench_record(BenchRecordArguments a) {
  BenchNetwork described;
  described.synapses = a.synapses;
  const Network network = bench_network(described, a.neurons, a.firing);
  if (a.directory.empty()) {
    a.directory = (std::filesystem::temp_directory_path() / "rheobase-bench-record").string();
  }
  const StopOnSignals signals;  // the folder goes, however it ends
  struct Remover {
    const std::string& folder;
    ~Remover() {
      std::error_code ignored;
      std::filesystem::remove_all(folder, ignored);
    }
  } const remover{a.directory};
  std::cout << "# " << a.neurons << " neurons x " << a.synapses << " synapses, " << a.firing
            << " % firing, " << a.bursts << " bursts on " << a.backend
            << "; medians of three, until all is written\n"
            << "recorded                         a burst   more than nothing      spikes/s   bytes "
               "a spike\n";
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  double nothing = 0.0;
  std::uint64_t spikes = 0;
  for (const Sink& sink : sinks()) {
    std::vector<double> seconds;
    Row row;
    for (int i = 0; i < 3; ++i) {
      row = measure(a, network, sink);
      seconds.push_back(row.seconds);
    }
    row.seconds = median(seconds);
    spikes = row.spikes;
    nothing = sink.spikes || sink.probed != 0 ? nothing : row.seconds;
    const std::string line = fmt::sprintf(
        "%-28s %9.1f us %14.1f us %11.1f M %13.1f\n", sink.name, 1e6 * row.seconds / a.bursts,
        1e6 * (row.seconds - nothing) / a.bursts, 1e-6 * static_cast<double>(spikes) / row.seconds,
        static_cast<double>(row.bytes) / static_cast<double>(std::max<std::uint64_t>(spikes, 1)));
    std::cout << line << std::flush;
    rows.push_back({{"recorded", sink.name},
                    {"seconds_per_burst", row.seconds / a.bursts},
                    {"spikes", spikes},
                    {"bytes", row.bytes}});
  }
  if (a.json) {
    std::cout << rows.dump() << "\n";
  }
}

}  // namespace

void add_bench_record(CLI::App& bench, int& exit_code) {
  auto arguments = std::make_shared<BenchRecordArguments>();
  CLI::App* command =
      bench.add_subcommand("record", "What it costs to record spikes and potentials, by sink");
  command->add_option("--neurons", arguments->neurons, "How many")
      ->check(above_zero())
      ->capture_default_str();
  command->add_option("--synapses", arguments->synapses, "Of each neuron")->capture_default_str();
  command->add_option("--firing", arguments->firing, "Percent of neurons in each burst")
      ->check(CLI::Range(0.0, 99.8))
      ->capture_default_str();
  command->add_option("--backend", arguments->backend, "cpu, cpu@4 (with four threads), wgpu")
      ->capture_default_str();
  command->add_option("--bursts", arguments->bursts, "How many")
      ->check(above_zero())
      ->capture_default_str();
  command->add_option("--directory", arguments->directory,
                      "For the files; made, and removed with all that is in it (default: one in "
                      "the system's folder for such)");
  command->add_flag("--json", arguments->json, "Also as one line of JSON, the last");
  command->callback([arguments, &exit_code] {
    if (!arguments->directory.empty() && std::filesystem::exists(arguments->directory)) {
      throw UsageError(arguments->directory +
                       " exists, and would be removed at the end. Name a folder that does not.");
    }
    bench_record(*arguments);
    exit_code = kDone;
  });
}

}  // namespace rheobase::cli
