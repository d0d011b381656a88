// SPDX-License-Identifier: Apache-2.0
// Synapses of 4 bytes where ids and kinds allow it, else of 8; block by block.
#include <gtest/gtest.h>

#include "network/view.h"

namespace rheobase::test {
namespace {

TEST(SynapseForms, IdsBeyond24BitsAreWide) {
  constexpr NeuronId kLast = (1U << 24U) + 9;
  NetworkBuilder b;
  b.population("a", kLast + 1, {});
  b.connect({{0, kLast, 1, 1, 1}, {0, 1, 1, 1, 1}, {kLast, 2, 1, 1, 1}});
  const Network n = b.build();
  EXPECT_EQ(n.outgoing(0), (std::vector<Synapse>{{0, 1, 1, 1, 1}, {0, kLast, 1, 1, 1}}));
  EXPECT_EQ(n.outgoing(kLast), (std::vector<Synapse>{{kLast, 2, 1, 1, 1}}));
  EXPECT_EQ(n.data()->block_of(0).wide.size(), 2U);
  EXPECT_EQ(n.data()->block_of(kLast).wide.size(), 1U) << "too few to be worth another form";
  NetworkEdit edit;
  edit.add_synapse({kLast, 3, 1, 1, 1});
  const Network edited = n.edited(edit);
  EXPECT_EQ(edited.data()->block_of(kLast).compact.size(), 2U) << "its ids are small";
}

TEST(SynapseForms, BlocksOfAWideNetworkAreNarrowedWhereMostCanBe) {
  NetworkBuilder b;
  b.population("a", 20'000, {});
  std::vector<Synapse> list;
  for (NeuronId pre = 0; pre < 20'000; ++pre) {
    for (std::uint32_t i = 0; i < 4; ++i) {
      // 300 kinds, of which but the last neurons have those beyond 256
      const std::uint32_t kind = pre < 19'000 ? pre % 250 : pre % 300;
      list.push_back({pre, pre % 100 + i, 1.0F + static_cast<float>(kind), 1.0F, 1});
    }
  }
  b.connect(list);
  const Network n = b.build();
  EXPECT_EQ(n.data()->row(0, 1).wide, nullptr);
  EXPECT_EQ(n.data()->row(19'999, 1).compact, nullptr);
  std::vector<Synapse> found;
  for (NeuronId pre = 0; pre < 20'000; ++pre) {
    for (const Synapse& s : n.outgoing(pre)) {
      found.push_back(s);
    }
  }
  EXPECT_EQ(found, list);
}

TEST(SynapseForms, The257thKindWidensItsBlock) {
  for (const std::uint32_t kinds : {256U, 257U}) {
    NetworkBuilder b;
    const AreaId area = b.population("a", 1000, {});
    std::vector<Synapse> list;
    for (std::uint32_t i = 0; i < 3000; ++i) {
      list.push_back({i % 1000, i % 7, 1.0F + static_cast<float>(i % kinds), 1.0F, 1});
    }
    b.connect(std::move(list));
    for (int i = 0; i < 300; ++i) {
      b.connect(area, area, fixed_outdegree(1, true, true), {2.0F, 1.0F, 1});
    }
    const Network n = b.build();
    EXPECT_EQ(n.data()->kinds.size(), kinds);
    EXPECT_EQ(n.data()->block_of(256).wide.empty(), kinds == 256U) << kinds << " kinds";
    EXPECT_TRUE(n.data()->block_of(0).wide.empty());
  }
}

TEST(SynapseForms, SharesOfPspAreKinds) {
  // 300 neurons with as many different numbers of synapses
  for (const bool uniform : {true, false}) {
    NetworkBuilder b;
    AreaSpec spec;
    spec.name = "a";
    spec.size = {400, 1, 1};
    spec.psp.uniform = uniform;
    b.add_area(spec);
    std::vector<Synapse> list;
    for (NeuronId pre = 0; pre < 300; ++pre) {
      for (NeuronId post = 0; post <= pre; ++post) {
        list.push_back({pre, post, 1.0F, 1.0F, 1});
      }
    }
    b.connect(std::move(list));
    EXPECT_EQ(b.build().data()->block_of(299).wide.empty(), uniform);
  }
}

}  // namespace
}  // namespace rheobase::test
