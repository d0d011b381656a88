// SPDX-License-Identifier: Apache-2.0
// Command lines, a word on each line, in a folder with a brain, a checkpoint and an input. Any exit
// code will do that the README names; a crash, a hang or another exception is a finding.
#include <algorithm>
#include <filesystem>
#include <sstream>

#include "cli/program.h"
#include "fuzz/fuzzed.h"
#include "rheobase/generate.h"
#include "rheobase/load.h"

using namespace rheobase;

namespace {

/// A folder of its own, in which the fuzzer stays.
void move_into_folder() {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() /
                                       ("rheobase-fuzz-command-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  std::filesystem::current_path(folder);
  std::ofstream("b.json") << generate("balanced", {300, 1});
  std::ofstream("i.csv") << "burst,neuron,potential\n1,2,3\n";
  Engine engine(load("b.json").network, {"cpu", 1, 1, {}});
  engine.run(3);
  engine.save("c");
}

/// Words that leave the folder, and numbers that only take long, are left out.
bool is_harmless(const std::string& text) {
  std::size_t digits = 0;
  for (const char c : text) {
    digits = (c >= '0' && c <= '9') ? digits + 1 : 0;
    if (c == '/' || c == '\\' || c == '\0' || digits > 3) {
      return false;
    }
  }
  for (const char* slow : {"bench", "verify", "doctor", "min", "wgpu", "auto", ".."}) {
    if (text.find(slow) != std::string::npos) {
      return false;
    }
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool moved = (move_into_folder(), true);
  static_cast<void>(moved);
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (!is_harmless(text)) {
    return -1;
  }
  std::vector<std::string> words{"rheobase"};
  std::istringstream lines(text);
  for (std::string word; std::getline(lines, word);) {
    words.push_back(word);
  }
  std::vector<const char*> argv;
  for (const std::string& word : words) {
    argv.push_back(word.c_str());
  }
  std::ostringstream out;
  std::streambuf* former_out = std::cout.rdbuf(out.rdbuf());
  std::streambuf* former_err = std::cerr.rdbuf(out.rdbuf());
  const int code = cli::run_program(static_cast<int>(argv.size()), argv.data());
  std::cout.rdbuf(former_out);
  std::cerr.rdbuf(former_err);
  if (code != 0 && code != 1 && code != 2 && code != 130) {
    std::cerr << "exit code " << code << ": " << out.str() << "\n";
    std::abort();
  }
  return 0;
}
