// SPDX-License-Identifier: Apache-2.0
#include "rheobase/generate.h"

#include <array>

#include "io/generators.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

constexpr std::uint64_t kFewest = 100;
constexpr std::uint64_t kMost = 1'000'000'000;

struct Generator {
  const char* name;
  Json (*make)(const GenerateOptions&);
};
constexpr std::array<Generator, 5> kGenerators{{{"balanced", generate_balanced},
                                                {"layered", generate_layered},
                                                {"microcircuit", generate_microcircuit},
                                                {"microcircuit_dc", generate_microcircuit_dc},
                                                {"vision", generate_vision}}};

}  // namespace

std::vector<std::string> generator_names() {
  std::vector<std::string> names;
  names.reserve(kGenerators.size());
  for (const Generator& generator : kGenerators) {
    names.emplace_back(generator.name);
  }
  return names;
}

std::string generate(std::string_view kind, const GenerateOptions& options) {
  if (options.neurons < kFewest || options.neurons > kMost) {
    throw Error(ErrorCode::invalid_argument, "cannot generate " + number_text(options.neurons) +
                                                 " neurons (from " + number_text(kFewest) + " to " +
                                                 number_text(kMost) + " can be made).");
  }
  std::string known;
  for (const Generator& generator : kGenerators) {
    if (kind == generator.name) {
      return json_text(generator.make(options));
    }
    known += (known.empty() ? "" : ", ") + std::string(generator.name);
  }
  throw Error(ErrorCode::invalid_argument,
              "cannot generate " + quoted_name(kind) + " (no such kind). Known are " + known + ".");
}

}  // namespace rheobase
