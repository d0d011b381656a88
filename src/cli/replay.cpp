// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <limits>
#include <memory>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/stop.h"
#include "rheobase/session.h"
#include "rheobase/text.h"

namespace rheobase::cli {
namespace {

struct ReplayArguments {
  std::string folder;
  std::string backend = "auto";
  std::uint32_t threads = 0;
  std::string on_device_loss = "fail";
};

int replay(const ReplayArguments& a) {
  EngineOptions options{a.backend, a.threads, 1, {}};
  options.on_device_loss = a.on_device_loss == "cpu" ? OnDeviceLoss::cpu : OnDeviceLoss::fail;
  Replay session(a.folder, options);
  const StopOnSignals signals;
  RunOptions run;
  run.stop = &StopOnSignals::requested();
  const RunSummary summary = session.run(std::numeric_limits<std::uint64_t>::max(), run);
  if (summary.stopped) {
    return kInterrupted;
  }
  if (!session.finished()) {
    std::cerr << "rheobase: the session is not finished (it goes on, or was killed or could not be "
                 "written). It was replayed as far as it is there.\n";
  }
  std::cout << "the same spikes: " << grouped(summary.bursts) << " bursts, "
            << grouped(summary.spikes) << " spikes, signature " << hex_text(summary.signature)
            << " on " << session.engine().backend() << "\n";
  return kDone;
}

}  // namespace

void add_replay(CLI::App& program, int& exit_code) {
  auto arguments = std::make_shared<ReplayArguments>();
  CLI::App* command = program.add_subcommand(
      "replay", "Run a session again, also on another backend, and compare its signatures");
  command->add_option("session", arguments->folder, "Folder of --log or realtime(log=...)")
      ->required();
  command->add_option("--backend", arguments->backend, "auto, cpu, reference, wgpu, …")
      ->capture_default_str();
  command->add_option("--threads", arguments->threads, "Threads of the cpu backend");
  command
      ->add_option("--on-device-loss", arguments->on_device_loss,
                   "When a GPU is lost: fail, or go on on the cpu with the same spikes")
      ->check(CLI::IsMember({"fail", "cpu"}))
      ->capture_default_str();
  command->footer("Example: rheobase replay session --backend reference");
  command->callback([arguments, &exit_code] { exit_code = replay(*arguments); });
}

}  // namespace rheobase::cli
