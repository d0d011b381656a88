// SPDX-License-Identifier: Apache-2.0
#include "rheobase/network.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "model/float_ops.h"
#include "network/network_hash.h"
#include "network/view.h"
#include "support/messages.h"
#include "support/shared_data.h"

namespace rheobase::test {
namespace {

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
  for (float NeuronParams::*field :
       {&NeuronParams::v_rest, &NeuronParams::v_reset, &NeuronParams::threshold_limit,
        &NeuronParams::leak, &NeuronParams::excitability}) {
    AreaSpec other = area_of("nan", {1, 1, 1});
    other.params.*field = std::numeric_limits<float>::infinity();
    EXPECT_SAYS(b.add_area(other), "is not a number (NaN or infinity). Give a finite value.");
  }
  AreaSpec steep = area_of("steep", {1, 1, 1});
  steep.threshold_gradient[1] = std::nanf("");
  EXPECT_SAYS(b.add_area(steep), "area 'steep': threshold gradient is not a number");
  EXPECT_SAYS(b.connect(0, 7, all_to_all()), "there is no area 7");
  EXPECT_SAYS(b.connect(0, 0, all_to_all(), {1.0F, 1.0F, 65536}),
              "a delay of 65536 bursts cannot be");
  EXPECT_SAYS(b.connect(0, 0, all_to_all(), {1.0F, 1.0F, 0}), "a delay of 0 bursts cannot be");
  EXPECT_SAYS(b.connect(0, 0, all_to_all(), {std::numeric_limits<float>::infinity()}),
              "weight is not a number");
  EXPECT_SAYS(b.connect({{0, 9, 1.0F, 1.0F, 1}}), "an end that does not exist");
  EXPECT_SAYS(b.connect({{0, 0, 1.0F, std::nanf(""), 1}}), "synapse 0 -> 0: psp is not a number");
  EXPECT_SAYS(b.connect({{0, 0, 1.0F, 1.0F, 65536}}), "synapse 0 -> 0: a delay of 65536 bursts");
  EXPECT_SAYS(b.connect(0, 0, all_to_all(), {1.0F, std::nanf("")}),
              "connection twice -> twice: psp is not a number");
  EXPECT_SAYS(static_cast<void>(NetworkBuilder().build()), "no neurons");
  NetworkOptions frozen;
  frozen.dt_ms = 0.0;
  EXPECT_SAYS(NetworkBuilder{frozen}, "dt of 0 ms is out of range");
  NetworkOptions fine;
  fine.quantum_bits = 41;
  NetworkBuilder too_fine(fine);
  too_fine.add_area(area_of("a", {1, 1, 1}));
  EXPECT_SAYS(static_cast<void>(too_fine.build()), "quantum_bits 41 is out of range (0 to 40)");
}

TEST(Network, RefusesDrivesThatCannotBe) {
  const auto build = [](const Drive& drive) {
    NetworkBuilder b;
    b.add_area(area_of("a", {10, 1, 1}));
    b.drive(drive);
    static_cast<void>(b.build());
  };
  using Kind = Drive::Kind;
  EXPECT_EQ(message_of([&] { build({Kind::poisson, 0, 10, 1.0F, 1e6}); }), "no error");
  EXPECT_SAYS(build({Kind::constant, 5, 6}), "drive on neurons 5 to 11 leaves the network");
  EXPECT_SAYS(build({Kind::constant, 1, 0xFFFFFFFFU}), "leaves the network");
  EXPECT_SAYS(build({Kind::regular, 0, 1, 1.0F, -1.0}), "Hz is out of range");
  EXPECT_SAYS(build({Kind::regular, 0, 1, 1.0F, std::nan("")}), "Hz is out of range");
  EXPECT_SAYS(build({Kind::poisson, 0, 1, 1.0F, 2.1e6}), "events a burst (at most 2000)");
  EXPECT_SAYS(build({Kind::constant, 0, 1, std::nanf("")}), "amplitude is not a number");
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
              "off the grid (dt is 0.1 ms, at most 65535 steps). Nearest values: 2 and 2.1 ms.");
  EXPECT_SAYS(static_cast<void>(lif({.t_ref_ms = 1e300}, 0.1)), "Nearest value: 6553.5 ms.");
  EXPECT_SAYS(static_cast<void>(lif({.t_ref_ms = -1}, 0.1)), "Nearest value: 0 ms.");
  EXPECT_SAYS(static_cast<void>(lif({.t_ref_ms = std::nan("")}, 0.1)), "off the grid");
  EXPECT_EQ(lif({.t_ref_ms = 6553.5}, 0.1).refractory_period, 65535);
  EXPECT_SAYS(static_cast<void>(lif({.tau_m_ms = 0}, 0.1)), "tau_m of 0 ms");
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

/// The vectors of one kind, from every file that exists.
std::vector<nlohmann::json> vectors_of(const std::string& kind) {
  std::vector<nlohmann::json> list;
  for (const auto& file : vector_files()) {
    const auto document = nlohmann::json::parse(std::ifstream(file));
    for (const auto& vector : document["vectors"]) {
      if (vector["kind"] == kind) {
        list.push_back(vector);
      }
    }
  }
  return list;
}

TEST(Network, ThresholdsAndOrderAreFeagis) {
  const auto gradients = vectors_of("threshold_gradient");
  const auto orders = vectors_of("neuron_order");
  if (gradients.empty() && orders.empty()) {
    GTEST_SKIP() << "no vector files (set RHEOBASE_VECTORS)";
  }
  const auto build = [](const nlohmann::json& vector, std::uint32_t before) {
    NetworkBuilder b;
    if (before != 0) {
      b.add_area(area_of("before", {before, 1, 1}));
    }
    AreaSpec spec = area_of("a", {vector["dims"][0], vector["dims"][1], vector["dims"][2]});
    spec.neurons_per_voxel = vector["neurons_per_voxel"];
    if (vector.contains("increment")) {
      spec.params.threshold = vector["base"];
      spec.threshold_gradient = vector["increment"];
    }
    b.add_area(spec);
    return b.build();
  };
  for (const auto& vector : gradients) {
    SCOPED_TRACE(vector["id"].get<std::string>());
    const Network n = build(vector, 0);
    ASSERT_EQ(n.neuron_count(), vector["expect"].size());
    for (NeuronId id = 0; id < n.neuron_count(); ++id) {
      EXPECT_EQ(n.params(id).threshold, vector["expect"][id].get<float>()) << id;
    }
  }
  for (const auto& vector : orders) {
    SCOPED_TRACE(vector["id"].get<std::string>());
    const std::uint32_t first = vector["first_id"];
    const Network n = build(vector, first);
    ASSERT_EQ(n.neuron_count() - first, vector["expect"].size());
    for (std::uint32_t i = 0; i < vector["expect"].size(); ++i) {
      const auto& v = vector["expect"][i];
      EXPECT_EQ(n.voxel_of(first + i), (Voxel{v[0], v[1], v[2]})) << i;
    }
  }
}

TEST(Network, NeuronsOfEqualParametersShareAClass) {
  NetworkBuilder b;
  AreaSpec spec = area_of("a", {100, 1, 1});
  b.add_area(spec);
  spec.name = "b";
  b.add_area(spec);
  spec.name = "c";
  spec.params.leak = 0.5F;
  b.add_area(spec);
  spec.name = "d";
  spec.psp.potential_driven = true;
  b.add_area(spec);
  const Network n = b.build();
  EXPECT_EQ(n.data()->classes.size(), 3U);
  EXPECT_EQ(n.data()->runs.size(), 3U) << "the first two areas are one run";
  EXPECT_EQ(n.data()->class_of[0], n.data()->class_of[199]);
  EXPECT_NE(n.data()->class_of[200], n.data()->class_of[300]);
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

TEST(Network, PotentialDrivenWeightsAreBounded) {
  const auto driven = [](float weight) { return pair_network(weight, 1.0F, 1, {true, true}); };
  // the largest potential is 65,536
  EXPECT_EQ(driven(512.0F).charge().worst_sum, 512.0 * 65536.0) << "a power of two is no exception";
  EXPECT_EQ(driven(-3.0F).charge().worst_sum, 3.0 * 65536.0);
  EXPECT_EQ(driven(0x1p20F).charge().accumulator_bits, 64U);
  EXPECT_SAYS(driven(0x1p31F), "of 64 bits");  // the bound must not wrap
  EXPECT_SAYS(driven(500000000.0F), "of 64 bits");
  EXPECT_SAYS(driven(0x1p32F), "is too large (below 2^32 is possible)");
  const Network eighths = driven(0.375F);
  EXPECT_EQ(eighths.data()->kinds[0].weight_numerator, 3U);
  EXPECT_EQ(eighths.data()->kinds[0].weight_shift, 3U);
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

TEST(Network, TheSameDescriptionGivesTheSameNetwork) {
  NetworkBuilder b;
  b.add_area(area_of("a", {200, 1, 1}));
  b.connect(0, 0, fixed_probability(0.1));
  const Network first = b.build();
  EXPECT_EQ(first.hash(), b.build().hash()) << "build may be called again";
}

TEST(Network, HashSeesAllThatDecidesSpikes) {
  struct Description {
    NetworkOptions options;
    AreaSpec area = area_of("a", {4, 1, 1});
    SynapseSpec synapse;
    Drive drive{Drive::Kind::poisson, 0, 4, 1.0F, 10.0};
  };
  const auto hash = [](auto change) {
    Description d;
    change(d);
    NetworkBuilder b(d.options);
    b.add_area(d.area);
    b.connect(0, 0, one_to_one(), d.synapse);
    b.drive(d.drive);
    return b.build().hash();
  };
  using D = Description&;
  const std::uint64_t plain = hash([](D) {});
  EXPECT_EQ(hash([](D d) { d.area.name = "other"; }), plain);
  EXPECT_EQ(hash([](D d) { d.area.role = "input"; }), plain);
  // each of these decides over spikes, and no two of them are alike
  const std::vector<std::uint64_t> others{
      hash([](D d) { d.options.dt_ms = 2; }),
      hash([](D d) { d.options.quantum_bits = 5; }),
      hash([](D d) { d.options.rules.leak = Rules::Leak::after_miss; }),
      hash([](D d) { d.options.rules.countdown = Rules::When::as_candidate; }),
      hash([](D d) { d.options.rules.test = Rules::When::as_candidate; }),
      hash([](D d) { d.options.rules.forget = Rules::Forget::former_candidate; }),
      hash([](D d) { d.options.rules.floor_negative = true; }),
      hash([](D d) { d.options.rules.leak_in_refractory = true; }),
      hash([](D d) { d.options.rules.saturating_count = true; }),
      hash([](D d) { d.options.rules.separate_snooze = true; }),
      hash([](D d) { d.options.rules.rounded_psp = true; }),
      hash([](D d) {
        d.area.size = {5, 1, 1};
      }),
      hash([](D d) { d.area.params.v_rest = 0.5F; }),
      hash([](D d) { d.area.params.v_reset = 0.5F; }),
      hash([](D d) { d.area.params.threshold = 0.5F; }),
      hash([](D d) { d.area.params.threshold_limit = 8; }),
      hash([](D d) { d.area.params.leak = 0.5F; }),
      hash([](D d) { d.area.params.excitability = 0.5F; }),
      hash([](D d) { d.area.params.refractory_period = 2; }),
      hash([](D d) { d.area.params.fire_limit = 2; }),
      hash([](D d) { d.area.params.snooze_period = 2; }),
      hash([](D d) { d.area.params.accumulates = false; }),
      hash([](D d) {
        d.area.threshold_gradient = {1, 0, 0};
      }),
      hash([](D d) { d.area.psp.uniform = false; }),
      hash([](D d) { d.area.psp.potential_driven = true; }),
      hash([](D d) { d.synapse.weight = 2; }),
      hash([](D d) { d.synapse.psp = 2; }),
      hash([](D d) { d.synapse.delay = 2; }),
      hash([](D d) { d.drive.kind = Drive::Kind::regular; }),
      hash([](D d) { d.drive.first = 1, d.drive.count = 3; }),
      hash([](D d) { d.drive.count = 3; }),
      hash([](D d) { d.drive.amplitude = 2; }),
      hash([](D d) { d.drive.rate_hz = 20; })};
  std::set<std::uint64_t> distinct(others.begin(), others.end());
  EXPECT_EQ(distinct.size(), others.size());
  EXPECT_FALSE(distinct.contains(plain));
}

/// A checkpoint tells by it whether this version reads a model as the one that wrote it did.
TEST(Hashes, OfStepsSeeEveryField) {
  using model::Op;
  const model::StepProgram step{
      {{Op::constant, 0, 0, 0, 1}, {Op::add, 0, 0, 0, 0}}, {1}, 1, 0, 0, 0};
  const std::uint64_t hash = step_hash(step);
  const auto differs = [&](auto change) {
    model::StepProgram other = step;
    change(other);
    return step_hash(other) != hash;
  };
  EXPECT_TRUE(differs([](auto& s) { s.operations[1].op = Op::subtract; }));
  EXPECT_TRUE(differs([](auto& s) { s.operations[1].a = 1; }));
  EXPECT_TRUE(differs([](auto& s) { s.operations[1].b = 1; }));
  EXPECT_TRUE(differs([](auto& s) { s.operations[1].c = 1; }));
  EXPECT_TRUE(differs([](auto& s) { s.operations[0].word = 2; }));
  EXPECT_TRUE(differs([](auto& s) { s.next[0] = 0; }));
  EXPECT_TRUE(differs([](auto& s) { s.fires = 0; }));
  EXPECT_FALSE(differs([](auto&) {}));
}

}  // namespace
}  // namespace rheobase::test
