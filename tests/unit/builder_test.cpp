// SPDX-License-Identifier: Apache-2.0
// A builder refuses what cannot be when it is said, and takes back what it was told.
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <vector>

#include "rheobase/error.h"
#include "rheobase/network.h"

namespace rheobase {
namespace {

NetworkBuilder started() {
  NetworkBuilder builder({0.1, 3, {}, {}, 1});
  builder.population("A", 10, {});
  builder.population("B", 5, {});
  builder.population("C", 7, {});
  return builder;
}

using Call = std::function<PlanId(NetworkBuilder&)>;

std::vector<Call> calls() {
  return {
      [](NetworkBuilder& b) {
        return b.connect(0, 1, fixed_probability(0.5), {0.5F, 1.0F, 3});
      },
      [](NetworkBuilder& b) { return b.connect(2, 0, fixed_indegree(2)); },
      [](NetworkBuilder& b) {
        return b.connect({{1, 12, 0.5F, 1.0F, 1}, {2, 20, 1.0F, 1.0F, 2}});
      },
      [](NetworkBuilder& b) { return b.drive(0, Drive::Kind::poisson, 0.5F, 500.0); },
      [](NetworkBuilder& b) { return b.drive(2, Drive::Kind::poisson, 0.5F, 700.0); },
  };
}

TEST(NetworkBuilder, TakesBackACallAsIfItHadNotBeenMade) {
  for (std::size_t gone = 0; gone < calls().size(); ++gone) {
    NetworkBuilder builder = started();
    NetworkBuilder same = started();
    std::vector<PlanId> ids;
    for (const Call& call : calls()) {
      ids.push_back(call(builder));
    }
    builder.take_back(ids[gone]);
    for (std::size_t i = 0; i < calls().size(); ++i) {
      if (i != gone) {
        static_cast<void>(calls()[i](same));
      }
    }
    EXPECT_EQ(builder.build().hash(), same.build().hash()) << gone;
    EXPECT_THROW(builder.take_back(ids[gone]), Error);
    EXPECT_EQ(builder.build().hash(), same.build().hash());
  }
}

TEST(NetworkBuilder, RemovesAnAreaWithAllThatTouchesIt) {
  NetworkBuilder builder = started();
  for (const Call& call : calls()) {
    static_cast<void>(call(builder));
  }
  builder.drive(Drive{Drive::Kind::constant, 8, 9, 1.0F, 0.0, 0});  // of A, B and C
  builder.remove_area(1);
  NetworkBuilder same({0.1, 3, {}, {}, 1});
  same.population("A", 10, {});
  same.population("C", 7, {});
  static_cast<void>(same.connect(1, 0, fixed_indegree(2)));
  static_cast<void>(same.connect({{2, 15, 1.0F, 1.0F, 2}}));
  static_cast<void>(same.drive(0, Drive::Kind::poisson, 0.5F, 500.0));
  static_cast<void>(same.drive(1, Drive::Kind::poisson, 0.5F, 700.0));
  static_cast<void>(same.drive(Drive{Drive::Kind::constant, 8, 4, 1.0F, 0.0, 0}));
  EXPECT_EQ(builder.build().hash(), same.build().hash());
  EXPECT_EQ(builder.population("B", 2, {}), 2U);
  EXPECT_EQ(builder.area(2).first, 17U);
  EXPECT_THROW(builder.remove_area(3), Error);
}

TEST(NetworkBuilder, RefusesWhatCannotBeWhenItIsSaid) {
  NetworkBuilder builder = started();
  const std::uint64_t before = builder.build().hash();
  constexpr float kInfinite = std::numeric_limits<float>::infinity();
  const std::vector<Call> wrong{
      [](NetworkBuilder& b) { return b.connect(0, 1, one_to_one()); },
      [](NetworkBuilder& b) { return b.connect(0, 1, thinned(one_to_one(), 50)); },
      [](NetworkBuilder& b) { return b.connect(0, 1, fixed_indegree(11, true, false)); },
      [](NetworkBuilder& b) { return b.connect(0, 1, fixed_outdegree(6, true, false)); },
      [](NetworkBuilder& b) { return b.connect(0, 1, index_pairs({0}, {5})); },
      [](NetworkBuilder& b) { return b.connect(0, 9, all_to_all()); },
      [](NetworkBuilder& b) {
        return b.connect(0, 1, all_to_all(), {1e30F, 1.0F, 1});
      },
      [](NetworkBuilder& b) {
        return b.connect(0, 1, all_to_all(), {1e-30F, 1.0F, 1});
      },
      [](NetworkBuilder& b) {
        return b.connect(0, 1, all_to_all(), {kInfinite, 1.0F, 1});
      },
      [](NetworkBuilder& b) {
        return b.connect(0, 1, all_to_all(), {1.0F, 1.0F, 65536});
      },
      [](NetworkBuilder& b) {
        return b.connect({{0, 1, 1.0F, 1.0F, 1}, {0, 1, 1e30F, 1.0F, 1}});
      },
      [](NetworkBuilder& b) {
        return b.connect({{0, 1, 1e-30F, 1.0F, 1}, {0, 99, 1, 1, 1}});
      },
      [](NetworkBuilder& b) { return b.drive(0, Drive::Kind::poisson, 1.0F, -1.0); },
      [](NetworkBuilder& b) { return b.drive(0, Drive::Kind::poisson, 1.0F, 9e8); },
      [](NetworkBuilder& b) { return b.drive(0, Drive::Kind::constant, kInfinite); },
      [](NetworkBuilder& b) { return b.drive(0, Drive::Kind::constant, 1.0F, 0.0, 1); },
  };
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    EXPECT_THROW(static_cast<void>(wrong[i](builder)), Error) << i;
    EXPECT_EQ(builder.build().hash(), before) << i;
  }
}

TEST(NetworkBuilder, StaysAsItWasWhereABuildFails) {
  NetworkBuilder builder = started();
  static_cast<void>(builder.connect(0, 0, all_to_all(), {0x1p-38F, 1.0F, 1}));
  const std::uint64_t before = builder.build().hash();
  const PlanId large = builder.connect(0, 1, all_to_all(), {0x1p40F, 1.0F, 1});
  for (int i = 0; i < 2; ++i) {
    try {
      static_cast<void>(builder.build());
      FAIL() << "each can be, but not both";
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find("A -> B"), std::string::npos) << error.what();
    }
  }
  builder.take_back(large);
  EXPECT_EQ(builder.build().hash(), before);
}

}  // namespace
}  // namespace rheobase
