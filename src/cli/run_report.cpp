// SPDX-License-Identifier: Apache-2.0
#include "cli/run_report.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/output.h"
#include "cli/progress.h"
#include "rheobase/host.h"
#include "rheobase/program.h"
#include "rheobase/text.h"

namespace rheobase::cli {
namespace {

using nlohmann::ordered_json;

ordered_json branches_json(const RunSummary& summary) {
  ordered_json counts = ordered_json::object();
  for (std::size_t b = 0; b < kBranchCount; ++b) {
    counts[std::string(rheobase::name_of(static_cast<Branch>(b)))] = summary.branches[b];
  }
  return counts;
}

ordered_json summary_json(const RunArguments& arguments, const Engine& engine,
                          const RunSummary& summary) {
  const Network& network = engine.network();
  // not from null: without memory for its object such a value cannot be destroyed (json 3.11)
  ordered_json j = ordered_json::object();
  j["neurons"] = network.neuron_count();
  j["synapses"] = network.synapse_count();
  j["areas"] = network.areas().size();
  if (!network.members().empty()) {
    j["members"] = network.members().size();
  }
  j["bursts"] = summary.bursts;
  j["spikes"] = summary.spikes;
  j["events"] = summary.events;
  j["seconds"] = summary.seconds;
  j["bursts_per_second"] =
      summary.seconds > 0.0 ? static_cast<double>(summary.bursts) / summary.seconds : 0.0;
  j["backend"] = engine.backend();
  j["seed"] = engine.seed();
  j["signature"] = hex_text(summary.signature);
  if (arguments.branches) {
    j["inhibitory_events"] = summary.inhibitory_events;
    j["branches"] = branches_json(summary);
  }
  return j;
}

/// Whether the terminal shows Unicode, by its locale.
bool speaks_unicode() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') {
      const std::string text = value;
      return text.find("UTF-8") != std::string::npos || text.find("utf8") != std::string::npos;
    }
  }
  return false;
}

}  // namespace

std::string summary_line(const RunArguments& arguments, const Engine& engine,
                         const RunSummary& summary) {
  return summary_json(arguments, engine, summary).dump();
}

void write_run_json(const RunArguments& arguments, const PreparedRun& run,
                    const RunSummary* summary) {
  const Network& network = run.engine.network();
  ordered_json j = ordered_json::object();
  j["format"] = "rheobase-run";
  j["version"] = 2;
  j["rheobase"] = version();
  j["command"] = arguments.command_line;
  std::error_code ignored;
  j["working_directory"] = std::filesystem::current_path(ignored).string();
  // the same, seen from this file, so that the folder can be moved
  j["paths_from"] = std::filesystem::relative(std::filesystem::current_path(ignored),
                                              arguments.directory, ignored)
                        .string();
  j["brain"] = arguments.resume.empty() ? arguments.brain.path : arguments.resume;
  j["network_hash"] = hex_text(network.hash());
  j["semantics"] = arguments.brain.semantics;
  j["strict"] = arguments.brain.strict;
  j["wiring_seed"] = network.wiring_seed();
  j["dt_ms"] = network.dt_ms();
  j["quantum_bits"] = network.charge().quantum_bits;
  j["accumulator_bits"] = network.charge().accumulator_bits;
  j["first_burst"] = run.first_burst;
  j["finished"] = summary != nullptr;
  if (summary != nullptr) {
    j["stopped"] = summary->stopped;
    j.update(summary_json(arguments, run.engine, *summary));
  }
  write_file(arguments.directory + "/run.json",
             j.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
}

void print_summary(const RunArguments& arguments, const PreparedRun& run, const RunSummary& summary,
                   const Activity& activity) {
  const Engine& engine = run.engine;
  const Network& network = engine.network();
  const std::uint32_t columns = terminal_columns(1);
  std::cout << terminal_raster(activity, columns == 0 ? 100 : columns, speaks_unicode()) << "\n"
            << activity_table(activity) << "\n";
  const double bursts = static_cast<double>(summary.bursts);
  const double seconds = std::max(summary.seconds, 1e-9);
  if (!network.members().empty()) {
    std::cout << grouped(network.members().size()) << " copies, ";
  }
  std::cout << grouped(network.neuron_count()) << " neurons, " << grouped(network.synapse_count())
            << " synapses, " << grouped(summary.bursts) << " bursts of " << network.dt_ms() << " ms"
            << (summary.stopped ? " (stopped)" : "") << "\n"
            << grouped(summary.spikes) << " spikes, " << grouped(summary.events)
            << " synaptic events, " << static_cast<std::uint64_t>(bursts / seconds) << " bursts/s ("
            << bursts * network.dt_ms() * 1e-3 / seconds << " times real time)\n"
            << "backend " << engine.backend()
            << (engine.backend_reason().empty() ? "" : " (" + engine.backend_reason() + ")")
            << ", signature " << hex_text(summary.signature) << "\n";
  if (arguments.branches) {
    for (std::size_t b = 0; b < kBranchCount; ++b) {
      std::cout << "  " << rheobase::name_of(static_cast<Branch>(b)) << " "
                << grouped(summary.branches[b]) << "\n";
    }
  }
  const std::string remarks = report_text(run.report, false);
  if (!remarks.empty()) {
    const auto lines = std::count(remarks.begin(), remarks.end(), '\n');
    std::cout << lines << (lines == 1 ? " remark" : " remarks") << " on the file; `rheobase info "
              << arguments.brain.path << "` lists them\n";
  }
  if (!arguments.checkpoint.empty()) {
    std::cout << "burst " << grouped(engine.burst()) << " saved to " << arguments.checkpoint
              << "\n";
  }
  if (!arguments.directory.empty()) {
    std::cout << "written to " << arguments.directory << (has_sonata() ? ": spikes.h5, " : ": ")
              << "spikes.csv, spikes.npy, " << (kDrawsRaster ? "raster.png, " : "") << "run.json"
              << (arguments.profile ? ", profile.json\n" : "\n");
  }
}

}  // namespace rheobase::cli
