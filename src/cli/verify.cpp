// SPDX-License-Identifier: Apache-2.0
#include <fmt/printf.h>

#include <filesystem>
#include <iostream>
#include <memory>
#include <random>

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

/// Runs `backend` against another; prints a line. \return whether they agree.
bool agree(const std::string& name, const Network& network, const std::string& backend,
           std::uint32_t threads, const VerifyArguments& arguments) {
  const std::uint64_t bursts = arguments.bursts;
  EngineOptions options{"check:" + backend + "," + arguments.against, threads, 1,
                        drives_for(network)};
  std::string line =
      fmt::sprintf("%-20.40s %-10s %2u threads  ", name.c_str(), backend.c_str(), threads);
  std::cout << line << std::flush;
  try {
    Engine engine(network, options);
    RecordPlan plan;
    plan.branches = true;
    engine.record(plan);
    RunOptions run;
    run.stop = &StopOnSignals::requested();
    const RunSummary s = engine.run(bursts, run);
    if (s.stopped) {
      std::cout << "stopped\n";
      throw Stopped{};
    }
    const double steps = static_cast<double>(s.bursts) * network.neuron_count();
    line = fmt::sprintf(
        "equal over %llu bursts; %.3f %% firing, %.1f %% inhibitory events;",
        static_cast<unsigned long long>(s.bursts), 100.0 * static_cast<double>(s.spikes) / steps,
        s.events == 0
            ? 0.0
            : 100.0 * static_cast<double>(s.inhibitory_events) / static_cast<double>(s.events));
    std::cout << line;
    for (std::size_t b = 0; b < kBranchCount; ++b) {
      if (s.branches[b] > 0) {
        std::cout << " " << rheobase::name_of(static_cast<Branch>(b)) << " " << s.branches[b];
      }
    }
    std::cout << "\n";
    return true;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::difference) {
      throw;
    }
    std::cout << "DIFFERENT: " << error.what() << "\n";
    return false;
  }
}

bool verify(const std::string& name, const Network& network, const VerifyArguments& arguments) {
  bool fine = true;
  const std::uint32_t cores = host_info().cores;
  for (const DeviceInfo& device : devices()) {
    if (!device.usable || device.backend == arguments.against) {
      continue;
    }
    // threads change nothing but speed on reference and on a GPU
    std::vector<std::uint32_t> threads{1};
    if (device.backend == "cpu") {
      threads = {1, 2, std::max(3U, cores)};
    }
    for (const std::uint32_t count : threads) {
      fine = agree(name, network, device.backend, count, arguments) && fine;
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
  command->footer("Without a brain it makes some of its own.");
  command->callback([arguments, &exit_code] {
    const StopOnSignals signals;
    bool fine = true;
    if (!arguments->brain.path.empty()) {
      fine = verify(arguments->brain.path, arguments->brain.load().network, *arguments);
    } else {
      for (const char* kind : {"balanced", "layered", "vision"}) {
        fine = verify(kind, generated(kind, 2000).network, *arguments) && fine;
      }
    }
    std::cout << (fine ? "every backend agrees with " + arguments->against + "\n"
                       : "A BACKEND DIFFERS: please report it\n");
    exit_code = fine ? kDone : kFailed;
  });
}

}  // namespace rheobase::cli
