// SPDX-License-Identifier: Apache-2.0
// Rows that are hard to find, and rows that are hard to share out.
#include <gtest/gtest.h>

#include <cstdlib>

#include "model/random.h"
#include "rheobase/engine.h"
#include "support/gpu.h"
#include "support/messages.h"

namespace rheobase::test {
namespace {

class Rows : public OnAGpu {};

std::uint64_t number_behind(const std::string& text, const std::string& words) {
  const std::size_t at = text.find(words);
  return at == std::string::npos ? 0 : std::strtoull(text.c_str() + at + words.size(), nullptr, 10);
}

/// Sources whose keys all fall on one place of the hash table: the last is found after a long walk.
TEST_P(Rows, EverySourceIsFoundHoweverLongTheProbe) {
  NetworkBuilder b;
  constexpr std::uint32_t kNeurons = 20'000;
  b.population("a", kNeurons, {});
  std::vector<Synapse> synapses;
  std::vector<NeuronId> sources;
  for (NeuronId id = 0; id + 1 < kNeurons; ++id) {
    if ((model::pcg(id) & 511U) == 5U) {
      sources.push_back(id);
      synapses.push_back({id, id + 1U, 2.0F, 1.0F, 1});
    }
  }
  b.connect(synapses);
  Engine engine(b.build(), {backend() + "+index=hash", 0, 1, {}});
  engine.inject(sources, std::vector<float>(sources.size(), 2.0F));
  EXPECT_EQ(engine.run(1).spikes, sources.size());
  const RunSummary second = engine.run(1);
  EXPECT_EQ(second.events, sources.size());
  EXPECT_EQ(second.spikes, sources.size()) << "each has woken its neighbour";
  EXPECT_GE(number_behind(engine.backend(), "longest probe "), sources.size() / 2)
      << engine.backend();
}

/// One neuron with 100,000 synapses of three delays among others with few.
TEST_P(Rows, ARowOfAHundredThousand) {
  NetworkBuilder b;
  constexpr std::uint32_t kNeurons = 3'000;
  NeuronParams p;
  p.threshold = 40.0F;
  const AreaId area = b.population("a", kNeurons, p);
  std::vector<Synapse> synapses;
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    synapses.push_back(
        {17, model::below(model::pcg(i), kNeurons), i % 5U == 0 ? -1.0F : 1.0F, 1.0F, 1 + i % 3U});
  }
  b.connect(std::move(synapses));
  b.connect(area, area, fixed_outdegree(5, true, true), {.weight = 1.0F, .delay = 2});
  const Network network = b.build();
  for (const char* variant : {"", "+long_row=64", "+delivery=sweep", "+index=hash+shard_shift=14",
                              "+tile=700+long_row=1000000", "+tile=32"}) {
    SCOPED_TRACE(variant);
    Engine engine(network, {"check:" + backend() + variant + ",reference", 0, 1, {}});
    std::uint64_t events = 0;
    for (int i = 0; i < 5; ++i) {
      engine.inject(17, 100.0F);
      events += engine.run(1).events;
    }
    EXPECT_GT(events, 300'000U);
  }
}

TEST_P(Rows, TooManyTilesAreRefused) {
  NetworkBuilder b;
  b.population("a", 2'000, {});
  const Network network = b.build();
  EXPECT_SAYS(Engine(network, {backend() + "+tile=1", 0, 1, {}}), "makes 2000 tiles");
}

RHEOBASE_ON_EVERY_GPU(Rows);

}  // namespace
}  // namespace rheobase::test
