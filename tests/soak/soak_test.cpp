// SPDX-License-Identifier: Apache-2.0
// A brain that lives for long: random input, random edits, checkpoints from which another backend
// goes on, all the time compared with reference, in memory that does not grow.
// RHEOBASE_SOAK_SECONDS says how long (`make soak`: 30 minutes).
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "rheobase/generate.h"
#include "rheobase/load.h"
#include "support/backend_cases.h"
#include "support/random_network.h"
#include "support/same_state.h"
#include "support/shared_data.h"
#include "support/temporary_folder.h"

namespace rheobase::test {
namespace {

constexpr double kUsualSeconds = 3.0;
constexpr int kStretches = 8;

/// Resident memory of this process in MB; 0 if the system does not say.
double resident_mb() {
  std::ifstream file("/proc/self/statm");
  double total = 0.0;
  double resident = 0.0;
  file >> total >> resident;
  return resident * 4096e-6;
}

std::vector<Network> brains(const TemporaryFolder& folder) {
  std::vector<Network> list;
  for (const char* kind : {"vision", "balanced"}) {
    list.push_back(load(folder.write(kind, generate(kind, {1000, 1}))).network);
  }
  if (const auto genomes = genome_folder()) {
    list.push_back(
        load(*genomes / "feagi+feagi-core/crates/feagi-evolutionary/genomes/essential_genome.json")
            .network);
  }
  return list;
}

/// Input into a tenth of the neurons or so, over the bursts that follow `burst`.
InputSchedule random_input(Chooser& choose, std::uint32_t neurons, std::uint64_t burst,
                           std::uint32_t bursts) {
  InputSchedule input;
  for (std::uint32_t b = 1; b <= bursts; ++b) {
    for (std::uint32_t i = 0; i < neurons / 10; ++i) {
      input.bursts.push_back(burst + b);
      input.ids.push_back(choose.below(neurons));
      input.potentials.push_back(choose.any_of({0.5F, 2.0F, 30.0F, -1.0F}));
    }
  }
  return input;
}

struct Lived {
  std::uint64_t bursts = 0, spikes = 0, edits = 0, resumed = 0;
};

/// One life: the same input and edits on reference and on another backend, which changes at
/// checkpoints.
void live(const Network& brain, std::uint64_t seed, const std::string& file, Lived& lived) {
  Chooser choose(seed);
  const std::vector<BackendCase> backends = backend_cases();
  const auto any_backend = [&] {
    return backends[choose.below(static_cast<std::uint32_t>(backends.size()))];
  };
  Engine reference(brain, {"reference", 1, seed, {}});
  Engine engine(brain, any_backend().options(seed));
  for (int stretch = 0; stretch < kStretches; ++stretch) {
    SCOPED_TRACE("life " + std::to_string(seed) + ", stretch " + std::to_string(stretch) + " on " +
                 engine.backend());
    const std::uint32_t bursts = 1 + choose.below(100);
    const InputSchedule input =
        random_input(choose, engine.network().neuron_count(), engine.burst(), bursts);
    reference.schedule(input);
    engine.schedule(input);
    // a checkpoint in the midst of a stretch holds the input that is still to come
    const std::uint32_t until = choose.below(bursts + 1);
    engine.run(until);
    if (choose.one_in(2)) {
      engine.save(file);
      engine = Engine(load_checkpoint(file), any_backend().options());
      ++lived.resumed;
    }
    engine.run(bursts - until);
    lived.spikes += reference.run(bursts).spikes;
    lived.bursts += bursts;
    ASSERT_EQ(engine.signature(), reference.signature());
    expect_same_state(engine.state(), reference.state());
    const NetworkEdit edit = random_edit(choose, engine.network());
    engine.edit(edit);
    reference.edit(edit);
    ++lived.edits;
  }
}

TEST(Soak, LivesOnInTheSameMemory) {
  const char* wanted = std::getenv("RHEOBASE_SOAK_SECONDS");
  const double seconds = wanted != nullptr ? std::atof(wanted) : kUsualSeconds;
  const TemporaryFolder folder;
  const std::vector<Network> list = brains(folder);
  const auto start = std::chrono::steady_clock::now();
  const auto elapsed = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  Lived lived;
  std::uint64_t lives = 0;
  std::vector<double> memory;
  for (; elapsed() < seconds && !HasFailure(); ++lives) {
    live(list[lives % list.size()], 1 + lives, folder / "life", lived);
    memory.push_back(resident_mb());
  }
  // caches and the allocator's pools fill up in the first third
  const auto third = static_cast<std::ptrdiff_t>(memory.size() / 3);
  const double early = *std::max_element(memory.begin(), memory.begin() + third + 1);
  const double late = *std::max_element(memory.end() - third - 1, memory.end());
  std::cout << lives << " lives of " << list.size() << " brains in " << elapsed()
            << " s: " << lived.bursts << " bursts, " << lived.spikes << " spikes, " << lived.edits
            << " edits, " << lived.resumed << " resumed from checkpoints; resident at most "
            << early << " MB in the first third, " << late << " MB in the last\n";
  EXPECT_GT(lived.spikes, 0U);
  if (memory.size() > 100) {
    EXPECT_LT(late, 1.05 * early + 2.0);
  }
}

}  // namespace
}  // namespace rheobase::test
