// SPDX-License-Identifier: Apache-2.0
#include "cli/serve.h"

#include <iostream>
#include <memory>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/load_options.h"
#include "cli/stop.h"
#include "cli/validators.h"
#include "rheobase/error.h"
#ifdef RHEOBASE_SERVER
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <sstream>

#include "server/serve.h"
#endif

namespace rheobase::cli {
namespace {

struct ServeArguments {
  std::string brain, genome, connectome, config;
  std::string semantics = "feagi-0.0.53";
  std::string backend = "auto";
  std::uint32_t threads = 0;
  std::uint64_t seed = 1, wiring_seed = 1;
  std::string host = "127.0.0.1", token;
  bool no_auth = false, skip_broken = false, verbose = false;
  std::uint16_t api_port = 0;
  double hz = 0.0;
  std::string genome_folder = ".", resume, checkpoint, checkpoint_every, log_input;
  std::uint64_t max_neurons = 100'000'000;
  std::uint32_t max_agents = 64;
  // FEAGI's own, which mean nothing here
  std::string viz_transport, precision, debug;
};

#ifdef RHEOBASE_SERVER

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    throw UsageError("cannot read the configuration " + quoted_name(path) + ". Is it there?");
  }
  return std::move(text).str();
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

int serve(const ServeArguments& a) {
  if (!a.connectome.empty()) {
    throw UsageError(
        "FEAGI's connectome files cannot be read. Give the genome, or a checkpoint of serve with "
        "--resume.");
  }
  server::ServeOptions options;
  const std::string config = a.config.empty() ? environment("FEAGI_CONFIG_PATH") : a.config;
  if (!config.empty()) {
    server::take_configuration(text_of(config), config, options);
  }
  options.genome = a.genome.empty() ? a.brain : a.genome;
  options.engine.backend = a.backend;
  options.engine.threads = a.threads;
  options.engine.seed = a.seed;
  options.load.semantics = semantics_from_name(a.semantics);
  options.load.wiring_seed = a.wiring_seed;
  options.load.threads = a.threads;
  options.load.skip_broken = a.skip_broken;
  options.host = a.host;
  if (a.api_port != 0) {
    options.ports.http = a.api_port;
  }
  options.hz = a.hz;
  options.genome_folder = a.genome_folder;
  const std::string token = a.token.empty() ? environment("RHEOBASE_TOKEN") : a.token;
  if (!token.empty()) {
    options.token = server::token_from_base64(token);
  }
  if (options.token.empty() && !a.no_auth && a.host != "127.0.0.1" && a.host != "::1") {
    throw UsageError("--host " + a.host +
                     " lets other machines in. Give a --token that they must bring, or say "
                     "--no-auth.");
  }
  options.resume = a.resume;
  options.checkpoint = a.checkpoint;
  if (!a.checkpoint_every.empty()) {
    if (a.checkpoint.empty()) {
      throw UsageError("--checkpoint-every needs a file to write to. Add --checkpoint FILE.");
    }
    options.checkpoint_seconds = duration_ms(a.checkpoint_every) * 1e-3;
  }
  options.log_input = a.log_input;
  options.most_neurons = a.max_neurons;
  options.most_agents = a.max_agents;
  const StopOnSignals signals;
  options.stop = [] { return StopOnSignals::requested().load(); };
  std::mutex saying;
  options.say = [&saying](const std::string& sentence) {
    const std::lock_guard lock(saying);
    std::cerr << "rheobase: " << sentence << std::endl;
  };
  server::serve(options);
  return kDone;
}

#else

int serve(const ServeArguments& /*arguments*/) {
  throw Error(ErrorCode::unavailable,
              "this program was built without a server (Boost or ZeroMQ was not there). Install "
              "libboost-dev and libzmq3-dev and build it again.");
}

#endif

}  // namespace

void add_serve(CLI::App& program, int& exit_code) {
  auto a = std::make_shared<ServeArguments>();
  CLI::App* command = program.add_subcommand(
      "serve", "Serve a brain to FEAGI's own clients: robots, sensors, the Brain Visualizer");
  auto* brain = command->add_option("brain", a->brain, "FEAGI genome (.genome, .json)");
  command->add_option("-g,--genome", a->genome, "The same, as FEAGI's engine takes it")
      ->excludes(brain);
  command->add_option("-f,--config", a->config,
                      "feagi_configuration.toml: ports are taken from it (or FEAGI_CONFIG_PATH)");
  command->add_option("-c,--connectome", a->connectome, "Not offered: give a genome or --resume");
  command->add_option("--semantics", a->semantics, "FEAGI engine to follow for genomes")
      ->check(CLI::IsMember({"feagi-0.0.53", "feagi-0.0.49", "feagi-2026-02", "feagi-2025-10"}))
      ->capture_default_str();
  command->add_flag("--skip-broken", a->skip_broken,
                    "Leave out what cannot be read of a broken genome");
  command->add_option("--backend", a->backend, "auto, cpu, reference, wgpu, …")
      ->capture_default_str();
  command->add_option("--threads", a->threads, "Threads of the cpu backend");
  command->add_option("--seed", a->seed, "Seed of drives")->capture_default_str();
  command->add_option("--wiring-seed", a->wiring_seed, "Seed of random connections")
      ->capture_default_str();
  command->add_option("--burst-hz", a->hz, "Bursts a second (default: the genome's time step)")
      ->check(CLI::Range(0.01, 1e5));
  command->add_option("--api-port", a->api_port, "Port of HTTP (default 8000)");
  command
      ->add_option("--host", a->host,
                   "Address to listen on; others than this machine's need a token")
      ->capture_default_str();
  command->add_option("--token", a->token,
                      "Base64 of 32 bytes that agents and requests must bring (or RHEOBASE_TOKEN)");
  command->add_flag("--no-auth", a->no_auth, "With --host: let anybody in");
  command
      ->add_option("--genome-folder", a->genome_folder,
                   "Where clients may save genomes, and nowhere else")
      ->capture_default_str();
  auto* resume = command->add_option(
      "--resume", a->resume, "Go on from a checkpoint of serve; FILE.genome lies beside it");
  resume->excludes(brain)->excludes("--genome");
  command->add_option("--checkpoint", a->checkpoint,
                      "Save network, state and FILE.genome here at the end");
  command->add_option("--checkpoint-every", a->checkpoint_every, "Also meanwhile: 10s, 2min");
  command->add_option("--log-input", a->log_input,
                      "Write all input by burst, as CSV that `run --input` reads");
  command->add_option("--max-neurons", a->max_neurons, "Larger brains are refused")
      ->capture_default_str();
  command->add_option("--max-agents", a->max_agents, "Agents at once")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  for (const auto& [name, value] :
       {std::pair{"--viz-transport", &a->viz_transport}, std::pair{"--precision", &a->precision},
        std::pair{"--debug", &a->debug}}) {
    command->add_option(name, *value, "FEAGI's; without effect here");
  }
  for (const char* name : {"-v,--verbose", "--debug-all", "--npu-trace"}) {
    command->add_flag(name, a->verbose, "FEAGI's; without effect here");
  }
  command->footer("Example: rheobase serve robot.genome");
  command->callback([a, &exit_code] { exit_code = serve(*a); });
}

}  // namespace rheobase::cli
