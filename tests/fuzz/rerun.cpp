// SPDX-License-Identifier: Apache-2.0
// run.json of strangers, run again in a folder that holds what its seeds name. Any exit code will
// do that the README names; what is written or changed in the folder is a finding.
#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/program.h"
#include "fuzz/fuzzed.h"
#include "rheobase/generate.h"
#include "rheobase/load.h"

using namespace rheobase;

namespace {

namespace fs = std::filesystem;

fs::path move_into_folder() {
  const fs::path folder =
      fs::temp_directory_path() / ("rheobase-fuzz-rerun-" + std::to_string(getpid()));
  fs::create_directories(folder);
  fs::current_path(folder);
  std::ofstream("b.json") << generate("balanced", {300, 1});
  std::ofstream("i.csv") << "burst,neuron,potential\n1,2,3\n";
  Engine engine(load("b.json").network, {"cpu", 1, 1, {}});
  engine.run(3);
  engine.save("c");
  return folder;
}

/// Words that leave the folder, and numbers that only take long, are left out.
bool is_harmless(const std::string& text) {
  for (const char* slow : {"wgpu", "auto", "..", "\\u", "/"}) {
    if (text.find(slow) != std::string::npos) {
      return false;
    }
  }
  const auto run = nlohmann::json::parse(text, nullptr, false);
  if (!run.is_object()) {
    return text.size() < 2000;  // it is refused
  }
  if (run.contains("bursts") && run["bursts"].is_number() && run["bursts"] > 100) {
    return false;
  }
  std::size_t digits = 0;
  const std::string command = run.contains("command") ? run["command"].dump() : "";
  return std::none_of(command.begin(), command.end(), [&](char c) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    return digits > 3;
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fs::path folder = move_into_folder();
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (!is_harmless(text)) {
    return -1;
  }
  std::ofstream("run.json", std::ios::binary) << text;
  std::ostringstream out;
  std::streambuf* former_out = std::cout.rdbuf(out.rdbuf());
  std::streambuf* former_err = std::cerr.rdbuf(out.rdbuf());
  const std::array<const char*, 3> argv{"rheobase", "rerun", "run.json"};
  const int code = cli::run_program(static_cast<int>(argv.size()), argv.data());
  std::cout.rdbuf(former_out);
  std::cerr.rdbuf(former_err);
  const auto files = std::distance(fs::directory_iterator(folder), fs::directory_iterator());
  if ((code != 0 && code != 1 && code != 130) || fs::current_path() != folder || files != 4) {
    std::cerr << "exit code " << code << ", " << files << " files: " << out.str() << "\n";
    std::abort();
  }
  return 0;
}
