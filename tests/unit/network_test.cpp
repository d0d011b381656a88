// SPDX-License-Identifier: Apache-2.0
#include "rheobase/network.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "model/float_ops.h"
#include "network/view.h"
#include "rheobase/error.h"
#include "support/random_network.h"

namespace rheobase::test {
namespace {

template <class Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

#define EXPECT_SAYS(action, text)                                      \
  EXPECT_NE(message_of([&] { action; }).find(text), std::string::npos) \
      << message_of([&] { action; })

AreaSpec area_of(const char* name, Voxel size) {
  AreaSpec spec;
  spec.name = name;
  spec.size = size;
  return spec;
}

Network pair_network(float weight, float psp, std::uint32_t delay, PspMode mode = {},
                     std::uint32_t posts = 1) {
  NetworkBuilder b;
  AreaSpec source = area_of("source", {1, 1, 1});
  source.psp = mode;
  const AreaId pre = b.add_area(source);
  const AreaId post = b.add_area(area_of("post", {posts, 1, 1}));
  b.connect(pre, post, all_to_all(), {weight, psp, delay});
  return b.build();
}

TEST(Network, RefusesWhatCannotBe) {
  NetworkBuilder b;
  EXPECT_SAYS(b.add_area(area_of("", {1, 1, 1})), "no name");
  EXPECT_SAYS(b.add_area(area_of("flat", {3, 0, 1})), "area 'flat' has no neurons (size 3 x 0 x 1");
  EXPECT_SAYS(b.add_area(area_of("huge", {4000000, 4000000, 4000000})),
              "more than 4294967294 neurons");
  b.add_area(area_of("twice", {1, 1, 1}));
  EXPECT_SAYS(b.add_area(area_of("twice", {1, 1, 1})), "area 'twice' exists already");
  AreaSpec nan = area_of("nan", {1, 1, 1});
  nan.params.threshold = std::nanf("");
  EXPECT_SAYS(b.add_area(nan), "area 'nan': threshold is not a number");
  EXPECT_SAYS(b.connect(0, 7, all_to_all()), "there is no area 7");
  EXPECT_SAYS(b.connect(0, 0, all_to_all(), {1.0F, 1.0F, 256}), "a delay of 256 bursts cannot be");
  EXPECT_SAYS(b.connect(0, 0, all_to_all(), {1.0F, 1.0F, 0}), "a delay of 0 bursts cannot be");
  EXPECT_SAYS(b.connect(0, 0, all_to_all(), {std::numeric_limits<float>::infinity()}),
              "weight is not a number");
  EXPECT_SAYS(b.connect({{0, 9, 1.0F, 1.0F, 1}}), "an end that does not exist");
  EXPECT_SAYS(static_cast<void>(NetworkBuilder().build()), "no neurons");
  NetworkOptions frozen;
  frozen.dt_ms = 0.0;
  EXPECT_SAYS(NetworkBuilder{frozen}, "dt of 0 ms is out of range");
}

TEST(Network, RefusesMoreMemoryThanThereIs) {
  NetworkBuilder b;
  b.add_area(area_of("a", {1000000, 1, 1}));
  b.add_area(area_of("b", {1000000, 1, 1}));
  b.connect(0, 1, all_to_all());
  EXPECT_SAYS(static_cast<void>(b.build()), "of memory");
}

TEST(Network, LifParametersComeFromPhysics) {
  const NeuronParams p =
      lif({.tau_m_ms = 20, .v_reset_mv = 10, .v_threshold_mv = 20, .t_ref_ms = 2}, 0.1);
  EXPECT_FLOAT_EQ(p.leak, static_cast<float>(1.0 - std::exp(-0.1 / 20)));
  EXPECT_EQ(p.refractory_period, 20);
  EXPECT_SAYS(static_cast<void>(lif({.t_ref_ms = 2.05}, 0.1)),
              "off the grid (dt is 0.1 ms, at most 65535 steps). Nearest values: 2 and 2.1 ms");
}

TEST(Network, VoxelOrderAndIds) {
  NetworkBuilder b;
  b.add_area(area_of("first", {3, 1, 1}));
  AreaSpec spec = area_of("grid", {2, 3, 4});
  spec.neurons_per_voxel = 2;
  b.add_area(spec);
  const Network n = b.build();
  const Area& grid = n.area("grid");
  EXPECT_EQ(grid.first, 3U);
  EXPECT_EQ(grid.count, 48U);
  // x outermost, then y, then z, innermost the copies; the last copy receives
  EXPECT_EQ(n.neuron_at(grid, {1, 2, 3}), 3U + ((1 * 3 + 2) * 4 + 3) * 2 + 1);
  EXPECT_EQ(n.voxel_of(3 + 47), (Voxel{1, 2, 3}));
  EXPECT_EQ(n.voxel_of(3 + 2), (Voxel{0, 0, 1}));
  EXPECT_SAYS(static_cast<void>(n.neuron_at(grid, {2, 0, 0})), "lies outside area 'grid'");
  EXPECT_SAYS(static_cast<void>(n.area("gird")), "Did you mean 'grid'?");
}

TEST(Network, ThresholdGradientRunsLeftToRight) {
  NetworkBuilder b;
  AreaSpec spec = area_of("g", {2, 2, 2});
  spec.params.threshold = 1.0F;
  spec.threshold_gradient = {0.1F, 0.2F, 0.3F};
  b.add_area(spec);
  const Network n = b.build();
  EXPECT_EQ(n.params(0).threshold, 1.0F);
  EXPECT_EQ(n.params(7).threshold, ((1.0F + 0.1F) + 0.2F) + 0.3F);
  EXPECT_EQ(n.params(5).threshold, (1.0F + 0.1F) + 0.3F);
}

TEST(Network, QuantumFollowsTheKindsOfCharge) {
  EXPECT_EQ(pair_network(3.0F, 255.0F, 1).charge().quantum_bits, 0U);
  EXPECT_EQ(pair_network(1.0F, 0.125F, 1).charge().quantum_bits, 3U);
  EXPECT_EQ(pair_network(1.0F, 1.0F, 1, {false, false}).charge().quantum_bits, 24U);
  EXPECT_EQ(pair_network(1.0F, 1.0F, 1, {true, true}).charge().quantum_bits, 24U);
  // 0.1 within 2^-16 of its value: the least k for which that holds
  const std::uint32_t k = pair_network(0.1F, 1.0F, 1).charge().quantum_bits;
  const auto error = [](std::uint32_t bits) {
    const double scaled = static_cast<double>(0.1F) * std::ldexp(1.0, static_cast<int>(bits));
    return std::abs(std::round(scaled) - scaled) / scaled;
  };
  EXPECT_LE(error(k), std::ldexp(1.0, -16));
  for (std::uint32_t less = 0; less < k; ++less) {
    EXPECT_GT(error(less), std::ldexp(1.0, -16)) << less;
  }
  EXPECT_SAYS(pair_network(1e-12F, 1.0F, 1), "is too small to be held");
}

TEST(Network, AccumulatorWidthFollowsFromTheBound) {
  const auto bits = [](std::uint32_t inputs, float weight) {
    NetworkBuilder b;
    const AreaId pre = b.add_area(area_of("pre", {inputs, 1, 1}));
    const AreaId post = b.add_area(area_of("post", {1, 1, 1}));
    b.connect(pre, post, all_to_all(), {weight});
    return b.build().charge();
  };
  EXPECT_EQ(bits(1, 2147483520.0F).accumulator_bits, 32U);
  EXPECT_EQ(bits(2, 2147483520.0F).accumulator_bits, 64U);
  EXPECT_EQ(bits(2, 1073741824.0F).accumulator_bits, 64U);
  EXPECT_EQ(bits(2, 1073741760.0F).accumulator_bits, 32U);
  const ChargeFacts facts = bits(3, -5.0F);
  EXPECT_EQ(facts.worst_sum, 15.0);
  EXPECT_EQ(facts.worst_neuron, 3U);
  EXPECT_EQ(facts.worst_indegree, 3U);
  EXPECT_EQ(facts.event_bits, 0U) << "no rule asks for candidates";
  EXPECT_EQ(bits(2, 0x1p60F).accumulator_bits, 64U);
  EXPECT_SAYS(bits(8, 0x1p60F), "of 64 bits");
  EXPECT_SAYS(bits(1, 0x1p62F), "is too large");
}

TEST(Network, SharesOfADividedPspReachTheWhole) {
  const Network n = pair_network(1.0F, 1.0F, 1, {false, false}, 3);
  const NetworkData& data = *n.data();
  ASSERT_EQ(data.kinds.size(), 1U);
  EXPECT_EQ(data.kinds[0].divisor, 3U);
  EXPECT_EQ(data.kinds[0].charge, 5592406);
}

TEST(Network, RowsAreSortedAndManyKindsWidenABlock) {
  NetworkBuilder b;
  b.add_area(area_of("a", {300, 1, 1}));
  std::vector<Synapse> list;
  for (std::uint32_t i = 0; i < 300; ++i) {
    list.push_back({0, 299 - i, static_cast<float>(i), 1.0F, 1 + i % 3});
    list.push_back({299, i, 1.0F, 1.0F, 1});
  }
  b.connect(list);
  const Network n = b.build();
  const std::vector<Synapse> row = n.outgoing(0);
  ASSERT_EQ(row.size(), 300U);
  for (std::size_t i = 1; i < row.size(); ++i) {
    EXPECT_TRUE(row[i - 1].delay < row[i].delay ||
                (row[i - 1].delay == row[i].delay && row[i - 1].post < row[i].post));
  }
  EXPECT_FALSE(n.data()->block_of(0).wide.empty()) << "300 kinds do not fit into eight bits";
  EXPECT_EQ(n.delays(), (std::vector<std::uint32_t>{1, 2, 3}));
  EXPECT_EQ(n.synapse_count(), 600U);
  EXPECT_EQ(pair_network(1, 1, 1).data()->block_of(0).compact.size(), 1U);
}

TEST(Network, UniqueSynapsesCountPairs) {
  NetworkBuilder b;
  b.add_area(area_of("a", {3, 1, 1}));
  b.connect({{0, 1, 1, 1, 1}, {0, 1, 2, 1, 5}, {0, 2, 1, 1, 1}});
  EXPECT_EQ(b.build().unique_synapse_count(), 2U);
}

TEST(Network, HashSeesAllThatDecidesSpikes) {
  const auto hash = [](auto change) {
    NetworkOptions options;
    AreaSpec spec = area_of("a", {4, 1, 1});
    SynapseSpec synapse;
    change(options, spec, synapse);
    NetworkBuilder b(options);
    b.add_area(spec);
    b.connect(0, 0, one_to_one(), synapse);
    return b.build().hash();
  };
  const std::uint64_t plain = hash([](auto&, auto&, auto&) {});
  EXPECT_EQ(hash([](auto&, auto& s, auto&) { s.name = "other"; }), plain);
  EXPECT_NE(hash([](auto& o, auto&, auto&) { o.dt_ms = 2; }), plain);
  EXPECT_NE(hash([](auto& o, auto&, auto&) { o.rules.floor_negative = true; }), plain);
  EXPECT_NE(hash([](auto& o, auto&, auto&) { o.quantum_bits = 5; }), plain);
  EXPECT_NE(hash([](auto&, auto& s, auto&) { s.params.threshold = 2; }), plain);
  EXPECT_NE(hash([](auto&, auto& s, auto&) { s.params.snooze_period = 2; }), plain);
  EXPECT_NE(hash([](auto&, auto& s, auto&) { s.psp.potential_driven = true; }), plain);
  EXPECT_NE(hash([](auto&, auto&, auto& s) { s.weight = 2; }), plain);
  EXPECT_NE(hash([](auto&, auto&, auto& s) { s.delay = 2; }), plain);
}

/// After any sequence of edits the network is the one that would be built from scratch.
TEST(NetworkEdit, EqualsAFreshBuild) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    Chooser choose(seed);
    constexpr std::uint32_t kNeurons = 40;
    NetworkOptions options;
    options.quantum_bits = 24;
    AreaSpec spec = area_of("a", {kNeurons, 1, 1});
    spec.psp.uniform = choose.one_in(2);
    const auto build = [&](const std::vector<Synapse>& synapses) {
      NetworkBuilder b(options);
      b.add_area(spec);
      b.connect(synapses);
      return b.build();
    };
    std::vector<Synapse> synapses;
    for (int i = 0; i < 200; ++i) {
      synapses.push_back({choose.below(kNeurons), choose.below(kNeurons),
                          choose.any_of({1.0F, 2.0F, -1.0F}), 1.0F, 1 + choose.below(3)});
    }
    const Network before = build(synapses);
    NetworkEdit edit;
    for (int i = 0; i < 30; ++i) {
      const NeuronId pre = choose.below(kNeurons);
      const NeuronId post = choose.below(kNeurons);
      // the first match is in order of delay, then of creation
      const auto first_match = [&] {
        auto best = synapses.end();
        for (auto s = synapses.begin(); s != synapses.end(); ++s) {
          if (s->pre == pre && s->post == post &&
              (best == synapses.end() || s->delay < best->delay)) {
            best = s;
          }
        }
        return best;
      };
      switch (choose.below(4)) {
        case 0:
          synapses.push_back({pre, post, 3.0F, 1.0F, 2});
          edit.add_synapse(synapses.back());
          break;
        case 1:
          if (const auto s = first_match(); s != synapses.end()) {
            synapses.erase(s);
            edit.remove_synapse(pre, post);
          }
          break;
        case 2:
          if (const auto s = first_match(); s != synapses.end()) {
            s->weight = 5.0F;
            edit.set_weight(pre, post, 5.0F);
          }
          break;
        default:
          for (Synapse& s : synapses) {
            s.psp = s.pre == pre ? 2.0F : s.psp;
          }
          edit.set_psp(pre, 1, 2.0F);
      }
    }
    const Network edited = before.edited(edit);
    const Network fresh = build(synapses);
    EXPECT_EQ(edited.hash(), fresh.hash());
    EXPECT_EQ(edited.synapse_count(), fresh.synapse_count());
    EXPECT_EQ(edited.charge().worst_sum, fresh.charge().worst_sum);
    for (NeuronId id = 0; id < kNeurons; ++id) {
      ASSERT_EQ(edited.outgoing(id), fresh.outgoing(id)) << id;
    }
  }
}

TEST(NetworkEdit, SharesUntouchedBlocksAndRefusesAFinerQuantum) {
  NetworkBuilder b;
  b.add_area(area_of("a", {5000, 1, 1}));
  b.connect(0, 0, fixed_outdegree(20));
  const Network before = b.build();
  NetworkEdit edit;
  edit.set_weight(0, before.outgoing(0)[0].post, 2.0F);
  const Network after = before.edited(edit);
  std::size_t shared = 0;
  for (std::size_t i = 0; i < before.data()->blocks.size(); ++i) {
    shared += before.data()->blocks[i] == after.data()->blocks[i] ? 1U : 0U;
  }
  EXPECT_EQ(shared, before.data()->blocks.size() - 1);
  EXPECT_GT(shared, 10U);
  NetworkEdit finer;
  finer.add_synapse({0, 1, 0.5F, 1.0F, 1});
  EXPECT_SAYS(static_cast<void>(before.edited(finer)), "requantize");
  NetworkEdit missing;
  missing.set_weight(0, 0, 1.0F);
  missing.remove_synapse(4999, 4999);
  missing.remove_synapse(4999, 4999);
  EXPECT_SAYS(static_cast<void>(before.edited(missing)), "there is no synapse from neuron");
}

TEST(NetworkEdit, DeletedNeuronsLoseTheirSynapses) {
  NetworkBuilder b;
  b.add_area(area_of("a", {3, 1, 1}));
  b.connect({{0, 1, 1, 1, 1}, {1, 2, 1, 1, 1}, {2, 0, 1, 1, 1}});
  NetworkEdit edit;
  edit.delete_neuron(1);
  const Network n = b.build().edited(edit);
  EXPECT_FALSE(n.alive(1));
  EXPECT_EQ(n.synapse_count(), 1U);
  EXPECT_EQ(n.outgoing(2).size(), 1U);
}

}  // namespace
}  // namespace rheobase::test
