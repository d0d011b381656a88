// SPDX-License-Identifier: Apache-2.0
#include <fmt/printf.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/load_options.h"
#include "cli/output.h"
#include "cli/recordings.h"
#include "rheobase/text.h"

namespace rheobase::cli {
namespace {

using nlohmann::ordered_json;

struct InfoArguments {
  BrainOptions brain;
  bool json = false;
};

std::string size_text(const AreaSpec& spec) {
  const Voxel v = spec.size;
  std::string text = number_text(v.x) + "x" + number_text(v.y) + "x" + number_text(v.z);
  return spec.neurons_per_voxel == 1 ? text : text + " x" + number_text(spec.neurons_per_voxel);
}

/// Synapses that leave each area.
std::vector<std::uint64_t> outgoing_of(const Network& network) {
  std::vector<std::uint64_t> counts;
  for (const Area& area : network.areas()) {
    std::uint64_t count = 0;
    for (NeuronId id = area.first; id - area.first < area.count; ++id) {
      count += network.outgoing(id).size();
    }
    counts.push_back(count);
  }
  return counts;
}

ordered_json info_json(const Brain& brain) {
  const Network& network = brain.network;
  const ChargeFacts& charge = network.charge();
  const std::vector<std::uint64_t> outgoing = outgoing_of(network);
  ordered_json areas = ordered_json::array();
  for (std::size_t i = 0; i < network.areas().size(); ++i) {
    const Area& area = network.areas()[i];
    areas.push_back({{"name", area.spec.name},
                     {"id", area.spec.file_id},
                     {"role", area.spec.role},
                     {"size", {area.spec.size.x, area.spec.size.y, area.spec.size.z}},
                     {"neurons_per_voxel", area.spec.neurons_per_voxel},
                     {"first", area.first},
                     {"neurons", area.count},
                     {"outgoing_synapses", outgoing[i]}});
    if (!area.spec.model.empty()) {
      areas.back()["model"] = area.spec.model.name();
    }
  }
  ordered_json report = ordered_json::array();
  for (const ImportNote& note : brain.report.notes) {
    report.push_back(
        {{"kind", name_of(note.kind)}, {"where", note.where}, {"message", note.message}});
  }
  return {{"format", brain.report.format},
          {"title", brain.report.title},
          {"areas", areas},
          {"neurons", network.neuron_count()},
          {"synapses", network.synapse_count()},
          {"unique_synapses", network.unique_synapse_count()},
          {"dt_ms", network.dt_ms()},
          {"delays", network.delays()},
          {"quantum_bits", charge.quantum_bits},
          {"event_bits", charge.event_bits},
          {"accumulator_bits", charge.accumulator_bits},
          {"worst_neuron", charge.worst_neuron},
          {"worst_sum", charge.worst_sum},
          {"worst_indegree", charge.worst_indegree},
          {"memory_bytes", network.memory_bytes()},
          {"network_hash", hex_text(network.hash())},
          {"report", report}};
}

void print_info(const Brain& brain) {
  const Network& network = brain.network;
  const ChargeFacts& charge = network.charge();
  std::cout << brain.report.format
            << (brain.report.title.empty() ? "" : ": " + shown(brain.report.title)) << "\n\n";
  const std::vector<std::uint64_t> outgoing = outgoing_of(network);
  const bool models = std::any_of(network.areas().begin(), network.areas().end(),
                                  [](const Area& area) { return !area.spec.model.empty(); });
  std::string line = fmt::sprintf("%-32s %-8s %-14s %10s %12s%s\n", "area", "role", "size",
                                  "neurons", "synapses out", models ? "  model" : "");
  std::cout << line;
  for (std::size_t i = 0; i < network.areas().size(); ++i) {
    const Area& area = network.areas()[i];
    line = fmt::sprintf("%-32.32s %-8s %-14s %10u %12llu%s\n", shown(area.spec.name),
                        area.spec.role.c_str(), size_text(area.spec).c_str(), area.count,
                        static_cast<unsigned long long>(outgoing[i]),
                        area.spec.model.empty() ? "" : "  " + shown(area.spec.model.name()));
    std::cout << line;
  }
  std::cout << "\n"
            << grouped(network.neuron_count()) << " neurons, " << grouped(network.synapse_count())
            << " synapses (" << grouped(network.unique_synapse_count()) << " distinct pairs), "
            << bytes_text(static_cast<double>(network.memory_bytes())) << "\ndt " << network.dt_ms()
            << " ms; delays (bursts):";
  for (const std::uint32_t delay : network.delays()) {
    std::cout << " " << delay;
  }
  std::cout << (network.delays().empty() ? " none" : "") << "\n";
  for (const Projection& p : network.projections()) {
    std::cout << grouped(p.synapses) << " synapses " << shown(network.areas()[p.pre].spec.name)
              << " -> " << shown(network.areas()[p.post].spec.name) << " of delay " << p.delay
              << " learn by " << shown(p.plasticity.model.name()) << "\n";
  }
  std::cout << "charge in quanta of 2^-" << charge.quantum_bits << ", " << charge.accumulator_bits
            << "-bit accumulators (" << charge.event_bits << " bits count events); at most "
            << charge.worst_sum << " into neuron " << charge.worst_neuron << ", in-degree at most "
            << charge.worst_indegree << "\nnetwork hash " << hex_text(network.hash()) << "\n";
  const std::string report = report_text(brain.report, true);
  if (!report.empty()) {
    std::cout << "\nimport report\n" << report;
  }
}

}  // namespace

void add_info(CLI::App& program, int& exit_code) {
  auto arguments = std::make_shared<InfoArguments>();
  CLI::App* command = program.add_subcommand(
      "info",
      "Show what a brain is made of, what it needs, and how its file was read; what a "
      "recording holds");
  arguments->brain.add_to(*command);
  command->add_flag("--json", arguments->json, "Print one JSON object");
  command->callback([arguments, &exit_code] {
    exit_code = kDone;
    if (is_recording(arguments->brain.path)) {
      std::cout << (arguments->json ? recording_json(arguments->brain.path) + "\n"
                                    : recording_text(arguments->brain.path));
      return;
    }
    const Brain brain = arguments->brain.load();
    if (arguments->json) {
      std::cout << info_json(brain).dump() << "\n";
    } else {
      print_info(brain);
    }
  });
}

}  // namespace rheobase::cli
