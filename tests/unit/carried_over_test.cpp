// SPDX-License-Identifier: Apache-2.0
// A running brain goes on with a changed network.
#include <gtest/gtest.h>

#include "rheobase/engine.h"
#include "rheobase/error.h"
#include "rheobase/generate.h"
#include "rheobase/genome.h"
#include "support/messages.h"

namespace rheobase {
namespace {

AreaSpec area(const std::string& name, std::uint32_t x, const std::string& id = "") {
  AreaSpec spec;
  spec.name = name;
  spec.size = {x, 1, 1};
  spec.params.threshold = 3.0F;
  spec.params.refractory_period = 4;
  spec.file_id = id;
  return spec;
}

/// Areas in that order, each neuron of the first one of them sending to the last area by delay 3.
Network network(const std::vector<AreaSpec>& specs) {
  NetworkBuilder builder;
  std::vector<AreaId> ids;
  for (const AreaSpec& spec : specs) {
    ids.push_back(builder.add_area(spec));
  }
  AreaId from = 0;
  AreaId to = 0;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    from = specs[i].name == "from" ? ids[i] : from;
    to = specs[i].name == "to" ? ids[i] : to;
  }
  builder.connect(from, to, one_to_one(), {1.0F, 1.0F, 3});
  return builder.build();
}

TEST(CarriedOver, StateAndSpikesOnTheirWayGoOn) {
  const Network before = network({area("from", 5), area("gone", 2), area("to", 5)});
  const Network after = network({area("new", 3), area("to", 5), area("from", 5), area("gone", 3)});
  Engine engine(before, {"cpu", 1, 1, {}});
  engine.inject(0, 5.0F);                            // from[0] fires in burst 1
  engine.inject(before.area("to").first + 2, 2.0F);  // below threshold
  engine.run(1);
  engine.inject(1, 1.5F);  // for the next burst
  Engine next(carried_over(engine.checkpoint(), after), {"cpu", 1, 1, {}});
  EXPECT_EQ(next.burst(), 1U);
  EXPECT_EQ(next.signature(), engine.signature());
  const NeuronId from = after.area("from").first;
  const NeuronId to = after.area("to").first;
  EXPECT_FLOAT_EQ(next.potential(to + 2), 2.0F);
  EXPECT_EQ(next.state().refractory_countdown[from], engine.state().refractory_countdown[0]);
  EXPECT_FLOAT_EQ(next.potential(after.area("new").first), 0.0F);
  EXPECT_FLOAT_EQ(next.potential(after.area("gone").first + 2), 0.0F);
  for (Engine* each : {&engine, &next}) {
    each->run(3);  // the spike of burst 1 arrives in burst 4
  }
  for (std::uint32_t i = 0; i < 5; ++i) {
    EXPECT_FLOAT_EQ(next.potential(from + i), engine.potential(i));
    EXPECT_FLOAT_EQ(next.potential(to + i), engine.potential(before.area("to").first + i));
  }
  EXPECT_FLOAT_EQ(next.potential(to), 1.0F);
  EXPECT_FLOAT_EQ(next.potential(from + 1), 1.5F);
}

TEST(CarriedOver, AreasAreTheSameByFileId) {
  const Network before = network({area("from", 2, "id1"), area("to", 2, "id2")});
  const Network after = network({area("to", 2, "id1"), area("from", 2, "id2")});
  Engine engine(before, {"cpu", 1, 1, {}});
  engine.inject(0, 2.0F);
  engine.run(1);
  Engine next(carried_over(engine.checkpoint(), after), {"cpu", 1, 1, {}});
  EXPECT_FLOAT_EQ(next.potential(after.area("to").first), 2.0F);
  EXPECT_FLOAT_EQ(next.potential(after.area("from").first), 0.0F);
}

TEST(CarriedOver, TheSameNetworkGoesOnAsIfNothingHadBeen) {
  const Network net = network({area("from", 50), area("to", 50)});
  Engine engine(net, {"cpu", 1, 1, {}});
  for (int burst = 0; burst < 20; ++burst) {
    for (NeuronId id = 0; id < 100; id += 1 + static_cast<NeuronId>(burst % 7)) {
      engine.inject(id, 1.75F);
    }
    engine.run(1);
    Engine next(carried_over(engine.checkpoint(), net), {"cpu", 1, 1, {}});
    engine.run(5);
    next.run(5);
    ASSERT_EQ(next.signature(), engine.signature());
  }
}

TEST(CarriedOver, JoinedNetworksAreRefused) {
  const Network net = network({area("from", 2), area("to", 2)});
  Engine engine(copies(net, 2), {"cpu", 1, 1, {}});
  EXPECT_THROW(static_cast<void>(carried_over(engine.checkpoint(), net)), Error);
}

TEST(GenomeInMemory, IsTheOneOfTheFile) {
  const std::string text =
      R"({"version": "2.0", "blueprint": {"_____10c-abcdef-cx-__name-t": "box",
          "_____10c-abcdef-cx-___bbx-i": 3}, "neuron_morphologies": {}})";
  const std::string current = current_genome(text, "test");
  EXPECT_NE(current.find("\"genome_schema_version\": 7"), std::string::npos);
  EXPECT_EQ(load_text(current, "test").network.hash(), load_text(text, "test").network.hash());
  EXPECT_EQ(current_genome(current, "test"), current);
  EXPECT_THROW(static_cast<void>(current_genome("{}", "test")), Error);
  EXPECT_THROW(static_cast<void>(current_genome("[", "test")), Error);
  EXPECT_SAYS(static_cast<void>(current_genome(generate("layered"), "test")),
              "test is a network recipe (a FEAGI genome was expected).");
}

}  // namespace
}  // namespace rheobase
