// SPDX-License-Identifier: Apache-2.0
// Failing cases are made small, and stay failing.
#include "support/shrink.h"

#include <gtest/gtest.h>

#include "support/temporary_folder.h"

namespace rheobase::test {
namespace {

/// Fails as if a backend lost spikes of delay 2 or more: some neuron receives one.
bool loses_long_delays(const PlainCase& c) {
  Engine engine(c.build(), {"reference", 1, 1, {}});
  engine.schedule(c.input);
  for (std::uint64_t burst = 1; burst <= c.bursts; ++burst) {
    const State state = engine.state();
    for (const Synapse& s : c.synapses) {
      if (s.delay >= 2 && s.delay <= state.fired.size()) {
        const std::vector<NeuronId>& ids = state.fired[s.delay - 1].ids;
        if (std::binary_search(ids.begin(), ids.end(), s.pre)) {
          return true;
        }
      }
    }
    engine.run(1);
  }
  return false;
}

TEST(Shrinking, EndsAtTheSmallestNetworkThatFails) {
  int shrunk_cases = 0;
  for (std::uint64_t seed = 1; shrunk_cases < 5; ++seed) {
    const RandomCase random = random_case(seed);
    if (random.network.neuron_count() > 300 || random.network.synapse_count() > 1500 ||
        !loses_long_delays(written_out(random))) {
      continue;
    }
    SCOPED_TRACE(random.description);
    const PlainCase small = shrunk(written_out(random), loses_long_delays);
    EXPECT_TRUE(loses_long_delays(small));
    EXPECT_LE(small.params.size(), 2U);
    EXPECT_EQ(small.synapses.size(), 1U);
    EXPECT_LE(small.input.ids.size() + small.drives.size(), 2U);
    EXPECT_LE(small.bursts, small.synapses.front().delay + 4U);
    ++shrunk_cases;
  }
}

TEST(Shrinking, WrittenOutACaseIsTheSameNetwork) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const RandomCase random = random_case(seed);
    SCOPED_TRACE(random.description);
    const PlainCase c = written_out(random);
    EXPECT_EQ(c.build().hash(), random.network.hash());
    EXPECT_FALSE(differs(c, "cpu", 2));
    Engine engine(c.checkpoint(), {"cpu", 1, 1, {}});
    Engine other(random.network, {"reference", 1, 1, {}});
    other.schedule(random.input);
    EXPECT_EQ(engine.run(20).signature, other.run(20).signature);
  }
}

}  // namespace
}  // namespace rheobase::test
