// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <memory>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/run.h"
#include "cli/stop.h"
#include "cli/validators.h"

namespace rheobase::cli {
namespace {

struct WhyArguments {
  RunArguments run;
  std::string neuron, area;
  std::uint64_t burst = 0;
  std::uint64_t bursts = 200;
};

int why(const WhyArguments& a) {
  if (a.neuron.empty() == a.area.empty()) {
    throw UsageError(
        "say which neuron and burst (--neuron AREA[i] --burst T), or which area is "
        "silent (--area AREA).");
  }
  const PreparedRun run = prepare(a.run);
  const Network& network = run.engine.network();
  if (!a.area.empty()) {
    std::cout << until_signalled([&](const StopRequest& stop) {
                   return run.engine.why_silent(a.area, a.bursts, stop);
                 }).text()
              << "\n";
    return kDone;
  }
  const NeuronId id = neuron_of(a.neuron, network);
  const Explanation explanation =
      until_signalled([&](const StopRequest& stop) { return run.engine.why(id, a.burst, stop); });
  std::cout << explanation.text(network);
  return kDone;
}

}  // namespace

void add_why(CLI::App& program, int& exit_code) {
  auto arguments = std::make_shared<WhyArguments>();
  WhyArguments& a = *arguments;
  CLI::App* command = program.add_subcommand(
      "why", "Why a neuron fired in a burst, or did not, term by term; why an area is silent");
  a.run.add_engine_to(*command);
  auto* neuron =
      command->add_option("--neuron", a.neuron, "AREA[i], counted within the area, or an id");
  command->add_option("--burst", a.burst, "Which burst (default: the next one)")
      ->check(above_zero())
      ->needs(neuron);
  auto* area = command->add_option("--area", a.area, "An area that is silent")->excludes(neuron);
  command->add_option("--bursts", a.bursts, "With --area: how many bursts to look at")
      ->check(above_zero())
      ->needs(area)
      ->capture_default_str();
  command->footer(
      "Example: rheobase why brain.genome --drive Camera=20Hz:1.5 --neuron 'Edges[7]' --burst 40");
  command->callback([arguments, &exit_code] { exit_code = why(*arguments); });
}

}  // namespace rheobase::cli
