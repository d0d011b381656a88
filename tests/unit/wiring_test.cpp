// SPDX-License-Identifier: Apache-2.0
// Networks are the same with any number of threads that build them.
#include <gtest/gtest.h>

#include <algorithm>

#include "model/random.h"
#include "network/view.h"
#include "platform/parallel.h"
#include "rheobase/distance.h"
#include "rheobase/network.h"
#include "support/messages.h"

namespace rheobase::test {
namespace {

/// All rules that threads share, with more pairs than make them do so; one area's PSP is divided.
/// `wide`: some synapses take 8 bytes, since there are so many kinds.
Network built_by(std::uint32_t threads, bool wide) {
  NetworkOptions options;
  options.threads = threads;
  options.quantum_bits = 24;
  NetworkBuilder b(options);
  const AreaId one = b.population("one", 400, {});
  const AreaId two = b.population("two", 700, {});
  AreaSpec shared;
  shared.name = "shared";
  shared.size = {500, 1, 1};
  shared.psp.uniform = false;
  const AreaId three = b.add_area(shared);
  b.connect(one, two, all_to_all());
  b.connect(two, one, fixed_probability(0.5), {0.25F, 1.0F, 3});
  b.connect(two, two, fixed_indegree(200, false, false), {-1.0F, 1.0F, 3});
  b.connect(one, one, fixed_outdegree(300, true, true), {2.0F, 1.0F, 1});
  b.connect(one, one, fixed_outdegree(300, false, false), {3.0F, 1.0F, 1});
  b.connect(one, two, fixed_indegree(250, true, true), {4.0F, 1.0F, 1});
  b.connect(three, two, fixed_indegree(300), {4.0F, 1.0F, 1});
  b.connect(one, two, fixed_total_number(150'000), {5.0F, 1.0F, 1});
  b.connect(two, two, fixed_total_number(150'000, false, false), {6.0F, 1.0F, 1});
  b.connect(one, two, thinned(all_to_all(), 60), {7.0F, 1.0F, 2});
  b.connect(two, two, distance_probability(kernels::gaussian(200), 0.9), {8.0F, 1.0F, 2});
  b.connect({one, 50, 300}, {two, 100}, fixed_probability(0.7), {9.0F, 1.0F, 2});
  for (std::uint32_t i = 0; wide && i < 300; ++i) {
    b.connect({{i, 0, 10.0F + static_cast<float>(i), 1.0F, 1}});
  }
  return b.build();
}

TEST(Wiring, IsTheSameWithAnyNumberOfThreads) {
  for (const bool wide : {false, true}) {
    const Network one = built_by(1, wide);
    const auto& blocks = one.data()->blocks;
    EXPECT_EQ(
        std::any_of(blocks.begin(), blocks.end(), [](const auto& b) { return !b->wide.empty(); }),
        wide);
    for (const std::uint32_t threads : {2U, 3U, 8U}) {
      const Network other = built_by(threads, wide);
      EXPECT_EQ(other.hash(), one.hash()) << threads;
      EXPECT_EQ(other.synapse_count(), one.synapse_count());
      EXPECT_EQ(other.charge().worst_sum, one.charge().worst_sum);
      ASSERT_EQ(other.data()->blocks.size(), one.data()->blocks.size());
      for (std::size_t i = 0; i < one.data()->blocks.size(); ++i) {
        ASSERT_EQ(other.data()->blocks[i]->compact, one.data()->blocks[i]->compact) << i;
        ASSERT_EQ(other.data()->blocks[i]->wide, one.data()->blocks[i]->wide) << i;
      }
    }
  }
}

/// Targets of a row in any order, evenly spread or not, come out sorted, each as often as it went
/// in.
TEST(Wiring, RowsAreSortedWhateverTheirTargets) {
  constexpr std::uint32_t kNeurons = 70'000;
  constexpr std::uint32_t kTargets = 500;
  constexpr NeuronId kRows = 60;
  const auto target_of = [](NeuronId row, std::uint32_t i) -> NeuronId {
    const std::uint32_t h = model::pcg(row * kTargets + i);
    switch (row) {
      case 0: return h % kNeurons;                                   // even
      case 1: return h % 7U;                                         // a few, many times
      case 2: return i == 0 ? kNeurons - 1 : h % 300U;               // all but one close together
      case 3: return kNeurons - 1 - i;                               // descending
      case 4: return 12'345;                                         // one
      case 5: return (h >> 16U) % 2U == 0 ? h % 50U : h % kNeurons;  // both
      default: return h % kNeurons;  // and many more, so that every place is out of order in some
    }
  };
  for (const bool wide : {false, true}) {
    NetworkBuilder b;
    b.population("a", kNeurons, {});
    std::vector<Synapse> synapses;
    for (std::uint32_t i = 0; wide && i < 300; ++i) {
      synapses.push_back({kRows, i, 10.0F + static_cast<float>(i), 1.0F, 1});
    }
    for (NeuronId row = 0; row < kRows; ++row) {
      for (std::uint32_t i = 0; i < kTargets / (row % 6U + 1U); ++i) {
        synapses.push_back({row, target_of(row, i), 1.0F, 1.0F, 1});
      }
    }
    b.connect(std::move(synapses));
    const Network network = b.build();
    for (NeuronId row = 0; row < kRows; ++row) {
      std::vector<NeuronId> expected;
      for (std::uint32_t i = 0; i < kTargets / (row % 6U + 1U); ++i) {
        expected.push_back(target_of(row, i));
      }
      std::sort(expected.begin(), expected.end());
      std::vector<NeuronId> found;
      for (const Synapse& s : network.outgoing(row)) {
        found.push_back(s.post);
      }
      EXPECT_EQ(found, expected) << row;
    }
  }
}

TEST(Wiring, ARuleThatDoesNotFitIsRefusedByTheConnectionsName) {
  NetworkBuilder b;
  const AreaId a = b.population("a", 1000, {});
  const AreaId c = b.population("c", 100, {});
  EXPECT_SAYS(static_cast<void>(b.connect(a, c, fixed_outdegree(101, true, false))),
              "connection a -> c: fixed_outdegree(101");
}

/// A network that cannot fit is refused by what its rules say, before a pair is made.
TEST(Wiring, WhatCannotFitIsRefusedFirst) {
  DistanceOptions options;
  options.pitch = {1e-3, 1.0, 1.0};
  for (const ConnectionRule& rule :
       {fixed_total_number(std::uint64_t{1} << 40U), thinned(all_to_all(), 99.0),
        distance_probability(kernels::gaussian(1e6), 0.9, options)}) {
    NetworkBuilder b;
    const AreaId a = b.population("a", 2'000'000, {});
    b.connect(a, a, rule);
    EXPECT_SAYS(static_cast<void>(b.build()), "synapses");
  }
}

TEST(Wiring, TooManyThreadsAreRefused) {
  NetworkOptions options;
  options.threads = 1025;
  NetworkBuilder b(options);
  b.population("a", 1, {});
  EXPECT_SAYS(static_cast<void>(b.build()), "1025 threads to build are too many (at most 1024)");
}

TEST(ParallelFor, TakesEachOnceAndThrowsOn) {
  std::vector<int> taken(1000, 0);
  platform::parallel_for(taken.size(), 4, [&](std::size_t i) { ++taken[i]; });
  EXPECT_EQ(taken, std::vector<int>(1000, 1));
  platform::parallel_for(0, 4, [](std::size_t) { FAIL(); });
  EXPECT_THROW(platform::parallel_for(100, 3,
                                      [](std::size_t i) {
                                        if (i == 37) {
                                          throw std::runtime_error("37");
                                        }
                                      }),
               std::runtime_error);
}

}  // namespace
}  // namespace rheobase::test
