// SPDX-License-Identifier: Apache-2.0
// Weights and delays that synapses draw for themselves.
#include "network/synapse_draws.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "network/view.h"
#include "support/messages.h"

namespace rheobase::test::draws {
namespace {

constexpr NeuronId kNeurons = 2000;

Network drawn(const ConnectionRule& rule, const SynapseDraws& draws, std::uint32_t threads = 1,
              const SynapseSpec& synapse = {}, const PspMode& psp = {}) {
  NetworkOptions options;
  options.threads = threads;
  NetworkBuilder b(options);
  AreaSpec spec;
  spec.name = "a";
  spec.size = {kNeurons, 1, 1};
  spec.psp = psp;
  const AreaId area = b.add_area(spec);
  b.connect(area, area, rule, synapse, draws);
  return b.build();
}

std::vector<Synapse> synapses_of(const Network& network) {
  std::vector<Synapse> all;
  for (NeuronId id = 0; id < network.neuron_count(); ++id) {
    const std::vector<Synapse> row = network.outgoing(id);
    all.insert(all.end(), row.begin(), row.end());
  }
  return all;
}

struct Moments {
  double mean = 0.0, sd = 0.0;
};
template <class Number>
Moments moments(const std::vector<Synapse>& synapses, Number number) {
  Moments m;
  for (const Synapse& s : synapses) {
    m.mean += number(s) / static_cast<double>(synapses.size());
  }
  for (const Synapse& s : synapses) {
    m.sd += (number(s) - m.mean) * (number(s) - m.mean) / static_cast<double>(synapses.size());
  }
  m.sd = std::sqrt(m.sd);
  return m;
}

std::vector<ConnectionRule> rules() {
  return {fixed_indegree(100), fixed_outdegree(100), fixed_probability(0.05),
          fixed_total_number(200'000), thinned(all_to_all(), 5)};
}

TEST(SynapseDraws, FollowTheirDistributions) {
  for (const ConnectionRule& rule : rules()) {
    SCOPED_TRACE(rule.describe());
    const auto all =
        synapses_of(drawn(rule, {normal(0.5, 0.1), normal(15.0, 5.0).within(1.0, 40.0)}));
    ASSERT_GT(all.size(), 190'000U);
    const Moments weight = moments(all, [](const Synapse& s) { return double{s.weight}; });
    EXPECT_NEAR(weight.mean, 0.5, 0.002);
    EXPECT_NEAR(weight.sd, 0.1, 0.002);
    const Moments delay =
        moments(all, [](const Synapse& s) { return static_cast<double>(s.delay); });
    EXPECT_NEAR(delay.mean, 15.0, 0.06);
    EXPECT_NEAR(delay.sd, 5.0, 0.06);
    // drawn apart from each other, for each synapse
    double product = 0.0;
    std::set<float> weights;
    for (const Synapse& s : all) {
      product += (s.weight - 0.5) * (s.delay - 15.0) / (0.1 * 5.0);
      weights.insert(s.weight);
    }
    EXPECT_NEAR(product / static_cast<double>(all.size()), 0.0, 0.02);
    EXPECT_GT(weights.size(), all.size() * 95 / 100);
  }
}

TEST(SynapseDraws, AreTheSameWithAnyNumberOfThreads) {
  for (const ConnectionRule& rule : rules()) {
    SCOPED_TRACE(rule.describe());
    const SynapseDraws draws{lognormal(0.0, 0.5), uniform(1.0, 9.0)};
    const std::uint64_t one = drawn(rule, draws, 1).hash();
    EXPECT_EQ(drawn(rule, draws, 3).hash(), one);
    EXPECT_EQ(drawn(rule, draws, 8).hash(), one);
  }
}

TEST(SynapseDraws, FewWeightsMakeCompactSynapses) {
  const Network few =
      drawn(fixed_indegree(100), {normal(10.0, 2.0).within(0.0, 20.0).step(0.25), {}});
  EXPECT_TRUE(few.data()->blocks[0]->wide.empty());
  EXPECT_EQ(few.data()->kinds.size(), 81U);
  EXPECT_EQ(few.charge().quantum_bits, 2U) << "multiples of a quarter";
  for (const Synapse& s : synapses_of(few)) {
    ASSERT_EQ(s.weight * 4.0F, std::round(s.weight * 4.0F));
    ASSERT_TRUE(s.weight >= 0.0F && s.weight <= 20.0F);
  }
  const Network many = drawn(fixed_indegree(100), {normal(10.0, 2.0), {}});
  EXPECT_TRUE(many.data()->blocks[0]->compact.empty());
  EXPECT_EQ(many.charge().quantum_bits, 13U) << "2^-16 of about 10";
  EXPECT_LT(static_cast<double>(many.memory_bytes()),
            8.5 * static_cast<double>(many.synapse_count()));
}

TEST(SynapseDraws, StandBesideDividedAndDrivenPsp) {
  for (const PspMode mode : {PspMode{false, false}, PspMode{true, true}, PspMode{true, false}}) {
    const Network n =
        drawn(fixed_indegree(10), {uniform(1.0, 2.0).step(0.125), {}}, 2, {1.0F, 3.0F, 2}, mode);
    const auto all = synapses_of(n);
    ASSERT_EQ(all.size(), 10U * kNeurons);
    for (const Synapse& s : all) {
      ASSERT_EQ(s.psp, 3.0F);
      ASSERT_TRUE(s.weight >= 1.0F && s.weight <= 2.0F);
      ASSERT_EQ(s.delay, 2U);
    }
    EXPECT_NEAR(moments(all, [](const Synapse& s) { return double{s.weight}; }).mean, 1.5, 0.01);
  }
}

TEST(SynapseDraws, ThePairsOfRulesWithoutOwnersDrawOneAfterTheOther) {
  std::vector<std::uint32_t> sources;
  std::vector<std::uint32_t> targets;
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    sources.push_back(i % 7);
    targets.push_back(i % kNeurons);
  }
  std::set<float> weights;
  for (const Synapse& s : synapses_of(drawn(index_pairs(sources, targets), {normal(0, 1), {}}))) {
    weights.insert(s.weight);
  }
  EXPECT_GT(weights.size(), 9'900U);
}

TEST(SynapseDraws, DelaysThatCannotBeAreRefused) {
  EXPECT_SAYS(static_cast<void>(drawn(one_to_one(), {{}, normal(15.0, 5.0)})),
              "delays below one burst could be drawn");
  EXPECT_SAYS(static_cast<void>(drawn(one_to_one(), {{}, uniform(0.2, 5.0).within(0.3, 4.0)})),
              "connection a -> a: delays below one burst");
  EXPECT_SAYS(static_cast<void>(drawn(one_to_one(), {{}, uniform(1.0, 100'000.0)})),
              "delays beyond 65535 bursts could be drawn");
  EXPECT_EQ(drawn(one_to_one(), {{}, uniform(2.6, 3.4)}).delays(), std::vector<std::uint32_t>{3});
  // limits that are whole numbers of bursts but for rounding
  const Distribution ms = uniform(0.0, 1.0).within(0.1, 0.3).times(1.0 / 0.1);
  EXPECT_EQ(drawn(fixed_indegree(10), {{}, ms}).delays(), (std::vector<std::uint32_t>{1, 2, 3}));
}

TEST(SynapseDraws, AWeightTooLargeIsRefused) {
  NetworkOptions options;
  options.quantum_bits = 40;
  NetworkBuilder b(options);
  const AreaId area = b.population("a", 10, {});
  b.connect(area, area, all_to_all(), {}, {normal(1e12, 1.0), {}});
  EXPECT_SAYS(static_cast<void>(b.build()), "is too large");
}

}  // namespace
}  // namespace rheobase::test::draws
