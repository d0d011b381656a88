// SPDX-License-Identifier: Apache-2.0
// Networks that have learned go on from a file as if nothing had happened.
#include <gtest/gtest.h>

#include "io/text_file.h"
#include "network/network_hash.h"
#include "network/view.h"
#include "support/random_learning.h"
#include "support/same_state.h"
#include "support/temporary_folder.h"

namespace rheobase::test::learning {
namespace {

TEST(LearningCheckpoints, HoldEverything) {
  const TemporaryFolder folder;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("random learning network " + std::to_string(seed));
    const Network alone = random_learning_network(seed);
    const Network network = seed % 4 == 0 ? copies(alone, 2) : alone;
    Engine engine(network, {"cpu", 1, seed, {}});
    engine.run(25);
    const Checkpoint saved = engine.checkpoint();
    save_checkpoint(folder / "a", saved);
    const Checkpoint read = load_checkpoint(folder / "a");
    EXPECT_EQ(network_hash(*network.data()), network_hash(*read.network.data()));
    EXPECT_EQ(network.charge().worst_sum, read.network.charge().worst_sum);
    EXPECT_EQ(network.max_delay(), read.network.max_delay());
    expect_same_state(saved.state, read.state);
    save_checkpoint(folder / "b", read);
    EXPECT_EQ(read_text_file(folder / "a"), read_text_file(folder / "b"));
    Engine resumed(read, {"reference", 1, seed, {}});
    engine.run(25);
    resumed.run(25);
    EXPECT_EQ(engine.signature(), resumed.signature());
    expect_same_state(engine.state(), resumed.state());
  }
}

}  // namespace
}  // namespace rheobase::test::learning
