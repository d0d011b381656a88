// SPDX-License-Identifier: Apache-2.0
// Real genomes, 1,000 bursts with a drive on their input areas: the same signature on every backend
// and number of threads, in release and sanitizer builds alike. The signatures are stored: a change
// that moves one must say why. docs/genomes.md tells what fires and why.
#include <gtest/gtest.h>

#include <iostream>

#include "rheobase/engine.h"
#include "rheobase/load.h"
#include "support/backend_cases.h"
#include "support/shared_data.h"

namespace rheobase::test {
namespace {

struct StoredRun {
  const char* path;
  std::uint64_t early_signature;  ///< of the first 100 bursts
  std::uint64_t spikes;
  std::uint64_t signature;
};

constexpr StoredRun kRuns[] = {
    {"feagi+feagi-core/crates/feagi-evolutionary/genomes/essential_genome.json", 0x617f9cb094eab2fb,
     5229494, 0x67359a4312cea920},
    {"feagi+feagi/community_genomes/LearningV1.1B/genome.json", 0xbbc4a481b405332e, 147688,
     0xf42c1e9eddb2047f},
    {"feagi+feagi-core/crates/feagi-evolutionary/genomes/vision_genome.json", 0x3f7a4f5a69c59495,
     19277226, 0xd6107d435de9723e},
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSlow = true;
#else
constexpr bool kSlow = false;
#endif

/// Sanitizers are slow: one backend there, against the signatures that all of them gave in release.
std::vector<BackendCase> cases() {
  if (kSlow) {
    return {{"cpu", 2}};
  }
  std::vector<BackendCase> list{{"reference", 1}, {"cpu", 1}, {"cpu", 2}};
  for (const std::string& name : usable_backends()) {
    if (name.starts_with("wgpu")) {
      list.push_back({name, 1});
    }
  }
  return list;
}

TEST(GenomeRuns, SignaturesAreStored) {
  const auto folder = genome_folder();
  if (!folder) {
    GTEST_SKIP() << "no genomes (set RHEOBASE_GENOMES)";
  }
  for (const StoredRun& stored : kRuns) {
    const Brain brain = load((*folder / stored.path).string());
    for (const BackendCase& backend : cases()) {
      SCOPED_TRACE(stored.path);
      EngineOptions options = backend.options();
      for (const Area& area : brain.network.areas()) {
        if (area.spec.role == "input") {
          options.drives.push_back({Drive::Kind::poisson, area.first, area.count, 1.0F, 2.0, 0});
        }
      }
      Engine engine(brain.network, options);
      RunSummary run = engine.run(100);
      EXPECT_EQ(run.signature, stored.early_signature) << backend;
      if (kSlow || backend.backend == "wgpu:software") {
        continue;  // a minute each, and nothing new comes after burst 100
      }
      const std::uint64_t early_spikes = run.spikes;
      run = engine.run(900);
      EXPECT_EQ(early_spikes + run.spikes, stored.spikes) << backend;
      EXPECT_EQ(run.signature, stored.signature) << backend;
      std::cout << stored.path << " on " << backend << ": " << run.seconds << " s\n";
    }
  }
}

}  // namespace
}  // namespace rheobase::test
