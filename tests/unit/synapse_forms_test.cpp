// SPDX-License-Identifier: Apache-2.0
// Synapses of 4 bytes where ids and kinds allow it, else of 8; block by block.
#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "network/view.h"
#include "support/messages.h"

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
    EXPECT_EQ(n.data()->kinds.size(), 256U) << "the one beyond is the code of its synapses";
    EXPECT_EQ(n.data()->block_of(256).wide.empty(), kinds == 256U) << kinds << " kinds";
    EXPECT_TRUE(n.data()->block_of(0).wide.empty());
  }
}

TEST(SynapseForms, ManyDelaysDoNotWiden) {
  NetworkBuilder b;
  const AreaId area = b.population("a", 1000, {});
  std::vector<Synapse> list;
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    list.push_back(
        {i % 1000, (i * 7919U) % 1000, static_cast<float>(1 + i % 199), 1.0F, 1 + i % 300});
  }
  b.connect(list);
  b.connect(area, area, one_to_one(), {1.0F, 1.0F, 65'535});
  const Network n = b.build();
  EXPECT_EQ(n.data()->kinds.size(), 199U);
  EXPECT_EQ(n.delays().size(), 301U);
  for (const auto& block : n.data()->blocks) {
    EXPECT_TRUE(block->wide.empty());
  }
  std::stable_sort(list.begin(), list.end(), [](const Synapse& x, const Synapse& y) {
    return std::tie(x.pre, x.delay, x.post) < std::tie(y.pre, y.delay, y.post);
  });
  std::vector<Synapse> found;
  for (NeuronId pre = 0; pre < 1000; ++pre) {
    for (const Synapse& s : n.outgoing(pre)) {
      if (s.delay != 65'535) {
        found.push_back(s);
      }
    }
  }
  EXPECT_EQ(found, list) << "equal places stand as they were made";
}

TEST(SynapseForms, WeightsOfTheirOwnAreCodes) {
  NetworkBuilder b;
  b.population("a", 1000, {});
  std::vector<Synapse> list;
  for (std::uint32_t i = 0; i < 50'000; ++i) {
    const float size = 0.001F + static_cast<float>(i) / 7.0F;
    list.push_back({i % 1000, (i * 7919U) % 1000, i % 3 == 0 ? -size : size, 1.0F, 1 + i % 2});
  }
  b.connect(list);
  const Network n = b.build();
  EXPECT_EQ(n.data()->kinds.size(), 256U);
  EXPECT_LT(static_cast<double>(n.memory_bytes()), 9.2 * 50'000);
  std::stable_sort(list.begin(), list.end(), [](const Synapse& x, const Synapse& y) {
    return std::tie(x.pre, x.delay, x.post) < std::tie(y.pre, y.delay, y.post);
  });
  std::vector<Synapse> found;
  for (NeuronId pre = 0; pre < 1000; ++pre) {
    for (const Synapse& s : n.outgoing(pre)) {
      found.push_back(s);
    }
  }
  EXPECT_EQ(found, list);
}

TEST(SynapseForms, TargetsAndDelaysTogetherHaveALimit) {
  NetworkBuilder b;
  b.population("a", 1U << 24U, {});
  std::vector<Synapse> list;
  for (std::uint32_t delay = 1; delay <= 257; ++delay) {
    list.push_back({0, 1, 1.0F, 1.0F, delay});
  }
  b.connect(std::move(list));
  EXPECT_SAYS(static_cast<void>(b.build()), "cannot have 257 different delays (at most 256)");
}

TEST(SynapseForms, ManyWeightsNeedNoEndlessQuantum) {
  NetworkBuilder b;
  b.population("a", 1000, {});
  std::vector<Synapse> list;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    list.push_back({i, 0, 1.0F + static_cast<float>(i) / 1024.0F, 1.0F, 1});
  }
  list.push_back({0, 1, 1e-9F, 1.0F, 1});
  b.connect(list);
  const Network n = b.build();
  EXPECT_EQ(n.charge().quantum_bits, 16U) << "2^-16 of the mean, which lies from 1 to 2";
  // weights of all sizes may be set then, but not one that comes to nothing
  NetworkEdit edit;
  edit.set_weight(1, 0, 0.1F);
  EXPECT_EQ(n.edited(edit).outgoing(1)[0].weight, 0.1F);
  NetworkEdit nothing;
  nothing.set_weight(1, 0, 1e-7F);
  EXPECT_SAYS(static_cast<void>(n.edited(nothing)), "needs a finer quantum");
  // few weights are held each by itself
  NetworkBuilder few;
  few.population("a", 10, {});
  few.connect({{0, 1, 1.0F, 1.0F, 1}, {0, 2, 0.001F, 1.0F, 1}});
  EXPECT_GT(few.build().charge().quantum_bits, 20U);
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
