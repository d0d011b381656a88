// SPDX-License-Identifier: Apache-2.0
// Changes in a running brain, and FEAGI's fatigue flag, on every backend.
#include <fstream>

#include "rheobase/checkpoint.h"
#include "rheobase/error.h"
#include "support/backend_cases.h"
#include "support/temporary_folder.h"
#include "support/vector_case.h"

namespace rheobase::test {
namespace {

using nlohmann::json;

class LiveChanges : public OnEveryBackend {
 protected:
  static NetworkOptions rules(Semantics semantics) {
    NetworkOptions options;
    options.rules = rules_of(semantics);
    return options;
  }
  static Network one_neuron(Semantics semantics, const NeuronParams& params) {
    NetworkBuilder builder(rules(semantics));
    builder.population("n", 1, params);
    return builder.build();
  }
  static NetworkEdit period(std::uint16_t bursts) {
    NetworkEdit edit;
    edit.set_refractory_period(0, 1, bursts);
    return edit;
  }
};

/// Random networks with live changes, run by FEAGI's engine (the file says how).
TEST_P(LiveChanges, AsFeagisEngine) {
  const json document =
      json::parse(std::ifstream(RHEOBASE_SOURCE_DIR "/tests/conformance/feagi_live.json"));
  std::size_t run = 0;
  for (const json& vector : document["vectors"]) {
    SCOPED_TRACE(vector["id"].get<std::string>());
    run_vector(vector, GetParam());
    ++run;
  }
  EXPECT_GE(run, 8U);
}

TEST_P(LiveChanges, ANewRefractoryPeriodBeginsRunsAnew) {
  NeuronParams params;
  params.refractory_period = 3;
  params.fire_limit = 4;
  for (const Semantics semantics : {Semantics::feagi_0_0_53, Semantics::feagi_0_0_49,
                                    Semantics::feagi_2026_02, Semantics::feagi_2025_10}) {
    SCOPED_TRACE(name_of(semantics));
    Engine engine(one_neuron(semantics, params), GetParam().options());
    engine.inject(0, 1.0F);
    engine.run(1);
    EXPECT_EQ(engine.state().fire_count[0], 1);
    engine.edit(period(3));  // the value that it has
    EXPECT_EQ(engine.state().fire_count[0], 0);
    EXPECT_EQ(engine.state().refractory_countdown[0], 3);
    engine.edit(period(9));
    EXPECT_EQ(engine.state().refractory_countdown[0], 3) << "a running countdown goes on";
    engine.edit(period(0));
    EXPECT_EQ(engine.state().refractory_countdown[0], 0);
    EXPECT_EQ(engine.network().params(0).refractory_period, 0);
  }
}

TEST_P(LiveChanges, NewParametersDoTheSameWhereThePeriodChanges) {
  NeuronParams params;
  params.refractory_period = 3;
  params.fire_limit = 4;
  Engine engine(one_neuron(Semantics::feagi_0_0_53, params), GetParam().options());
  engine.inject(0, 1.0F);
  engine.run(1);
  params.fire_limit = 2;
  NetworkEdit limit;
  limit.set_params(0, params);
  engine.edit(limit);
  EXPECT_EQ(engine.state().fire_count[0], 1) << "another parameter keeps the run";
  EXPECT_EQ(engine.state().refractory_countdown[0], 3);
  params.refractory_period = 0;
  NetworkEdit none;
  none.set_params(0, params);
  engine.edit(none);
  EXPECT_EQ(engine.state().fire_count[0], 0);
  EXPECT_EQ(engine.state().refractory_countdown[0], 0);
}

TEST_P(LiveChanges, AccumulationOffClearsThePotential) {
  for (const Semantics semantics : {Semantics::feagi_0_0_53, Semantics::feagi_0_0_49}) {
    NeuronParams params;
    params.threshold = 10.0F;
    Engine engine(one_neuron(semantics, params), GetParam().options());
    engine.inject(0, 2.0F);
    engine.run(1);
    params.accumulates = false;
    NetworkEdit edit;
    edit.set_params(0, params);
    engine.edit(edit);
    EXPECT_EQ(engine.potential(0), 0.0F);
    engine.inject(0, 2.0F);
    engine.run(1);
    NetworkEdit again;  // off already
    again.set_accumulates(0, 1, false);
    engine.edit(again);
    EXPECT_EQ(engine.potential(0), 0.0F);
    NetworkEdit on;
    on.set_accumulates(0, 1, true);
    engine.edit(on);
    EXPECT_TRUE(engine.network().params(0).accumulates);
  }
}

TEST_P(LiveChanges, PlainNetworksKeepTheirState) {
  NeuronParams params;
  params.refractory_period = 3;
  params.fire_limit = 4;
  Engine engine(one_neuron(Semantics::plain, params), GetParam().options());
  engine.inject(0, 1.0F);
  engine.run(1);
  engine.edit(period(0));
  EXPECT_EQ(engine.state().fire_count[0], 1);
  EXPECT_EQ(engine.state().refractory_countdown[0], 3);
}

/// An area _fatigue of three neurons among others.
Network tired_network(Semantics semantics) {
  NetworkOptions options;
  options.rules = rules_of(semantics);
  NetworkBuilder builder(options);
  builder.population("before", 2, NeuronParams{});
  NeuronParams params;
  params.refractory_period = 1;
  const AreaId fatigue = builder.population("_fatigue", 3, params);
  const AreaId after = builder.population("after", 3, NeuronParams{});
  builder.connect(fatigue, after, one_to_one());
  return builder.build();
}

std::vector<NeuronId> spikes_of(Engine& engine) {
  engine.run(1);
  return engine.state().fired.front().ids;
}

TEST_P(LiveChanges, FatigueReachesItsAreaInEveryBurstWhileItIsOn) {
  for (const Semantics semantics : {Semantics::plain, Semantics::feagi_0_0_53}) {
    Engine engine(tired_network(semantics), GetParam().options());
    EXPECT_FALSE(engine.fatigue());
    EXPECT_TRUE(spikes_of(engine).empty());
    engine.set_fatigue(true);
    EXPECT_TRUE(engine.fatigue());
    EXPECT_EQ(spikes_of(engine), (std::vector<NeuronId>{2, 3, 4}));
    EXPECT_EQ(spikes_of(engine), (std::vector<NeuronId>{5, 6, 7}));
    EXPECT_EQ(spikes_of(engine), (std::vector<NeuronId>{2, 3, 4}));
    NetworkEdit edit;
    edit.delete_neuron(3);
    engine.edit(edit);
    EXPECT_EQ(spikes_of(engine), (std::vector<NeuronId>{5, 7}));
    EXPECT_EQ(engine.why(2).injections.size(), 1U);
    EXPECT_EQ(spikes_of(engine), (std::vector<NeuronId>{2, 4}));
    engine.set_fatigue(false);
    EXPECT_EQ(spikes_of(engine), (std::vector<NeuronId>{5, 7}));
    EXPECT_TRUE(spikes_of(engine).empty());
    EXPECT_TRUE(engine.why(2).injections.empty());
    engine.set_fatigue(true, 0.5F);
    EXPECT_TRUE(spikes_of(engine).empty());
    EXPECT_EQ(engine.potential(2), 0.5F);
  }
}

TEST_P(LiveChanges, FatigueStandsInACheckpoint) {
  const TemporaryFolder folder;
  const std::string path = folder / "tired.rheobase";
  Engine engine(tired_network(Semantics::feagi_0_0_53), GetParam().options());
  engine.set_fatigue(true, 0.5F);
  engine.run(3);
  engine.save(path);
  engine.run(40);
  Engine other(load_checkpoint(path), GetParam().options());
  EXPECT_TRUE(other.fatigue());
  other.run(40);
  EXPECT_EQ(other.signature(), engine.signature());
  EXPECT_GT(engine.run(1).spikes + engine.run(1).spikes, 0U);
  other.set_fatigue(false);
  other.save(path);
  EXPECT_FALSE(load_checkpoint(path).fatigue.has_value());
}

TEST_P(LiveChanges, FatigueReachesAllMembersOfAJoinedNetwork) {
  Engine engine(copies(tired_network(Semantics::feagi_0_0_53), 2), GetParam().options());
  engine.set_fatigue(true);
  EXPECT_EQ(spikes_of(engine), (std::vector<NeuronId>{2, 3, 4, 10, 11, 12}));
}

TEST_P(LiveChanges, FatigueNeedsItsArea) {
  Engine engine(one_neuron(Semantics::feagi_0_0_53, {}), GetParam().options());
  EXPECT_THROW(engine.set_fatigue(true), Error);
  EXPECT_FALSE(engine.fatigue());
  engine.set_fatigue(false);
}

RHEOBASE_ON_EVERY_BACKEND(LiveChanges);

}  // namespace
}  // namespace rheobase::test
