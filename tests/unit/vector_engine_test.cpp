// SPDX-License-Identifier: Apache-2.0
// tests/python/test_vector.py compares more.
#include "rheobase/vector_engine.h"

#include <gtest/gtest.h>

#include "engine/team.h"
#include "rheobase/engine.h"
#include "rheobase/error.h"

namespace rheobase::test::vector_engine {
namespace {

Network brain() {
  NetworkBuilder builder({.quantum_bits = 8});
  const NeuronParams params = lif({.tau_m_ms = 10, .v_threshold_mv = 1}, 1.0);
  const AreaId in = builder.population("in", 4, params);
  const AreaId out = builder.population("out", 4, params);
  builder.connect(in, out, all_to_all(), {.weight = 0.25F, .delay = 2});
  builder.drive(out, Drive::Kind::poisson, 0.5F, 100.0);
  return builder.build();
}

VectorOptions options_of(std::uint32_t threads) {
  VectorOptions options;
  options.inputs = {3, 0};
  options.outputs = {{0, 1, 2, 3}, {7, 5}};
  options.threads = threads;
  options.seed = 5;
  return options;
}

TEST(VectorEngine, MembersFireAsEnginesOfTheirOwn) {
  VectorEngine many(std::vector<Network>(5, brain()), options_of(3));
  std::vector<Engine> alone;
  for (std::uint64_t m = 0; m < 5; ++m) {
    alone.emplace_back(brain(), EngineOptions{.backend = "reference", .seed = 5 + m, .drives = {}});
  }
  for (int step = 0; step < 3; ++step) {
    std::vector<float> potentials;
    for (int m = 0; m < 5; ++m) {
      potentials.push_back(0.3F * static_cast<float>(m));
      potentials.push_back(1.2F);
    }
    many.step(4, potentials);
    for (std::size_t m = 0; m < 5; ++m) {
      for (int burst = 0; burst < 4; ++burst) {
        alone[m].inject(3, potentials[2 * m]);
        alone[m].inject(0, potentials[2 * m + 1]);
        alone[m].run(1);
      }
      EXPECT_EQ(many.signature(m), alone[m].signature()) << m;
    }
  }
  EXPECT_NE(many.signature(0), many.signature(1));
}

TEST(VectorEngine, ChangesWeightsOfAllOrOfNone) {
  VectorEngine many(std::vector<Network>(3, brain()), options_of(2));
  const std::vector<NeuronId> pre{1, 0};
  const std::vector<NeuronId> post{4, 7};
  many.set_weights(pre, post, std::vector<float>{1, 2, 3, 4, 5, 6});
  EXPECT_EQ(weights_of(many.network(2), pre, post), (std::vector<float>{5, 6}));
  many.set_weights(1, pre, post, std::vector<float>{-1, 0.5F});
  EXPECT_EQ(weights_of(many.network(1), pre, post), (std::vector<float>{-1, 0.5F}));
  // the last member's weight is no multiple of 2^-8
  EXPECT_THROW(many.set_weights(pre, post, std::vector<float>{0, 0, 0, 0, 0, 0x1p-12F}), Error);
  EXPECT_EQ(weights_of(many.network(0), pre, post), (std::vector<float>{1, 2}));
  EXPECT_EQ(weights_of(many.network(1), {}, {}), std::vector<float>{});
}

TEST(VectorEngine, ResetGoesBackButTimeGoesOn) {
  VectorEngine many(std::vector<Network>(2, brain()), options_of(2));
  const State first = many.state(1);
  many.step(10, std::vector<float>{1, 1, 1, 1});
  EXPECT_NE(many.state(1).u, first.u);
  many.reset(1);
  EXPECT_EQ(many.state(1).u, first.u);
  EXPECT_EQ(many.state(1).burst, 10U);
  EXPECT_TRUE(many.state(1).fired.front().ids.empty());
  EXPECT_NE(many.state(0).u, first.u);
  EXPECT_THROW(many.reset(2), Error);
}

TEST(Team, DoesEveryPieceOnceAndThrowsWhatWasThrown) {
  for (const std::uint32_t threads : {1U, 4U}) {
    Team team(threads);
    for (const std::size_t count : {0U, 1U, 2U, 100U}) {
      std::vector<int> done(count);
      team.share(count, [&](std::size_t i) { ++done[i]; });
      EXPECT_EQ(done, std::vector<int>(count, 1));
    }
    EXPECT_THROW(team.share(50,
                            [](std::size_t i) {
                              if (i == 7) {
                                throw Error(ErrorCode::io, "seven");
                              }
                            }),
                 Error);
    std::vector<int> after(3);
    team.share(3, [&](std::size_t i) { ++after[i]; });
    EXPECT_EQ(after, std::vector<int>(3, 1));
  }
}

}  // namespace
}  // namespace rheobase::test::vector_engine
