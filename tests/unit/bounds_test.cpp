// SPDX-License-Identifier: Apache-2.0
// Sizes beyond a bound: refused with the numbers, before memory is taken.
#include <gtest/gtest.h>

#include <fstream>
#include <functional>

#include "rheobase/engine.h"
#include "rheobase/generate.h"
#include "rheobase/load.h"
#include "support/messages.h"
#include "support/temporary_folder.h"

namespace rheobase::test {
namespace {

/// The most memory that this process has held, in MB.
double peak_mb() {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("VmHWM:")) {
      return std::stod(line.substr(6)) * 1e-3;
    }
  }
  return 0.0;
}

Network build(const std::function<void(NetworkBuilder&)>& describe, NetworkOptions options = {}) {
  NetworkBuilder builder(options);
  describe(builder);
  return builder.build();
}

AreaId add(NetworkBuilder& builder, const std::string& name, std::uint32_t neurons) {
  AreaSpec spec;
  spec.name = name;
  spec.size = {neurons, 1, 1};
  return builder.add_area(spec);
}

TEST(Bounds, AreSaidWithNumbersBeforeMemoryIsTaken) {
  const TemporaryFolder folder;
  const auto loaded = [&](const std::string& text) {
    return load(folder.write("brain.json", text)).network;
  };
  const Network small = build([](NetworkBuilder& b) { add(b, "a", 4); });
  const double before = peak_mb();
  const std::vector<std::pair<std::string, std::function<void()>>> cases{
      {"4294967294 neurons",
       [] {
         build([](NetworkBuilder& b) {
           add(b, "a", 4000000000U);
           add(b, "b", 400000000U);
         });
       }},
      {"a network of 4000000000 neurons needs 256.0 GB",
       [] { build([](NetworkBuilder& b) { add(b, "a", 4000000000U); }); }},
      {"16000000000000 synapses",
       [] {
         build([](NetworkBuilder& b) {
           add(b, "a", 4000000);
           b.connect(0, 0, all_to_all());
         });
       }},
      {"synapses",
       [] {
         build([](NetworkBuilder& b) {
           add(b, "a", 1000000);
           b.connect(0, 0, fixed_indegree(900000));
         });
       }},
      {"a delay of 65536 bursts",
       [] {
         build([](NetworkBuilder& b) {
           add(b, "a", 2);
           b.connect(0, 0, all_to_all(), {1.0F, 1.0F, 65536});
         });
       }},
      {"of 64 bits",
       [] {
         build([](NetworkBuilder& b) {
           add(b, "a", 16);
           b.connect(0, 0, all_to_all(), {0x1p60F});
         });
       }},
      {"(at most 1024)",
       [&] {
         Engine(small, {"cpu", 4000000000U, 1, {}});
       }},
      {"256.0 GB",
       [&] {
         NetworkEdit edit;
         AreaSpec spec;
         spec.name = "b";
         spec.size = {4000000000U, 1, 1};
         edit.add_area(spec);
         static_cast<void>(small.edited(edit));
       }},
      {"neurons",
       [] {
         static_cast<void>(generate("balanced", {std::uint64_t{1} << 60U, 1}));
       }},
      {"needs 256.0 GB",
       [&] {
         loaded(R"({"format": "rheobase-network", "version": 1, "dt_ms": 1, "populations": [
           {"name": "a", "size": [4000000000, 1, 1], "params": {}}]})");
       }},
      {"4294967294 neurons",
       [&] {
         loaded(R"({"format": "rheobase-network", "version": 1, "dt_ms": 1, "populations": [
           {"name": "a", "size": [4000000000, 4000000000, 4000000000], "params": {}}]})");
       }},
  };
  for (const auto& [says, action] : cases) {
    EXPECT_SAYS(action(), says);
  }
  EXPECT_LT(peak_mb() - before, 64.0);
}

}  // namespace
}  // namespace rheobase::test
