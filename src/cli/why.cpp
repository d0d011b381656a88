// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <limits>
#include <memory>
#include <utility>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/run.h"
#include "cli/stop.h"
#include "cli/validators.h"
#include "rheobase/session.h"
#include "rheobase/text.h"

namespace rheobase::cli {
namespace {

struct WhyArguments {
  RunArguments run;
  std::string neuron, area;
  std::uint64_t burst = 0;
  std::uint64_t bursts = 200;
  std::string session;
};

/// The engine of a session as it was before that burst, with the burst's input; 0: at its end.
Engine of_session(const WhyArguments& a) {
  EngineOptions options{a.run.backend, a.run.threads, 1, {}};
  Replay session(a.session, options);
  const StopOnSignals signals;
  RunOptions run;
  run.stop = &StopOnSignals::requested();
  const std::uint64_t first = session.engine().burst() + 1;
  if (a.burst != 0 && a.burst < first) {
    throw UsageError("the session begins with burst " + number_text(first) +
                     ". Name one from there on.");
  }
  const std::uint64_t before =
      a.burst == 0 ? std::numeric_limits<std::uint64_t>::max() : a.burst - first;
  if (session.run(before, run).stopped) {
    throw Stopped();
  }
  if (a.burst != 0 && session.engine().burst() + 1 != a.burst) {
    throw UsageError("the session ends after burst " + number_text(session.engine().burst()) +
                     ". Name one up to there.");
  }
  return std::move(session).take_engine();
}

int why(const WhyArguments& a) {
  if (a.neuron.empty() == a.area.empty()) {
    throw UsageError(
        "say which neuron and burst (--neuron AREA[i] --burst T), or which area is "
        "silent (--area AREA).");
  }
  const Engine engine = a.session.empty() ? prepare(a.run).engine : of_session(a);
  const Network& network = engine.network();
  if (!a.area.empty()) {
    std::cout << until_signalled([&](const StopRequest& stop) {
                   return engine.why_silent(a.area, a.bursts, stop);
                 }).text()
              << "\n";
    return kDone;
  }
  const NeuronId id = neuron_of(a.neuron, network);
  const Explanation explanation = until_signalled([&](const StopRequest& stop) {
    return engine.why(id, a.session.empty() ? a.burst : 0, stop);
  });
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
  auto* burst = command->add_option("--burst", a.burst, "Which burst (default: the next one)")
                    ->check(above_zero());
  auto* area = command->add_option("--area", a.area, "An area that is silent")->excludes(neuron);
  command->add_option("--bursts", a.bursts, "With --area: how many bursts to look at")
      ->check(above_zero())
      ->needs(area)
      ->capture_default_str();
  auto* session = command->add_option(
      "--session", a.session,
      "In place of a brain: a session of --log or realtime(log=...), replayed up to --burst, or to "
      "its end");
  for (const char* other : {"brain", "--resume", "--input", "--drive", "--seed", "--copies",
                            "--fatigue", "--wiring-seed", "--semantics"}) {
    session->excludes(command->get_option(other));  // the session knows them
  }
  command->callback([arguments, burst, neuron, session, &exit_code] {
    if (burst->count() != 0 && neuron->count() == 0 && session->count() == 0) {
      throw UsageError("--burst needs a --neuron, or a --session.");
    }
    exit_code = why(*arguments);
  });
  command->footer(
      "Example: rheobase why brain.genome --drive Camera=20Hz:1.5 --neuron 'Edges[7]' --burst 40");
}

}  // namespace rheobase::cli
