// SPDX-License-Identifier: Apache-2.0
// Networks of models: the same on every backend, in checkpoints, joined, edited.
#include <gtest/gtest.h>

#include <algorithm>

#include "network/view.h"
#include "rheobase/error.h"
#include "rheobase/text.h"
#include "support/backend_cases.h"
#include "support/messages.h"
#include "support/model_network.h"
#include "support/same_state.h"
#include "support/temporary_folder.h"

namespace rheobase::test::model_networks {
namespace {

constexpr std::uint64_t kBursts = 80;

RecordPlan everything(const Network& network) {
  RecordPlan plan;
  plan.spikes = {{0, network.neuron_count()}};
  plan.branches = true;
  for (const Area& area : network.areas()) {
    if (area.spec.model.empty()) {
      plan.probes.push_back({Field::potential, {area.first, area.count}, 1});
      continue;
    }
    for (const ModelItem& state : area.spec.model.states()) {
      // not all of the area, and not at every burst
      plan.probes.push_back({Field::potential, {area.first + 3, area.count - 5}, 2, state.name});
    }
  }
  return plan;
}

RecordBatch run(Engine& engine, std::uint64_t bursts) {
  const auto sink = std::make_shared<MemorySink>();
  engine.record(everything(engine.network()));
  engine.add_sink(sink);
  engine.run(bursts);
  return sink->all();
}

void expect_same(const RecordBatch& a, const RecordBatch& b) {
  EXPECT_EQ(a.spike_ids, b.spike_ids);
  EXPECT_EQ(a.spike_begin, b.spike_begin);
  ASSERT_EQ(a.bursts.size(), b.bursts.size());
  for (std::size_t i = 0; i < a.bursts.size(); ++i) {
    EXPECT_EQ(a.bursts[i].events, b.bursts[i].events);
    EXPECT_EQ(a.bursts[i].signature_a, b.bursts[i].signature_a);
    EXPECT_EQ(a.bursts[i].branches, b.bursts[i].branches);
  }
  ASSERT_EQ(a.probes.size(), b.probes.size());
  for (std::size_t p = 0; p < a.probes.size(); ++p) {
    EXPECT_EQ(a.probes[p].bursts, b.probes[p].bursts);
    EXPECT_EQ(a.probes[p].values, b.probes[p].values) << "probe " << p;
  }
}

/// Sources have no port: who injects into one is told so.
void take_out_portless(const Network& network, InputSchedule& input) {
  InputSchedule kept;
  for (std::size_t i = 0; i < input.ids.size(); ++i) {
    const Model& model = network.areas()[network.area_of(input.ids[i])].spec.model;
    if (model.empty() || !model.ports().empty()) {
      kept.bursts.push_back(input.bursts[i]);
      kept.ids.push_back(input.ids[i]);
      kept.potentials.push_back(input.potentials[i]);
      kept.ports.push_back(input.ports[i]);
    }
  }
  input = std::move(kept);
}

class Models : public OnEveryBackend {};

TEST_P(Models, AreTheSame) {
  const Network network = model_network();
  Engine reference(network, {"reference", 1, 7, {}});
  Engine engine(network, GetParam().options(7));
  InputSchedule input;
  for (std::uint32_t i = 0; i < 30; ++i) {  // into areas with and without a model
    input.bursts.push_back(2 + i);
    input.ids.push_back((i * 37U) % network.neuron_count());
    input.potentials.push_back(6.5F);
    const Model& model = network.areas()[network.area_of(input.ids.back())].spec.model;
    const std::size_t ports = model.empty() ? 1 : std::max<std::size_t>(model.ports().size(), 1);
    input.ports.push_back(static_cast<std::uint32_t>(i % ports));
  }
  take_out_portless(network, input);
  reference.schedule(input);
  engine.schedule(input);
  const RecordBatch wanted = run(reference, kBursts);
  expect_same(wanted, run(engine, kBursts));
  expect_same_state(reference.state(), engine.state());
  for (const Area& area : network.areas()) {  // else the test sees little
    EXPECT_TRUE(std::any_of(wanted.spike_ids.begin(), wanted.spike_ids.end(), [&](NeuronId id) {
      return id - area.first < area.count;
    })) << area.spec.name;
  }
}

TEST_P(Models, MoveBetweenBackends) {
  const Network network = model_network();
  Engine whole(network, {"reference", 1, 7, {}});
  whole.run(kBursts);
  Engine first(network, {"reference", 1, 7, {}});
  first.run(kBursts / 2);
  Engine engine(network, GetParam().options(7));
  engine.set_state(first.state());
  engine.run(kBursts / 4);
  Engine last(network, {"reference", 1, 7, {}});
  last.set_state(engine.state());
  last.run(kBursts - kBursts / 2 - kBursts / 4);
  expect_same_state(whole.state(), last.state());
}

/// Where the number of the burst takes more than 32 bits.
TEST_P(Models, KnowTheTimeOfLateBursts) {
  const Network network = model_network();
  Engine reference(network, {"reference", 1, 7, {}});
  State late = reference.state();
  late.burst = (1ULL << 34U) + 12345;
  reference.set_state(late);
  Engine engine(network, GetParam().options(7));
  engine.set_state(late);
  expect_same(run(reference, kBursts / 2), run(engine, kBursts / 2));
  expect_same_state(reference.state(), engine.state());
  Engine early(network, {"reference", 1, 7, {}});  // else the test sees little
  early.run(kBursts / 2);
  EXPECT_NE(early.state().tables[0].columns[1], reference.state().tables[0].columns[1]);
}

TEST_P(Models, GoOnFromACheckpoint) {
  const TemporaryFolder folder;
  const Network network = model_network();
  InputSchedule whole_inputs;
  Engine half(network, GetParam().options(3));
  half.run(kBursts / 2);
  // what waits at the moment of the checkpoint, into every port
  const NeuronId noisy = network.area("noisy").first;
  for (std::uint32_t port = 0; port < 3; ++port) {
    half.inject(noisy + port, 5.0F, port);
    whole_inputs.bursts.push_back(kBursts / 2 + 1);
    whole_inputs.ids.push_back(noisy + port);
    whole_inputs.potentials.push_back(5.0F);
    whole_inputs.ports.push_back(port);
  }
  half.save(folder / "half");
  Checkpoint read = load_checkpoint(folder / "half");
  EXPECT_EQ(read.network.hash(), network.hash());
  Engine other(std::move(read), GetParam().options(1));
  other.run(kBursts - kBursts / 2);
  Engine whole(network, GetParam().options(3));
  whole.schedule(whole_inputs);
  whole.run(kBursts);
  expect_same_state(whole.state(), other.state());
  EXPECT_EQ(whole.signature(), other.signature());
}

TEST_P(Models, CanBeEdited) {
  const Network network = model_network();
  NetworkEdit edit;
  const Area noisy = network.area("noisy");
  const Area front = network.area("front");
  for (std::uint32_t i = 0; i < 20; ++i) {
    edit.add_synapse({front.first + i, noisy.first + 2U * i, 4.0F, 1.0F, 1 + i % 3, i % 3});
  }
  edit.set_values(noisy.first + 10, 20, {{"tau", {5.0}}});
  const Synapse gone = network.outgoing(network.area("izhikevich").first).front();
  edit.remove_synapse(gone.pre, gone.post);
  AreaSpec more;
  more.name = "more";
  more.size = {25, 1, 1};
  more.model = Model::named("izhikevich");
  edit.add_area(more);
  edit.add_synapse({front.first, network.neuron_count() + 4U, 30.0F, 1.0F, 1});
  const auto ran = [&](Engine engine) {
    engine.run(kBursts / 2);
    engine.edit(edit);
    engine.run(kBursts / 2);
    return engine.state();
  };
  const State wanted = ran(Engine(network, {"reference", 1, 7, {}}));
  EXPECT_EQ(wanted.tables.size(), 4U);
  expect_same_state(wanted, ran(Engine(network, GetParam().options(7))));
}

/// Nothing but parameters: whatever a backend made of the former ones has to go.
TEST_P(Models, TakeOtherParameters) {
  const Network network = model_network();
  const Area noisy = network.area("noisy");
  NetworkEdit some;
  some.set_values(noisy.first + 10, 20, {{"tau", {5.0}}});
  NetworkEdit all;
  all.set_values(noisy.first, noisy.count, {{"tau", {40.0}}, {"d_theta", {2.5}}});
  const auto ran = [&](Engine engine) {
    engine.run(kBursts / 4);
    engine.edit(some);
    engine.run(kBursts / 4);
    engine.edit(all);
    engine.run(kBursts / 2);
    return engine.state();
  };
  const State wanted = ran(Engine(network, {"reference", 1, 7, {}}));
  expect_same_state(wanted, ran(Engine(network, GetParam().options(7))));
  Engine unedited(network, {"reference", 1, 7, {}});  // else the test sees little
  unedited.run(kBursts);
  EXPECT_NE(unedited.state().tables.back().columns, wanted.tables.back().columns);
}

TEST_P(Models, AreAloneWhenJoined) {
  const Network one = model_network(1);
  const Network two = model_network(2);
  const Network joined = join({one, two, one});
  EngineOptions options = GetParam().options();
  options.seeds = {7, 8, 9};
  Engine engine(joined, options);
  engine.run(kBursts);
  const State all = engine.state();
  ASSERT_EQ(all.tables.size(), 9U);
  for (std::size_t m = 0; m < 3; ++m) {
    Engine alone(m == 1 ? two : one, {"reference", 1, 7 + m, {}});
    alone.run(kBursts);
    const State own = alone.state();
    for (std::size_t t = 0; t < 3; ++t) {
      EXPECT_EQ(all.tables[3 * m + t].columns, own.tables[t].columns) << m << " " << t;
    }
  }
}

/// All models that come with Rheobase in one network: recorded, kept, explained.
TEST_P(Models, ThatComeWithRheobase) {
  const TemporaryFolder folder;
  NetworkBuilder b({0.1, 5, {}, 12U, 1});
  std::vector<std::string> names = Model::names();
  if (GetParam().backend.find("integer") != std::string::npos) {
    // a software GPU takes a minute to compile them all in integer arithmetic
    names = {"aeif_cond_exp", "exponential_if", "hh_cond_exp_traub"};
  }
  for (const std::string& name : names) {
    const AreaId area = b.population_of(Model::named(name), name, 20);
    const std::vector<ModelItem> ports = b.area(area).spec.model.ports();
    if (!ports.empty()) {
      b.drive(area, Drive::Kind::poisson, 30.0F, 4000.0);
    }
    for (std::uint32_t port = 0; port < ports.size(); ++port) {
      b.connect(area, area, fixed_indegree(3), {4.0F, 1.0F, 1 + port, port});
    }
  }
  const Network network = b.build();
  Engine reference(network, {"reference", 1, 7, {}});
  Engine engine(network, GetParam().options(7));
  expect_same(run(reference, 200), run(engine, 200));
  engine.save(folder / "state");
  Engine again(load_checkpoint(folder / "state"), {"reference", 1, 1, {}});
  reference.run(20);
  again.run(20);
  expect_same_state(reference.state(), again.state());
  for (const Area& area : network.areas()) {
    const Explanation e = reference.why(area.first + 3);
    EXPECT_EQ(e.model, area.spec.name);
    EXPECT_FALSE(e.operations.empty());
    EXPECT_NE(e.text(network).find("step"), std::string::npos);
  }
}

RHEOBASE_ON_EVERY_BACKEND(Models);

TEST(ModelNetworks, TellTheTimeThatTheirStepSees) {
  const Network network = model_network();
  Engine engine(network, {"cpu", 1, 1, {}});
  engine.run(39);
  const Explanation e = engine.why(network.area("source").first + 3);
  const auto tells = [&](const std::string& what, const std::string& value) {
    return std::any_of(e.operations.begin(), e.operations.end(),
                       [&](const auto& o) { return o.text == what && o.value == value; });
  };
  const double begin = static_cast<double>(e.burst) - 1.0;
  EXPECT_TRUE(tells("t", number_text(begin))) << e.text(network);
  EXPECT_TRUE(tells("t + dt/2", number_text(begin + 0.5))) << e.text(network);
  EXPECT_TRUE(tells("t + dt", number_text(begin + 1.0))) << e.text(network);
}

TEST(ModelNetworks, TellTheirSynapses) {
  const Network network = model_network();
  const Area noisy = network.area("noisy");
  std::array<std::uint64_t, 3> ports{};
  for (NeuronId id = 0; id < network.neuron_count(); ++id) {
    for (const Synapse& s : network.outgoing(id)) {
      if (s.post - noisy.first < noisy.count) {
        ++ports.at(s.port);
      } else {
        EXPECT_EQ(s.port, 0U);
      }
    }
  }
  EXPECT_EQ(ports[0], 9U * 90U);
  EXPECT_EQ(ports[1], 13U * 90U);
  EXPECT_EQ(ports[2], 4U * 90U);
}

/// The neuron without a model, written as one: the same bits.
TEST(ModelNetworks, LeakyIntegrateAndFireBothWays) {
  constexpr std::uint64_t kSteps = 400;
  for (const double leak : {0.0, 0.05, 0.25}) {
    for (const std::uint16_t refractory : {std::uint16_t{0}, std::uint16_t{1}, std::uint16_t{4}}) {
      NeuronParams params;
      params.threshold = 10.0F;
      params.v_reset = -1.5F;
      params.leak = static_cast<float>(leak);
      params.refractory_period = refractory;
      const Model lif = Model::parse(
          "model lif\n"
          "param keep = 1, theta = 10, v_reset = -1.5, t_ref = 0 ms\n"
          "state u = 0 in -1e6..1e6\n"
          "port I sum\n"
          "step\n"
          "u *= keep unless refractory\n"
          "u += I unless refractory\n"
          "fire u >= theta\n"
          "refractory t_ref\n"
          "reset u = v_reset\n");
      const auto network = [&](bool as_model) {
        NetworkBuilder b({1.0, 5, {}, 10U, 1});
        const std::vector<ModelValue> values{{"keep", {static_cast<double>(1.0F - params.leak)}},
                                             {"t_ref", {static_cast<double>(refractory)}}};
        const AreaId x =
            as_model ? b.population_of(lif, "x", 300, values) : b.population("x", 300, params);
        b.drive(x, Drive::Kind::poisson, 1.37F, 2500.0);
        b.connect(x, x, fixed_indegree(12), {0.71F, 1.0F, 1});
        b.connect(x, x, fixed_indegree(5), {-0.43F, 1.0F, 3});
        return b.build();
      };
      Engine built_in(network(false), {"cpu", 1, 3, {}});
      Engine written(network(true), {"cpu", 1, 3, {}});
      std::uint64_t spikes = 0;
      for (std::uint64_t t = 0; t < kSteps; t += 40) {
        spikes += built_in.run(40).spikes;
        written.run(40);
        ASSERT_EQ(built_in.signature(), written.signature())
            << "leak " << leak << ", refractory period " << refractory << ", burst " << t + 40;
        ASSERT_EQ(built_in.state().u, written.state().tables[0].columns[0]);
      }
      EXPECT_GT(spikes, 500U);
    }
  }
}

TEST(ModelNetworks, KeepTheParametersOfTheOthers) {
  const Network network = model_network();
  const Area noisy = network.area("noisy");
  NetworkEdit edit;
  edit.set_values(noisy.first + 10, 20, {{"tau", {5.0}}});
  const Network edited = network.edited(edit);
  const std::vector<ModelValue>& values = edited.area("noisy").spec.values;
  const auto tau = std::find_if(values.begin(), values.end(),
                                [](const ModelValue& v) { return v.name == "tau"; });
  ASSERT_NE(tau, values.end());
  for (std::uint32_t i = 0; i < noisy.count; ++i) {
    EXPECT_EQ(tau->values[i], i >= 10 && i < 30 ? 5.0 : 15.0);
  }
  EXPECT_NE(edited.hash(), network.hash());
}

TEST(ModelNetworks, RefuseWhatDoesNotFit) {
  NetworkBuilder b;
  const AreaId plain = b.population("plain", 3, lif({}, 1.0));
  const AreaId noisy = b.population_of(noisy_model(), "noisy", 4);
  EXPECT_EQ(message_of([&] {
              b.population_of(noisy_model(), "x", 4, {{"tua", {1.0}}});
            }),
            "area 'x', model 'noisy': there is no parameter or state 'tua' (it has tau, tau_e, "
            "tau_i, sigma, theta_0, d_theta, tau_theta, v, theta, e, i, i.rise, refractory).");
  EXPECT_NE(message_of([&] {
              b.population_of(noisy_model(), "x", 4, {{"tau", {1.0, 2.0}}});
            }).find("2 values of 'tau' do not fit 4 neurons"),
            std::string::npos);
  EXPECT_NE(message_of([&] {
              b.population_of(noisy_model(), "x", 4, {{"v", {500.0}}});
            }).find("'v' of 500 is out of range (-100 to 100)"),
            std::string::npos);
  EXPECT_NE(message_of([&] {
              b.connect(plain, noisy, fixed_indegree(1), {1.0F, 1.0F, 1, 3});
            }).find("area 'noisy' has no port 3 (its neurons have e, i, kick)"),
            std::string::npos);
  EXPECT_NE(message_of([&] {
              b.connect(noisy, plain, fixed_indegree(1), {1.0F, 1.0F, 1, 1});
            })
                .find("area 'plain' has no port 1 (its neurons have no model, and so one port "
                      "without a name)"),
            std::string::npos);
  Engine engine(b.build(), {"cpu", 1, 1, {}});
  RecordPlan plan;
  plan.probes = {{Field::potential, {3, 4}, 1, "w"}};
  EXPECT_NE(message_of([&] { engine.record(plan); }).find("model 'noisy' has no state 'w'"),
            std::string::npos);
  plan.probes = {{Field::potential, {2, 4}, 1, "v"}};
  EXPECT_NE(message_of([&] { engine.record(plan); }).find("have no model, or not one"),
            std::string::npos);
  NetworkEdit edit;
  edit.set_params(4, {});
  EXPECT_NE(message_of([&] { engine.edit(edit); }).find("the neurons of area 'noisy' have a model"),
            std::string::npos);
  EXPECT_NE(message_of([&] {
              static_cast<void>(engine.potential(4));
            }).find("neuron 4 has the model 'noisy'"),
            std::string::npos);
}

}  // namespace
}  // namespace rheobase::test::model_networks
