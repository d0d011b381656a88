// SPDX-License-Identifier: Apache-2.0
#include "cli/run.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>

#include "cli/activity.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/profile.h"
#include "cli/progress.h"
#include "cli/run_report.h"
#include "cli/standard_output.h"
#include "cli/stdio.h"
#include "cli/stop.h"
#include "cli/validators.h"
#include "rheobase/error.h"
#include "rheobase/host.h"
#include "rheobase/program.h"
#include "rheobase/text.h"

namespace rheobase::cli {
namespace {

constexpr std::uint64_t kDefaultBursts = 1000;
std::uint64_t bursts_of(const RunArguments& arguments, double dt_ms, std::uint64_t unless_said) {
  if (arguments.time.empty()) {
    return arguments.bursts == 0 ? unless_said : arguments.bursts;
  }
  const double bursts = duration_ms(arguments.time) / dt_ms;
  if (bursts > 1e15) {
    throw UsageError(quoted_name(arguments.time) + " is more than 10^15 bursts.");
  }
  const auto whole = static_cast<std::uint64_t>(bursts);
  return whole + (bursts - static_cast<double>(whole) > 1e-9 ? 1U : 0U);
}

RecordPlan plan_of(const RunArguments& arguments, const Network& network) {
  RecordPlan plan;
  for (const std::string& text : arguments.recordings) {
    add_recording(text, network, plan);
  }
  if (plan.spikes.empty()) {
    plan.spikes.push_back({0, network.neuron_count()});
  }
  plan.branches = arguments.branches;
  return plan;
}

bool holds_recording(const std::string& directory) {
  return std::filesystem::exists(directory + "/spikes.csv") ||
         std::filesystem::exists(directory + "/run.json");
}

RunSummary sum_of(const RunSummary& a, const RunSummary& b) {
  RunSummary sum = b;  // signature and stop are those of the later part
  sum.bursts += a.bursts;
  sum.spikes += a.spikes;
  sum.events += a.events;
  sum.inhibitory_events += a.inhibitory_events;
  sum.seconds += a.seconds;
  sum.batches += a.batches;
  for (std::size_t i = 0; i < kBranchCount; ++i) {
    sum.branches[i] += a.branches[i];
  }
  return sum;
}

constexpr std::uint64_t kProfiledBursts = 16;

/// The same input into each of so many copies of `neurons` neurons.
InputSchedule for_copies(InputSchedule input, std::uint32_t copies, std::uint32_t neurons) {
  if (copies == 1) {
    return input;
  }
  InputSchedule all;
  for (std::size_t i = 0; i < input.ids.size(); ++i) {
    for (std::uint32_t copy = 0; copy < copies; ++copy) {
      all.bursts.push_back(input.bursts[i]);
      all.ids.push_back(input.ids[i] + copy * neurons);
      all.potentials.push_back(input.potentials[i]);
      if (!input.ports.empty()) {
        all.ports.push_back(input.ports[i]);
      }
    }
  }
  return all;
}

double checkpoint_seconds(const RunArguments& arguments) {
  return arguments.checkpoint_every.empty() ? 0.0 : duration_ms(arguments.checkpoint_every) * 1e-3;
}

int serve_standard_input(const RunArguments& arguments, Engine& engine) {
  constexpr double kLookSeconds = 0.1;  // for a signal, and for a checkpoint that is due
  StdioOptions options;
  options.outputs = areas_named(arguments.outputs, engine.network());
  options.save = [&] {
    if (!arguments.checkpoint.empty()) {
      engine.save(arguments.checkpoint);
    }
  };
  options.save_seconds = checkpoint_seconds(arguments);
  options.stop = &StopOnSignals::requested();
  options.save();  // what cannot be written is said before the first burst
  if (!arguments.log.empty()) {
    engine.begin_session(arguments.log);
  }
  const auto in = [](char* to, std::size_t most) {
    return read_standard_input(to, most, kLookSeconds);
  };
  const StdioEnd end = serve_lines(engine, options, in, std::cout);
  engine.end_session();
  switch (end) {
    case StdioEnd::ended: return kDone;
    case StdioEnd::stopped: return kInterrupted;
    case StdioEnd::unheard: break;  // StandardOutput says why
  }
  return kFailed;
}

int run(const RunArguments& arguments) {
  if (!arguments.recordings.empty() && arguments.directory.empty()) {
    throw UsageError("--record needs a folder to write to. Add -o DIR.");
  }
  if (!arguments.checkpoint_every.empty() && arguments.checkpoint.empty()) {
    throw UsageError("--checkpoint-every needs a file to write to. Add --checkpoint FILE.");
  }
  const StopOnSignals signals;  // from here on none is lost
  PreparedRun prepared = prepare(arguments);
  if (arguments.stdio) {
    return serve_standard_input(arguments, prepared.engine);
  }
  const Network& network = prepared.engine.network();
  const RecordPlan plan = plan_of(arguments, network);
  // the summary needs all spikes, whatever goes into the files
  RecordPlan seen = plan;
  seen.spikes = {{0, network.neuron_count()}};
  prepared.engine.record(seen);
  const auto activity = std::make_shared<Activity>(network, prepared.first_burst, prepared.bursts);
  prepared.engine.add_sink(activity);
  std::shared_ptr<RecordingFolder> folder;
  std::shared_ptr<RecordSink> recording;
  if (!arguments.directory.empty()) {
    if (!arguments.resume.empty() && holds_recording(arguments.directory)) {
      throw UsageError(arguments.directory +
                       " holds a recording, which belongs to the bursts before. Name another "
                       "folder for those that follow.");
    }
    folder = std::make_shared<RecordingFolder>(arguments.directory);
    for (const char* name : {"/raster.png", "/profile.json"}) {
      std::error_code ignored;
      std::filesystem::remove(arguments.directory + name, ignored);
    }
    write_run_json(arguments, prepared, nullptr);
    recording =
        open_recording(network, plan, {arguments.directory, has_sonata(), true, true, folder});
    prepared.engine.add_sink(recording);
  }

  std::vector<ProfileSpan> spans;
  const RunSummary summary = simulate(arguments, prepared, spans);
  if (recording != nullptr) {
    recording->close();
    if constexpr (kDrawsRaster) {
      write_raster_png(*activity, arguments.directory + "/raster.png");
    }
    if (arguments.profile) {
      write_file(arguments.directory + "/profile.json",
                 chrome_trace(spans, prepared.engine.backend()));
    }
    write_run_json(arguments, prepared, &summary);
    folder->finish();
  }
  if (arguments.json) {
    std::cout << summary_line(arguments, prepared.engine, summary) << "\n";
  } else {
    print_summary(arguments, prepared, summary, *activity);
    if (arguments.profile) {
      std::cout << profile_table(spans);
    }
  }
  return summary.stopped ? kInterrupted : kDone;
}

}  // namespace

PreparedRun prepare(const RunArguments& arguments) {
  EngineOptions options{arguments.backend, arguments.threads, arguments.seed, {}};
  options.on_device_loss =
      arguments.on_device_loss == "cpu" ? OnDeviceLoss::cpu : OnDeviceLoss::fail;
  if (!arguments.resume.empty()) {
    Checkpoint checkpoint = load_checkpoint(arguments.resume);
    const std::uint64_t burst = checkpoint.state.burst;
    // a run that had come to its end has none left
    const std::uint64_t left = checkpoint.last_burst == 0
                                   ? kDefaultBursts
                                   : checkpoint.last_burst - std::min(checkpoint.last_burst, burst);
    const std::uint64_t bursts = bursts_of(arguments, checkpoint.network.dt_ms(), left);
    PreparedRun resumed{Engine(std::move(checkpoint), options), {}, bursts, burst + 1};
    if (arguments.fatigue) {
      resumed.engine.set_fatigue(true);
    }
    return resumed;
  }
  if (arguments.brain.path.empty()) {
    throw UsageError("a brain to run is missing. Name a file, or a checkpoint with --resume.");
  }
  Brain brain = arguments.brain.load(arguments.threads);
  const std::uint32_t one = brain.network.neuron_count();
  const Network network =
      arguments.copies == 1 ? brain.network : copies(brain.network, arguments.copies);
  for (const std::string& text : arguments.drives) {
    Drive drive = drive_of(text, brain.network);
    for (std::uint32_t copy = 0; copy < arguments.copies; ++copy, drive.first += one) {
      options.drives.push_back(drive);
    }
  }
  Engine engine(network, options);
  if (arguments.fatigue) {
    engine.set_fatigue(true);
  }
  if (!arguments.input.empty()) {
    engine.schedule(for_copies(load_input(arguments.input, brain.network), arguments.copies, one));
  }
  const std::uint64_t bursts = bursts_of(arguments, network.dt_ms(), kDefaultBursts);
  return {std::move(engine), std::move(brain.report), bursts, 1};
}

RunSummary simulate(const RunArguments& arguments, PreparedRun& run,
                    std::vector<ProfileSpan>& spans) {
  const StopOnSignals signals;
  Progress progress(run.engine.network().dt_ms(), run.first_burst);
  RunOptions options;
  options.progress = [&](const RunProgress& p) { progress.show(p); };
  options.stop = &StopOnSignals::requested();
  options.checkpoint = arguments.checkpoint;
  options.checkpoint_seconds = checkpoint_seconds(arguments);
  // the last bursts are profiled, when the brain is in full swing
  const std::uint64_t profiled = arguments.profile ? std::min(run.bursts, kProfiledBursts) : 0;
  RunSummary summary = run.engine.run(run.bursts - profiled, options);
  if (profiled != 0 && !summary.stopped) {
    options.profile = &spans;
    summary = sum_of(summary, run.engine.run(profiled, options));
  }
  return summary;
}

void RunArguments::add_engine_to(CLI::App& command) {
  brain.add_to(command, false);
  command
      .add_option("--backend", backend,
                  "auto, cpu, reference, wgpu (a GPU), wgpu:software, or check:A,B to compare "
                  "two")
      ->capture_default_str();
  command.add_option(
      "--threads", threads,
      "Threads that build the network, and those of the cpu backend; on a GPU, threads that encode "
      "its work (default: as many as pay off)");
  command.add_option("--seed", seed, "Seed of drives")->capture_default_str();
  command
      .add_option("--copies", copies,
                  "So many copies at once, each with the same input; copy i has the seed SEED + i, "
                  "its areas are called i/AREA")
      ->check(above_zero())
      ->capture_default_str();
  command.add_option(
      "--input", input,
      "CSV: burst,area,x,y,z,potential or burst,neuron,potential, and port if wanted");
  command
      .add_option(
          "--drive", drives,
          "AREA=20Hz:1.5 (Poisson), AREA=regular:20Hz:1.5, AREA=constant:1.5, AREA:PORT=20Hz:1.5 "
          "where its neurons have a model; here and below AREA "
          "may stand in double quotes, a quote within it written twice")
      ->allow_extra_args(false);
  command.add_flag("--fatigue", fatigue,
                   "FEAGI's fatigue flag is on: its core area _fatigue gets 1 in every burst");
  auto* resume_option =
      command.add_option("--resume", resume, "Go on from this checkpoint instead of a brain");
  for (const char* other : {"brain", "--semantics", "--strict", "--skip-broken", "--wiring-seed",
                            "--quantum-bits", "--seed", "--copies", "--input", "--drive"}) {
    resume_option->excludes(command.get_option(other));  // the checkpoint knows them
  }
}

void RunArguments::add_to(CLI::App& command) {
  add_engine_to(command);
  auto* bursts_option =
      command
          .add_option("--bursts", bursts,
                      "How many bursts (default 1000; with --resume, to the end of that run)")
          ->check(above_zero());
  command.add_option("--time", time, "How long, in the brain's time: 10s, 250ms, 2min")
      ->excludes(bursts_option);
  command
      .add_option("--on-device-loss", on_device_loss,
                  "When a GPU is lost: fail, or go on on the cpu with the same spikes")
      ->check(CLI::IsMember({"fail", "cpu"}))
      ->capture_default_str();
  command
      .add_option("--record", recordings, "AREA[0:500] (spikes) or AREA[0:500]:potential[:every]")
      ->allow_extra_args(false);
  command.add_option("-o,--output", directory,
                     "Folder for spikes, probes, raster.png and run.json");
  command.add_flag("--json", json, "Print one JSON object instead of pictures");
  command.add_flag("--branches", branches, "Count the branches of the step (slower)");
  command.add_flag("--profile", profile,
                   "Time the parts of the last 16 bursts; with -o also as profile.json, for "
                   "chrome://tracing or Perfetto");
  command.add_option("--checkpoint", checkpoint,
                     "Save network and state here when the run ends or is stopped");
  command.add_option("--checkpoint-every", checkpoint_every,
                     "Also while it runs, about so often: 10s, 2min");
  auto* stdio_option = command.add_flag(
      "--stdio", stdio, "Read input from lines of JSON, answer each burst with one");
  command
      .add_option("--outputs", outputs,
                  "With --stdio: areas whose spikes are told, AREA,AREA (default: those that are "
                  "outputs)")
      ->allow_extra_args(false)
      ->needs(stdio_option);
  command
      .add_option("--log", log,
                  "With --stdio: keep all that comes in, and in which burst, in this folder, for "
                  "`rheobase replay`")
      ->needs(stdio_option);
  for (const char* other :
       {"--bursts", "--time", "--record", "--output", "--json", "--branches", "--profile"}) {
    stdio_option->excludes(command.get_option(other));
  }
}

void add_run(CLI::App& program, int& exit_code, const std::vector<std::string>& command_line) {
  auto arguments = std::make_shared<RunArguments>();
  arguments->command_line = command_line;
  CLI::App* command =
      program.add_subcommand("run", "Run a brain and show what fired; keep what was recorded");
  arguments->add_to(*command);
  command->footer("Example: rheobase run brain.genome --time 10s --drive Camera=20Hz:1.5 -o out");
  command->callback([arguments, &exit_code] { exit_code = run(*arguments); });
}

}  // namespace rheobase::cli
