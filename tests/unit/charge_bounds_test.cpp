// SPDX-License-Identifier: Apache-2.0
// Sums by target that threads collect in bins, against the same row by row.
#include "network/charge_bounds.h"

#include <gtest/gtest.h>

#include <numeric>

namespace rheobase::test {
namespace {

constexpr std::uint32_t kTargets = 20'000;

/// Two areas that send to both; the first perhaps by the potential.
Network network_that_sends(bool driven, std::uint32_t weights, std::uint32_t threads) {
  NetworkOptions options;
  options.threads = threads;
  NetworkBuilder b(options);
  AreaSpec spec;
  spec.size = {kTargets / 2, 1, 1};
  spec.name = "first";
  spec.psp = {true, driven};
  const AreaId first = b.add_area(spec);
  spec.name = "second";
  spec.psp = {};
  const AreaId second = b.add_area(spec);
  for (std::uint32_t i = 0; i < weights; ++i) {
    const SynapseSpec synapse{1.0F + static_cast<float>(i), 2.0F, 1 + i % 3};
    b.connect(first, second, fixed_outdegree(60 / weights, true, true), synapse);
    b.connect(second, first, fixed_outdegree(60 / weights, true, true), synapse);
    b.connect(second, second, fixed_outdegree(1, true, true), {-0.5F, 2.0F, 1});
  }
  return b.build();
}

void expect_sums_of_rows(const Network& network) {
  NetworkData rows = *network.data();
  rows.in_charge.edit().assign(kTargets, 0);
  rows.in_degree.edit().assign(kTargets, 0);
  ChargeBounds bounds(rows);
  for (NeuronId pre = 0; pre < kTargets; ++pre) {
    bounds.add(rows, pre);
  }
  EXPECT_EQ(network.data()->in_charge.list(), rows.in_charge.list());
  EXPECT_EQ(network.data()->in_degree.list(), rows.in_degree.list());
  const auto& degrees = rows.in_degree.list();
  EXPECT_EQ(std::accumulate(degrees.begin(), degrees.end(), std::uint64_t{0}),
            network.synapse_count());
}

TEST(ChargeBounds, CompactRows) {
  const Network network = network_that_sends(false, 3, 3);
  ASSERT_NE(network.data()->row(0, 1).compact, nullptr);
  ASSERT_GT(network.synapse_count(), 1'000'000U) << "too few to fill a bin";
  expect_sums_of_rows(network);
}

TEST(ChargeBounds, WideRows) {
  NetworkBuilder b({.threads = 2});
  const AreaId area = b.population("all", kTargets, {});
  for (std::uint32_t i = 0; i < 300; ++i) {
    const SynapseSpec synapse{1.0F + static_cast<float>(i)};
    b.connect(area, area, fixed_outdegree(2, true, true), synapse);
  }
  const Network network = b.build();
  ASSERT_NE(network.data()->row(0, 1).wide, nullptr);
  expect_sums_of_rows(network);
}

TEST(ChargeBounds, RowsDrivenByThePotentialAmongOthers) {
  for (const std::uint32_t threads : {1U, 4U}) {
    expect_sums_of_rows(network_that_sends(true, 2, threads));
  }
}

}  // namespace
}  // namespace rheobase::test
