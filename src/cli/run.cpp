// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/activity.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/load_options.h"
#include "cli/output.h"
#include "cli/profile.h"
#include "cli/progress.h"
#include "rheobase/error.h"
#include "rheobase/host.h"

namespace rheobase::cli {
namespace {

using nlohmann::ordered_json;

struct RunArguments {
  BrainOptions brain;
  std::uint64_t bursts = 0;
  std::string time;
  std::string backend = "auto";
  std::uint32_t threads = 0;
  std::uint64_t seed = 1;
  std::string input;
  std::vector<std::string> drives, recordings;
  std::string directory;
  bool json = false;
  bool branches = false;
  bool profile = false;
  std::string on_device_loss = "fail";
  std::string command_line;
};

constexpr std::uint64_t kDefaultBursts = 1000;
std::atomic<bool> stop_requested{false};

void request_stop(int /*signal*/) { stop_requested = true; }

/// While it lives, Ctrl-C and SIGTERM end the run after the burst at hand; afterwards it works as
/// before.
class StopOnInterrupt {
 public:
  StopOnInterrupt() {
    stop_requested = false;
    former_interrupt_ = std::signal(SIGINT, request_stop);
    former_terminate_ = std::signal(SIGTERM, request_stop);
  }
  ~StopOnInterrupt() {
    std::signal(SIGINT, former_interrupt_);
    std::signal(SIGTERM, former_terminate_);
  }
  StopOnInterrupt(const StopOnInterrupt&) = delete;
  StopOnInterrupt& operator=(const StopOnInterrupt&) = delete;

 private:
  void (*former_interrupt_)(int);
  void (*former_terminate_)(int);
};

std::uint64_t bursts_of(const RunArguments& arguments, double dt_ms) {
  if (arguments.time.empty()) {
    return arguments.bursts == 0 ? kDefaultBursts : arguments.bursts;
  }
  const double bursts = duration_ms(arguments.time) / dt_ms;
  if (bursts > 1e15) {
    throw UsageError("'" + arguments.time + "' is more than 10^15 bursts.");
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

ordered_json branches_json(const RunSummary& summary) {
  ordered_json counts;
  for (std::size_t b = 0; b < kBranchCount; ++b) {
    counts[std::string(rheobase::name_of(static_cast<Branch>(b)))] = summary.branches[b];
  }
  return counts;
}

ordered_json summary_json(const RunArguments& arguments, const Engine& engine,
                          const RunSummary& summary) {
  const Network& network = engine.network();
  ordered_json j;
  j["neurons"] = network.neuron_count();
  j["synapses"] = network.synapse_count();
  j["areas"] = network.areas().size();
  j["bursts"] = summary.bursts;
  j["spikes"] = summary.spikes;
  j["events"] = summary.events;
  j["seconds"] = summary.seconds;
  j["bursts_per_second"] =
      summary.seconds > 0.0 ? static_cast<double>(summary.bursts) / summary.seconds : 0.0;
  j["backend"] = engine.backend();
  j["seed"] = engine.seed();
  j["signature"] = hex(summary.signature);
  if (arguments.branches) {
    j["inhibitory_events"] = summary.inhibitory_events;
    j["branches"] = branches_json(summary);
  }
  return j;
}

/// run.json: all that is needed to run the same again and to see that it was the same.
void write_run_json(const RunArguments& arguments, const Engine& engine,
                    const RunSummary& summary) {
  const Network& network = engine.network();
  ordered_json j;
  j["format"] = "rheobase-run";
  j["version"] = 1;
  j["rheobase"] = version();
  j["command"] = arguments.command_line;
  j["brain"] = arguments.brain.path;
  j["network_hash"] = hex(network.hash());
  j["semantics"] = arguments.brain.semantics;
  j["strict"] = arguments.brain.strict;
  j["wiring_seed"] = network.wiring_seed();
  j["dt_ms"] = network.dt_ms();
  j["quantum_bits"] = network.charge().quantum_bits;
  j["accumulator_bits"] = network.charge().accumulator_bits;
  j["stopped"] = summary.stopped;
  j.update(summary_json(arguments, engine, summary));
  write_whole_file(arguments.directory + "/run.json",
                   j.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
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

void print_summary(const RunArguments& arguments, const Engine& engine, const RunSummary& summary,
                   const Activity& activity, const ImportReport& report) {
  const Network& network = engine.network();
  const std::uint32_t columns = terminal_columns(1);
  std::cout << terminal_raster(activity, columns == 0 ? 100 : columns, speaks_unicode()) << "\n"
            << activity_table(activity) << "\n";
  const double bursts = static_cast<double>(summary.bursts);
  const double seconds = std::max(summary.seconds, 1e-9);
  std::cout << grouped(network.neuron_count()) << " neurons, " << grouped(network.synapse_count())
            << " synapses, " << grouped(summary.bursts) << " bursts of " << network.dt_ms() << " ms"
            << (summary.stopped ? " (stopped)" : "") << "\n"
            << grouped(summary.spikes) << " spikes, " << grouped(summary.events)
            << " synaptic events, " << static_cast<std::uint64_t>(bursts / seconds) << " bursts/s ("
            << bursts * network.dt_ms() * 1e-3 / seconds << " times real time)\n"
            << "backend " << engine.backend()
            << (engine.backend_reason().empty() ? "" : " (" + engine.backend_reason() + ")")
            << ", signature " << hex(summary.signature) << "\n";
  if (arguments.branches) {
    for (std::size_t b = 0; b < kBranchCount; ++b) {
      std::cout << "  " << rheobase::name_of(static_cast<Branch>(b)) << " "
                << grouped(summary.branches[b]) << "\n";
    }
  }
  const std::string remarks = report_text(report, false);
  if (!remarks.empty()) {
    const auto lines = std::count(remarks.begin(), remarks.end(), '\n');
    std::cout << lines << " remarks on the file; `rheobase info " << arguments.brain.path
              << "` lists them\n";
  }
  if (!arguments.directory.empty()) {
    std::cout << "written to " << arguments.directory << (has_sonata() ? ": spikes.h5, " : ": ")
              << "spikes.csv, spikes.npy, " << (kDrawsRaster ? "raster.png, " : "") << "run.json"
              << (arguments.profile ? ", profile.json\n" : "\n");
  }
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

int run(const RunArguments& arguments) {
  if (!arguments.recordings.empty() && arguments.directory.empty()) {
    throw UsageError("--record needs a folder to write to. Add -o DIR.");
  }
  const Brain brain = arguments.brain.load();
  const Network& network = brain.network;
  const std::uint64_t bursts = bursts_of(arguments, network.dt_ms());
  EngineOptions options{arguments.backend, arguments.threads, arguments.seed, {}};
  options.on_device_loss =
      arguments.on_device_loss == "cpu" ? OnDeviceLoss::cpu : OnDeviceLoss::fail;
  for (const std::string& text : arguments.drives) {
    options.drives.push_back(drive_of(text, network));
  }
  Engine engine(network, options);
  if (!arguments.input.empty()) {
    engine.schedule(load_input(arguments.input, network));
  }
  const RecordPlan plan = plan_of(arguments, network);
  // the summary needs all spikes, whatever goes into the files
  RecordPlan seen = plan;
  seen.spikes = {{0, network.neuron_count()}};
  engine.record(seen);
  const auto activity = std::make_shared<Activity>(network, 1, bursts);
  engine.add_sink(activity);
  std::shared_ptr<RecordSink> recording;
  if (!arguments.directory.empty()) {
    for (const char* name : {"/raster.png", "/run.json"}) {
      std::error_code ignored;
      std::filesystem::remove(arguments.directory + name, ignored);
    }
    recording = open_recording(network, plan, {arguments.directory, has_sonata(), true, true});
    engine.add_sink(recording);
  }

  RunSummary summary;
  std::vector<ProfileSpan> spans;
  {
    const StopOnInterrupt interrupt;
    Progress progress(network.dt_ms(), 1);
    RunOptions run_options;
    run_options.progress = [&](const RunProgress& p) { progress.show(p); };
    run_options.stop = &stop_requested;
    // the last bursts are profiled, when the brain is in full swing
    const std::uint64_t profiled = arguments.profile ? std::min(bursts, kProfiledBursts) : 0;
    summary = engine.run(bursts - profiled, run_options);
    if (profiled != 0 && !summary.stopped) {
      run_options.profile = &spans;
      summary = sum_of(summary, engine.run(profiled, run_options));
    }
  }
  if (recording != nullptr) {
    recording->close();
    if constexpr (kDrawsRaster) {
      write_raster_png(*activity, arguments.directory + "/raster.png");
    }
    write_run_json(arguments, engine, summary);
    if (arguments.profile) {
      write_whole_file(arguments.directory + "/profile.json",
                       chrome_trace(spans, engine.backend()));
    }
  }
  if (arguments.json) {
    std::cout << summary_json(arguments, engine, summary).dump() << "\n";
  } else {
    print_summary(arguments, engine, summary, *activity, brain.report);
    if (arguments.profile) {
      std::cout << profile_table(spans);
    }
  }
  return summary.stopped ? kInterrupted : kDone;
}

}  // namespace

void add_run(CLI::App& program, int& exit_code, const std::string& command_line) {
  auto arguments = std::make_shared<RunArguments>();
  RunArguments& a = *arguments;
  a.command_line = command_line;
  CLI::App* command = program.add_subcommand("run", "Run a brain and show what fired");
  a.brain.add_to(*command);
  auto* bursts = command->add_option("--bursts", a.bursts, "How many bursts (default 1000)")
                     ->check(CLI::PositiveNumber);
  command->add_option("--time", a.time, "How long, in the brain's time: 10s, 250ms, 2min")
      ->excludes(bursts);
  command
      ->add_option("--backend", a.backend,
                   "auto, cpu, reference, wgpu (a GPU), wgpu:software, or check:A,B to compare "
                   "two")
      ->capture_default_str();
  command->add_option(
      "--threads", a.threads,
      "Threads of the cpu backend; on a GPU, threads that encode its work (default: as many as "
      "pay off)");
  command
      ->add_option("--on-device-loss", a.on_device_loss,
                   "When a GPU is lost: fail, or go on on the cpu with the same spikes")
      ->check(CLI::IsMember({"fail", "cpu"}))
      ->capture_default_str();
  command->add_option("--seed", a.seed, "Seed of drives")->capture_default_str();
  command->add_option("--input", a.input,
                      "CSV: burst,area,x,y,z,potential or burst,neuron,potential");
  command
      ->add_option("--drive", a.drives,
                   "AREA=20Hz:1.5 (Poisson), AREA=regular:20Hz:1.5, AREA=constant:1.5")
      ->allow_extra_args(false);
  command
      ->add_option("--record", a.recordings,
                   "AREA[0:500] (spikes) or AREA[0:500]:potential[:every]")
      ->allow_extra_args(false);
  command->add_option("-o,--output", a.directory,
                      "Folder for spikes, probes, raster.png and run.json");
  command->add_flag("--json", a.json, "Print one JSON object instead of pictures");
  command->add_flag("--branches", a.branches, "Count the branches of the step (slower)");
  command->add_flag("--profile", a.profile,
                    "Time the parts of the last 16 bursts; with -o also as profile.json, for "
                    "chrome://tracing or Perfetto");
  command->footer("Example: rheobase run brain.genome --time 10s --drive Camera=20Hz:1.5 -o out");
  command->callback([arguments, &exit_code] { exit_code = run(*arguments); });
}

}  // namespace rheobase::cli
