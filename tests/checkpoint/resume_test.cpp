// SPDX-License-Identifier: Apache-2.0
// What goes into a checkpoint comes out of it, and a run goes on from it as if nothing had
// happened.
#include <gtest/gtest.h>
#include <xxhash.h>

#include <filesystem>
#include <fstream>

#include "engine/signature.h"
#include "io/text_file.h"
#include "network/network_hash.h"
#include "network/view.h"
#include "support/backend_cases.h"
#include "support/messages.h"
#include "support/random_network.h"
#include "support/same_state.h"
#include "support/temporary_folder.h"

namespace rheobase::test {
namespace {

/// Random networks, half of them edited, so that files hold every form that there is.
Network edited_network(std::uint64_t seed, const RandomCase& c) {
  if (seed % 2 == 0) {
    return c.network;
  }
  Chooser choose(seed * 7919);
  return c.network.edited(random_edit(choose, c.network));
}

TEST(Checkpoints, HoldEverything) {
  const TemporaryFolder folder;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    const RandomCase c = random_case(seed);
    SCOPED_TRACE(c.description);
    const Network network = edited_network(seed, c);
    Engine engine(network, {"cpu", 1, seed, {{Drive::Kind::poisson, 0, 1, 0.5F, 30.0, 0}}});
    engine.schedule(c.input);
    engine.run(20);
    engine.inject(0, 0.75F);
    engine.inject(0, -0.25F);
    const Checkpoint saved = engine.checkpoint();
    save_checkpoint(folder / "a", saved);
    const Checkpoint read = load_checkpoint(folder / "a");
    const NetworkData& a = *network.data();
    const NetworkData& b = *read.network.data();
    EXPECT_EQ(network_hash(a), network_hash(b));
    EXPECT_EQ(a.wiring_seed, b.wiring_seed);
    EXPECT_EQ(a.rules, b.rules);
    EXPECT_EQ(a.class_of.list(), b.class_of.list());
    EXPECT_EQ(a.delays, b.delays);
    EXPECT_EQ(a.synapse_count, b.synapse_count);
    EXPECT_EQ(a.kinds.size(), b.kinds.size());
    EXPECT_EQ(a.charge.accumulator_bits, b.charge.accumulator_bits);
    EXPECT_EQ(a.charge.worst_sum, b.charge.worst_sum);
    ASSERT_EQ(a.areas.size(), b.areas.size());
    for (std::size_t i = 0; i < a.areas.size(); ++i) {
      EXPECT_EQ(a.areas[i].spec.name, b.areas[i].spec.name);
      EXPECT_EQ(a.areas[i].spec.params, b.areas[i].spec.params);
    }
    expect_same_state(saved.state, read.state);
    EXPECT_EQ(saved.seed, read.seed);
    EXPECT_EQ(saved.signature, read.signature);
    EXPECT_EQ(saved.input.bursts, read.input.bursts);
    EXPECT_EQ(read.injected_ids, (std::vector<NeuronId>{0, 0}));
    EXPECT_EQ(read.injected_values, (std::vector<float>{0.75F, -0.25F}));
    // what was read is written as the same bytes
    save_checkpoint(folder / "b", read);
    EXPECT_EQ(read_text_file(folder / "a"), read_text_file(folder / "b"));
  }
}

class Resume : public OnEveryBackend {};

TEST_P(Resume, GoesOnAsIfNothingHadHappened) {
  const TemporaryFolder folder;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const RandomCase c = random_case(seed);
    SCOPED_TRACE(c.description);
    const std::vector<Drive> drives{
        {Drive::Kind::poisson, 0, c.network.neuron_count(), 0.7F, 20.0 / c.network.dt_ms(), 0}};
    constexpr std::uint64_t kBursts = 40;
    Engine whole(c.network, {"reference", 1, seed, drives});
    whole.schedule(c.input);
    whole.run(kBursts);
    // interrupted at a burst of its own, after running on this backend, on reference after it
    Chooser choose(seed);
    const std::uint64_t until = choose.below(kBursts);
    Engine first(c.network, {GetParam().backend, GetParam().threads, seed, drives});
    first.schedule(c.input);
    first.run(until);
    first.save(folder / "half");
    for (const BackendCase& onward : {BackendCase{"reference", 1}, GetParam()}) {
      Engine second(load_checkpoint(folder / "half"), onward.options());
      EXPECT_EQ(second.burst(), until);
      second.run(kBursts - until);
      EXPECT_EQ(second.signature(), whole.signature()) << onward << " after " << until;
      expect_same_state(second.state(), whole.state());
    }
  }
}
RHEOBASE_ON_EVERY_BACKEND(Resume);

TEST(Checkpoints, AreSavedWhileARunGoesOn) {
  const TemporaryFolder folder;
  const RandomCase c = random_case(5);
  Engine engine(c.network, {"cpu", 1, 1, {{Drive::Kind::constant, 0, 3, 1.0F, 0.0, 0}}});
  RunOptions options;
  options.checkpoint = folder / "run";
  options.checkpoint_seconds = 1e-6;  // after every batch
  std::atomic<bool> stop = false;
  std::uint64_t seen = 0;
  options.stop = &stop;
  options.progress = [&](const RunProgress& p) {
    if (std::filesystem::exists(options.checkpoint)) {
      seen = load_checkpoint(options.checkpoint).state.burst;
      stop = true;
    }
    EXPECT_LE(seen, p.burst);
  };
  const std::uint64_t last = 1'000'000'000;
  engine.run(last, options);
  EXPECT_GT(seen, 0U);
  const Checkpoint ended = load_checkpoint(options.checkpoint);
  EXPECT_EQ(ended.state.burst, engine.burst());
  EXPECT_EQ(ended.last_burst, last);
}

TEST(Checkpoints, AFailingCheckpointIsSaidBeforeTheFirstBurst) {
  const RandomCase c = random_case(5);
  Engine engine(c.network, {"cpu", 1, 1, {}});
  RunOptions options;
  options.checkpoint = "/no/such/folder/run";
  EXPECT_SAYS(engine.run(10, options), "cannot write /no/such/folder/run");
  EXPECT_EQ(engine.burst(), 0U);
}

TEST(Signatures, AreXxHash64OfTheRecords) {
  Chooser choose(1);
  std::string bytes;
  Signature signature;
  for (int records = 0; records < 100; ++records) {
    EXPECT_EQ(signature.value(), XXH64(bytes.data(), bytes.size(), 0)) << records;
    BurstCounters burst;
    burst.burst = choose.word() | (std::uint64_t{choose.word()} << 32U);
    burst.spikes = choose.word();
    burst.signature_a = choose.word();
    burst.signature_b = choose.word();
    const auto put = [&](std::uint64_t value, unsigned size) {
      for (unsigned i = 0; i < size; ++i) {
        bytes.push_back(static_cast<char>((value >> (8U * i)) & 255U));
      }
    };
    put(burst.burst, 8);
    put(burst.spikes, 4);
    put(burst.signature_a, 4);
    put(burst.signature_b, 4);
    signature.add(burst);
    signature = Signature(SignatureState(signature.state()));
  }
}

}  // namespace
}  // namespace rheobase::test
