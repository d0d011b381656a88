// SPDX-License-Identifier: Apache-2.0
#include <fmt/printf.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <random>
#include <sstream>

#include "cli/commands.h"
#include "cli/load_options.h"
#include "cli/output.h"
#include "cli/stop.h"
#include "cli/validators.h"
#include "rheobase/engine.h"
#include "rheobase/error.h"
#include "rheobase/generate.h"
#include "rheobase/host.h"
#include "rheobase/program.h"
#include "rheobase/text.h"
#include "rheobase/trial.h"

namespace rheobase::cli {
namespace {

struct VerifyArguments {
  BrainOptions brain;
  std::uint64_t bursts = 200;
  std::string against = "reference";
};

/// A generated brain, through a file as `load` wants it.
Brain generated(const char* kind, std::uint64_t neurons) {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() /
      ("rheobase-verify-" + number_text(std::random_device{}()) + ".json");
  write_file(path.string(), generate(kind, {neurons, 1}));
  struct Remover {
    const std::filesystem::path& path;
    ~Remover() {
      std::error_code ignored;
      std::filesystem::remove(path, ignored);
    }
  } const remover{path};
  return load(path.string());
}

/// Input areas get a Poisson drive, so that something happens; without any, all areas do.
std::vector<Drive> drives_for(const Network& network) {
  std::vector<Drive> drives;
  for (const bool inputs_only : {true, false}) {
    for (const Area& area : network.areas()) {
      if (!inputs_only || area.spec.role == "input") {
        drives.push_back(
            {Drive::Kind::poisson, area.first, area.count, 1.0F, 0.05 / network.dt_ms() * 1e3, 0});
      }
    }
    if (!drives.empty() || !network.drives().empty()) {
      break;
    }
  }
  return drives;
}

/// What is run on two backends.
struct Subject {
  std::string name;
  std::function<Engine(const std::string& backend, std::uint32_t threads)> engine;
  std::uint64_t bursts = 0;
};

Subject subject_of(const std::string& name, const Network& network, std::uint64_t bursts) {
  return {
      name,
      [network, drives = drives_for(network)](const std::string& backend, std::uint32_t threads) {
        return Engine(network, EngineOptions{backend, threads, 1, drives});
      },
      bursts};
}

/// Networks that meet every rule exactly.
std::vector<Subject> every_rule_subjects() {
  std::vector<Subject> subjects;
  for (Trial& trial : every_rule()) {
    const std::uint64_t bursts = trial.bursts;
    subjects.push_back(
        {trial.name,
         [start = std::move(trial.start)](const std::string& backend, std::uint32_t threads) {
           return Engine(start, EngineOptions{backend, threads, 1, {}});
         },
         bursts});
  }
  return subjects;
}

std::string indented(const std::string& text, const std::string& by) {
  std::string out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    out += by + line + "\n";
  }
  return out;
}

/// What one side had before the burst in which it differed, what follows from that, and what it
/// made of it.
std::string side(const Subject& subject, const std::string& backend, std::uint32_t threads,
                 std::uint64_t burst, NeuronId id) {
  try {
    Engine engine = subject.engine(backend, threads);
    engine.run(burst - 1 - engine.burst());
    std::string text = "  " + backend + ", neuron " + number_text(id) + " before burst " +
                       number_text(burst) + ", and what follows by the definition:\n" +
                       indented(engine.why(id).text(engine.network()), "    ");
    engine.run(1);
    const State state = engine.state();
    const std::vector<NeuronId>& fired = state.fired.front().ids;
    const bool did = std::binary_search(fired.begin(), fired.end(), id);
    return text + "    what " + backend + " did: " + (did ? "fired" : "silent") + "; after it u " +
           number_text(state.u[id]) + ", refractory " +
           number_text(state.refractory_countdown[id]) + ", fires " +
           number_text(state.fire_count[id]) + ", snooze " +
           number_text(state.snooze_countdown[id]) + "\n";
  } catch (const Error& error) {
    return "  " + backend + ": " + error.what() + "\n";
  }
}

void add(RunSummary& sum, const RunSummary& s) {
  sum.bursts += s.bursts;
  sum.spikes += s.spikes;
  sum.events += s.events;
  sum.inhibitory_events += s.inhibitory_events;
  for (std::size_t b = 0; b < kBranchCount; ++b) {
    sum.branches[b] += s.branches[b];
  }
}

/// Backends step in other ways while they count the branches: both.
void run_both_ways(const Subject& subject, const std::string& backend, std::uint32_t threads,
                   RunSummary& sum, double& steps) {
  for (const bool branches : {false, true}) {
    Engine engine = subject.engine(backend, threads);
    RecordPlan plan;
    plan.branches = branches;
    engine.record(plan);
    RunOptions run;
    run.stop = &StopOnSignals::requested();
    const RunSummary one = engine.run(subject.bursts, run);
    if (one.stopped) {
      std::cout << "stopped\n";
      throw Stopped{};
    }
    if (branches) {
      steps += static_cast<double>(one.bursts) * engine.network().neuron_count();
      add(sum, one);
    }
  }
}

/// Runs `backend` against another; prints a line. \return whether they agree.
bool agree(const std::string& name, const std::vector<Subject>& subjects,
           const std::string& backend, std::uint32_t threads, const std::string& against) {
  std::cout << fmt::sprintf("%-20.40s %-10s %2u threads  ", name.c_str(), backend.c_str(), threads)
            << std::flush;
  RunSummary s;
  double steps = 0.0;
  for (const Subject& subject : subjects) {
    try {
      run_both_ways(subject, "check:" + backend + "," + against, threads, s, steps);
    } catch (const Difference& difference) {
      std::cout << "DIFFERENT: " << (subjects.size() > 1 ? subject.name + ": " : "")
                << difference.what() << "\n";
      if (difference.neuron()) {
        for (const std::string& one : {backend, against}) {
          std::cout << side(subject, one, threads, difference.burst(), *difference.neuron());
        }
      }
      return false;
    }
  }
  std::cout << fmt::sprintf(
      "equal over %llu bursts; %.3f %% firing, %.1f %% inhibitory events;",
      static_cast<unsigned long long>(s.bursts), 100.0 * static_cast<double>(s.spikes) / steps,
      s.events == 0
          ? 0.0
          : 100.0 * static_cast<double>(s.inhibitory_events) / static_cast<double>(s.events));
  for (std::size_t b = 0; b < kBranchCount; ++b) {
    if (s.branches[b] > 0) {
      std::cout << " " << rheobase::name_of(static_cast<Branch>(b)) << " " << s.branches[b];
    }
  }
  std::cout << "\n";
  return true;
}

bool verify(const std::string& name, const std::vector<Subject>& subjects,
            const std::string& against) {
  bool fine = true;
  const std::uint32_t cores = host_info().cores;
  for (const DeviceInfo& device : devices()) {
    if (!device.usable || device.backend == against) {
      continue;
    }
    // threads change nothing but speed on reference and on a GPU
    std::vector<std::uint32_t> threads{1};
    if (device.backend == "cpu") {
      threads = {1, 2, std::max(3U, cores)};
    }
    for (const std::uint32_t count : threads) {
      fine = agree(name, subjects, device.backend, count, against) && fine;
    }
  }
  return fine;
}

}  // namespace

void add_verify(CLI::App& program, int& exit_code) {
  auto arguments = std::make_shared<VerifyArguments>();
  CLI::App* command = program.add_subcommand(
      "verify", "This machine's backends against one of them, burst by burst, to the bit");
  arguments->brain.add_to(*command, false);
  command->add_option("--bursts", arguments->bursts, "How many bursts")
      ->check(above_zero())
      ->capture_default_str();
  command->add_option("--against", arguments->against, "The backend to compare with")
      ->capture_default_str();
  command->footer(
      "Without a brain it takes some of its own: networks that meet every rule of the step "
      "exactly, "
      "and three generated ones. Where a neuron differs, both sides say why.");
  command->callback([arguments, &exit_code] {
    const StopOnSignals signals;
    bool fine = true;
    if (!arguments->brain.path.empty()) {
      const std::string& path = arguments->brain.path;
      fine = verify(path, {subject_of(path, arguments->brain.load().network, arguments->bursts)},
                    arguments->against);
    } else {
      fine = verify("every rule", every_rule_subjects(), arguments->against);
      for (const char* kind : {"balanced", "layered", "vision"}) {
        fine = verify(kind, {subject_of(kind, generated(kind, 2000).network, arguments->bursts)},
                      arguments->against) &&
               fine;
      }
    }
    std::cout << (fine ? "every backend agrees with " + arguments->against + "\n"
                       : "A BACKEND DIFFERS: please report it\n");
    exit_code = fine ? kDone : kFailed;
  });
}

}  // namespace rheobase::cli
