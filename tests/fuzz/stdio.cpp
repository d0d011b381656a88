// SPDX-License-Identifier: Apache-2.0
// Lines to `run --stdio`. Every answer must be JSON on one line, and a session comes to its end.
#include "cli/stdio.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string_view>

#include "fuzz/fuzzed.h"

using namespace rheobase;

namespace {

/// Numbers of bursts that only take long are left out.
bool is_quick(std::string_view text) {
  std::size_t digits = 0;
  for (std::size_t at = 0; (at = text.find("burst", at)) != std::string_view::npos; ++at) {
    for (const char c : text.substr(at, 40)) {
      digits = c >= '0' && c <= '9' ? digits + 1 : 0;
      if (digits > 2 || c == 'e' || c == 'E' || c == '\\') {
        return false;
      }
    }
  }
  return true;
}

Network small_network() {
  NetworkBuilder b;
  AreaSpec spec;
  spec.name = "in";
  spec.size = {4, 3, 2};
  b.add_area(spec);
  spec.name = "out, \"put\"";
  spec.role = "output";
  b.add_area(spec);
  b.connect(0, 1, all_to_all(), {0.5F, 1.0F, 1});
  return b.build();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (!is_quick(text)) {
    return -1;
  }
  static const Network network = small_network();
  Engine engine(network, {"cpu", 1, 1, {}});
  std::size_t at = 0;
  const auto in = [&](char* to, std::size_t most) -> std::optional<std::size_t> {
    // in parts of unequal length, as pipes hand them out
    const std::size_t part = std::min({most, size - at, std::size_t{1} + at % 97});
    text.copy(to, part, at);
    at += part;
    return part;
  };
  std::ostringstream out;
  if (cli::serve_lines(engine, {}, in, out) != cli::StdioEnd::ended) {
    std::abort();
  }
  std::istringstream answers(out.str());
  nlohmann::json last;
  for (std::string line; std::getline(answers, line);) {
    last = nlohmann::json::parse(line);
  }
  if (!last.contains("ended") || last["burst"] != engine.burst()) {
    std::abort();
  }
  return 0;
}
