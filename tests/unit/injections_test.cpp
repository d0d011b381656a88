// SPDX-License-Identifier: Apache-2.0
// Input in any order reaches backends sorted, each neuron once, summed in the order given.
#include "engine/injections.h"

#include <gtest/gtest.h>

#include <limits>
#include <map>

#include "model/float_ops.h"
#include "rheobase/engine.h"
#include "rheobase/error.h"
#include "support/messages.h"
#include "support/random_network.h"

namespace rheobase::test {
namespace {

TEST(Injections, AreSortedAndSummedInTheOrderGiven) {
  for (const std::uint32_t count : {0U, 1U, 100U, 127U, 128U, 5000U}) {
    for (const std::uint32_t neurons : {1U, 50U, 3000U, 5'000'000U, 0xFFFFFFFFU}) {
      Chooser choose(count + neurons);
      Injections injections;
      std::map<NeuronId, float> sums;
      for (std::uint32_t i = 0; i < count; ++i) {
        const NeuronId id = choose.below(neurons);
        // sums of such different sizes depend on their order
        const float value = choose.any_of({1e10F, -1e10F, 1.0F, 0.333F, 1e-3F});
        injections.add(id, value);
        const auto [place, is_new] = sums.emplace(id, value);
        if (!is_new) {
          place->second = model::canonical(model::add_rn(place->second, value));
        }
      }
      BurstRequest request;
      injections.take(1, NetworkData{}, request);
      ASSERT_EQ(request.injection_targets.size(), sums.size()) << count << " of " << neurons;
      std::size_t i = 0;
      for (const auto& [id, sum] : sums) {
        EXPECT_EQ(request.injection_targets[i], id);
        EXPECT_EQ(model::bits_of(request.injection_values[i]), model::bits_of(sum));
        ++i;
      }
    }
  }
}

/// A wrong value or id anywhere in a list leaves nothing of it behind.
TEST(Injections, ARefusedListChangesNothing) {
  NetworkBuilder b;
  b.population("a", 4, {});
  Engine engine(b.build(), {"reference", 1, 1, {}});
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinite = std::numeric_limits<float>::infinity();
  const std::vector<NeuronId> ids{0, 1, 2};
  for (std::size_t wrong = 0; wrong < ids.size(); ++wrong) {
    for (const float value : {nan, infinite, -infinite}) {
      std::vector<float> potentials{0.5F, 0.5F, 0.5F};
      potentials[wrong] = value;
      EXPECT_THROW(engine.inject(ids, potentials), Error);
    }
    std::vector<NeuronId> beyond = ids;
    beyond[wrong] = 4;
    EXPECT_THROW(engine.inject(beyond, std::vector<float>{0.5F, 0.5F, 0.5F}), Error);
  }
  EXPECT_THROW(engine.inject(ids, std::vector<float>{0.5F, 0.5F}), Error);
  EXPECT_TRUE(engine.checkpoint().injected_ids.empty());
  engine.inject(ids, std::vector<float>{0.5F, -0.0F, 1e-40F});
  EXPECT_EQ(engine.checkpoint().injected_ids, ids);
}

/// One neuron without a model, two with three ports, one without any.
Network of_ports() {
  NetworkBuilder b;
  b.population("plain", 1, {});
  b.population_of(Model::parse("model ports\nport a sum\nport b sum\nport c sum\n"
                               "state v = 0 in -9..9\nstep\nv = a + 2*b + 4*c\nfire v > 100\n"),
                  "ported", 2);
  b.population_of(Model::parse("model none\nfire uniform() < 0.5\n"), "portless", 1);
  return b.build();
}

TEST(Injections, ReachThePortThatWasNamed) {
  Engine engine(of_ports(), {"reference", 1, 1, {}});
  engine.inject(2, 1.0F, 2);
  engine.inject(std::vector<NeuronId>{1, 2, 1}, std::vector<float>{1.0F, 0.5F, 0.25F},
                std::vector<std::uint32_t>{1, 0, 1});
  engine.run(1);
  EXPECT_EQ(engine.state().tables[0].columns[0], (std::vector<float>{2.5F, 4.5F}));
  engine.schedule({{2, 2}, {1, 2}, {1.0F, 1.0F}, {2, 1}});
  engine.run(1);
  EXPECT_EQ(engine.state().tables[0].columns[0], (std::vector<float>{4.0F, 2.0F}));
}

TEST(Injections, APortThatIsNotThereIsRefused) {
  Engine engine(of_ports(), {"reference", 1, 1, {}});
  EXPECT_SAYS(engine.inject(1, 1.0F, 3), "area 'ported' has no port 3 (its neurons have a, b, c).");
  EXPECT_SAYS(engine.inject(0, 1.0F, 1), "'plain' has no port 1");
  EXPECT_SAYS(engine.inject(3, 1.0F), "'portless' has no port 0 (its neurons have none)");
  EXPECT_SAYS(engine.schedule({{1}, {1}, {1.0F}, {7}}), "no port 7");
  const std::vector<NeuronId> ids{1, 2};
  const std::vector<float> potentials{1.0F, 1.0F};
  EXPECT_SAYS(engine.inject(ids, potentials, std::vector<std::uint32_t>{0, 3}), "no port 3");
  EXPECT_SAYS(engine.inject(ids, potentials, std::vector<std::uint32_t>{0}), "2 ids and 1 ports");
  EXPECT_TRUE(engine.checkpoint().injected_ids.empty());
  NetworkBuilder b;
  const AreaId plain = b.population("plain", 3, {});
  EXPECT_SAYS(b.drive(plain, Drive::Kind::constant, 1.0F, 0.0, 1),
              "drive on neurons 0 to 3: area 'plain' has no port 1 (its neurons have no model");
  const Network network = of_ports();
  EXPECT_EQ(port_of(network.area("ported"), "b"), 1U);
  EXPECT_EQ(port_of(network.area("ported"), "2"), 2U);
  EXPECT_SAYS(static_cast<void>(port_of(network.area("ported"), "d")), "has no port 'd'");
}

TEST(Injections, TheHashKnowsThePortOfADrive) {
  const auto hash = [](std::uint32_t port) {
    NetworkBuilder b;
    const Model model = Model::parse("model two\nport a sum\nport b sum\nfire a + b > 1\n");
    b.drive(b.population_of(model, "x", 2), Drive::Kind::constant, 1.0F, 0.0, port);
    return b.build().hash();
  };
  EXPECT_EQ(hash(0), hash(0));
  EXPECT_NE(hash(0), hash(1));
}

}  // namespace
}  // namespace rheobase::test
