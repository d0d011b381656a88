// SPDX-License-Identifier: Apache-2.0
// Explanations: their terms give the bits that the engine then has.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "model/fixed_point.h"
#include "model/float_ops.h"
#include "support/messages.h"
#include "support/random_network.h"

namespace rheobase::test {
namespace {

/// The terms add up among themselves.
void expect_whole(const Explanation& e) {
  const std::int64_t quanta = std::accumulate(
      e.arrivals.begin(), e.arrivals.end(), std::int64_t{0},
      [](std::int64_t sum, const Explanation::Arrival& a) { return sum + a.quanta; });
  const float injected = std::accumulate(
      e.injections.begin(), e.injections.end(), 0.0F,
      [](float sum, const Explanation::Injection& i) { return model::add_rn(sum, i.potential); });
  EXPECT_EQ(e.quanta, quanta);
  EXPECT_EQ(model::bits_of(e.synaptic),
            model::bits_of(model::fixed_to_f32(quanta, e.quantum_bits)));
  EXPECT_EQ(model::bits_of(e.injected), model::bits_of(injected));
  for (const Explanation::Arrival& a : e.arrivals) {
    EXPECT_EQ(a.fired + a.delay, e.burst);
  }
}

TEST(Why, TheTermsReproduceTheBitsOfTenThousandPairs) {
  int pairs = 0;
  int fired = 0;
  std::size_t arrivals = 0;
  for (std::uint64_t seed = 1; pairs < 10'000; ++seed) {
    const RandomCase c = random_case(seed);
    SCOPED_TRACE(c.description);
    Chooser choose(seed);
    Engine engine(c.network, {seed % 2 == 0 ? "cpu" : "reference", 1, seed, {}});
    engine.schedule(c.input);
    for (int stretch = 0; stretch < 5; ++stretch) {
      engine.run(choose.below(8));
      std::vector<Explanation> explained;
      for (int i = 0; i < 10; ++i) {
        explained.push_back(engine.why(choose.below(c.network.neuron_count())));
      }
      engine.run(1);
      const State after = engine.state();
      for (const Explanation& e : explained) {
        expect_whole(e);
        const std::vector<NeuronId>& ids = after.fired.front().ids;
        EXPECT_EQ(e.burst, after.burst);
        EXPECT_EQ(e.fired, std::binary_search(ids.begin(), ids.end(), e.neuron));
        EXPECT_EQ(model::bits_of(e.u_after), model::bits_of(after.u[e.neuron]));
        EXPECT_EQ(e.refractory_after, after.refractory_countdown[e.neuron]);
        EXPECT_EQ(e.fire_count_after, after.fire_count[e.neuron]);
        EXPECT_EQ(e.snooze_after, after.snooze_countdown[e.neuron]);
        EXPECT_EQ(e.verdict().starts_with("fired"), e.fired) << e.verdict();
        ++pairs;
        fired += e.fired ? 1 : 0;
        arrivals += e.arrivals.size();
      }
    }
  }
  EXPECT_GT(fired, 500);
  EXPECT_GT(arrivals, 5000U);
}

TEST(Why, ABurstToComeIsThatOfACopy) {
  const RandomCase c = random_case(7);
  Engine engine(c.network, {"cpu", 1, 1, {}});
  engine.schedule(c.input);
  engine.run(3);
  const Explanation e = engine.why(2, 11);
  EXPECT_EQ(engine.burst(), 3U);
  engine.run(7);
  EXPECT_EQ(e.text(c.network), engine.why(2).text(c.network));
  EXPECT_SAYS(static_cast<void>(engine.why(2, 10)), "burst 10 is over");
  EXPECT_SAYS(static_cast<void>(engine.why(1'000'000)), "there is no neuron 1000000");
}

/// Two neurons, a -> b; b has those parameters.
Engine pair_of(const NeuronParams& b_params, float weight, float drive = 1.0F) {
  NetworkBuilder b;
  NeuronParams a_params;
  a_params.leak = 1.0F;
  b.population("a", 1, a_params);
  b.population("b", 1, b_params);
  b.connect({{0, 1, weight, 1.0F, 1}});
  Engine engine(b.build(), {"cpu", 1, 1, {{Drive::Kind::constant, 0, 1, drive, 0.0, 0}}});
  return engine;
}

TEST(Why, NamesTheCause) {
  NeuronParams p;
  p.leak = 1.0F;
  const auto verdict = [&](const NeuronParams& params, float weight, std::uint64_t burst) {
    return pair_of(params, weight).why(1, burst).verdict();
  };
  EXPECT_EQ(verdict(p, 1.0F, 2), "fired: 1 is at or above the threshold 1");
  EXPECT_EQ(verdict(p, 0.5F, 2), "silent: 0.5 is below the threshold 1");
  NeuronParams slow = p;
  slow.refractory_period = 3;
  EXPECT_EQ(verdict(slow, 1.0F, 3), "silent: refractory, 3 more bursts before this one");
  NeuronParams capped = p;
  capped.threshold_limit = 2.0F;
  EXPECT_EQ(verdict(capped, 3.0F, 2), "silent: 3 is above the upper limit 2");
  NeuronParams shy = p;
  shy.excitability = 0.0F;
  EXPECT_NE(verdict(shy, 1.0F, 2).find("is not below 0 (excitability 0)"), std::string::npos)
      << verdict(shy, 1.0F, 2);
  NeuronParams tired = p;
  tired.fire_limit = 2;
  EXPECT_EQ(verdict(tired, 1.0F, 4),
            "silent: it reaches the threshold, but has fired 2 times in a row (limit 2)");
  Engine deleted = pair_of(p, 1.0F);
  NetworkEdit edit;
  edit.delete_neuron(1);
  deleted.edit(edit);
  EXPECT_EQ(deleted.why(1).verdict(), "silent: the neuron was deleted");
}

TEST(Why, SilentAreas) {
  NeuronParams p;
  p.leak = 1.0F;
  const auto said = [&](const Engine& engine) { return engine.why_silent("b", 20).text(); };
  EXPECT_NE(said(pair_of(p, 0.25F))
                .find("95.0 % the potential stayed below the threshold (0.25 "
                      "came closest, the threshold there is 1)"),
            std::string::npos)
      << said(pair_of(p, 0.25F));
  EXPECT_NE(said(pair_of(p, -1.0F)).find("95.0 % inhibition"), std::string::npos);
  NeuronParams shy = p;
  shy.excitability = 0.0F;
  EXPECT_NE(said(pair_of(shy, 1.0F)).find("95.0 % the draw refused"), std::string::npos);
  EXPECT_NE(said(pair_of(p, 1.0F, 0.5F))
                .find("100.0 % nothing reached the neuron. Synapses come "
                      "from a"),
            std::string::npos)
      << said(pair_of(p, 1.0F, 0.5F));
  NetworkBuilder lonely;
  lonely.population("b", 3, p);
  EXPECT_NE(said(Engine(lonely.build(), {"cpu", 1, 1, {}})).find("No synapse leads here"),
            std::string::npos);
  NetworkBuilder dark;
  dark.population("a", 1, p);
  dark.population("b", 1, p);
  dark.connect({{0, 1, 1.0F, 1.0F, 1}});
  EXPECT_NE(said(Engine(dark.build(), {"cpu", 1, 1, {}})).find("No path leads here"),
            std::string::npos);
}

}  // namespace
}  // namespace rheobase::test
