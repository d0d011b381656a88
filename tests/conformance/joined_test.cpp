// SPDX-License-Identifier: Apache-2.0
// Joined networks: every member fires as it does alone, on every backend.
#include <gtest/gtest.h>

#include <algorithm>

#include "io/text_file.h"
#include "network/view.h"
#include "rheobase/engine.h"
#include "support/backend_cases.h"
#include "support/messages.h"
#include "support/random_network.h"
#include "support/same_state.h"
#include "support/temporary_folder.h"

namespace rheobase::test {
namespace {

constexpr std::uint64_t kBursts = 40;
const std::vector<std::uint64_t> kSeeds{11, 5, 11};

/// A random network, what edits made of it, and the network again: rules and quantum are the same.
struct Trio {
  explicit Trio(std::uint64_t seed) : one(random_case(seed)) {
    Chooser choose(seed);
    networks = {one.network, one.network.edited(random_edit(choose, one.network)), one.network};
    joined.emplace(join(networks));
  }
  /// A Poisson drive on all of them but the first and the last two neurons.
  [[nodiscard]] Drive drive() const {
    return {Drive::Kind::poisson,        2, joined->neuron_count() - 4, 1.5F,
            200.0 / one.network.dt_ms(), 0};
  }
  /// That drive as member m has it.
  [[nodiscard]] Drive drive_of(std::size_t m) const {
    Drive own = drive();
    const std::uint32_t count = joined->members()[m].count;
    own.first = m == 0 ? 2 : 0;
    own.count = count - (m == 0 || m == 2 ? 2 : 0);
    return own;
  }
  /// The input of the case into every member but the second.
  [[nodiscard]] InputSchedule input() const {
    InputSchedule all;
    for (std::size_t i = 0; i < one.input.ids.size(); ++i) {
      for (const std::size_t m : {0U, 2U}) {
        all.bursts.push_back(one.input.bursts[i]);
        all.ids.push_back(one.input.ids[i] + joined->members()[m].first);
        all.potentials.push_back(one.input.potentials[i]);
      }
    }
    return all;
  }

  RandomCase one;
  std::vector<Network> networks;
  std::optional<Network> joined;
};

struct Ran {
  RecordBatch recorded;
  RunSummary summary;
  State state;
};

Ran run(Engine engine, const InputSchedule& input, const NetworkEdit* edit = nullptr) {
  RecordPlan plan;
  const std::uint32_t n = engine.network().neuron_count();
  plan.spikes = {{0, n}};
  plan.probes = {{Field::potential, {n / 3, n - n / 3}, 3}};
  engine.record(plan);
  engine.schedule(input);
  const auto sink = std::make_shared<MemorySink>();
  engine.add_sink(sink);
  Ran ran;
  if (edit != nullptr) {
    engine.run(kBursts / 2);
    engine.edit(*edit);
    ran.summary = engine.run(kBursts - kBursts / 2);
  } else {
    ran.summary = engine.run(kBursts);
  }
  ran.recorded = sink->all();
  ran.state = engine.state();
  return ran;
}

/// Spikes of one member by burst, with its own ids.
std::vector<std::vector<NeuronId>> spikes_of(const RecordBatch& batch, const Member& member) {
  std::vector<std::vector<NeuronId>> bursts(batch.bursts.size());
  for (std::size_t i = 0; i < bursts.size(); ++i) {
    for (std::uint64_t s = batch.spike_begin[i]; s < batch.spike_begin[i + 1]; ++s) {
      const NeuronId id = batch.spike_ids[s] - member.first;
      if (id < member.count) {
        bursts[i].push_back(id);
      }
    }
  }
  return bursts;
}

class Joined : public ::testing::TestWithParam<BackendCase> {
 protected:
  [[nodiscard]] static EngineOptions options(const BackendCase& on,
                                             std::vector<Drive> drives = {}) {
    EngineOptions o = on.options(3);
    o.drives = std::move(drives);
    return o;
  }
};
INSTANTIATE_TEST_SUITE_P(Backends, Joined, ::testing::ValuesIn(backend_cases()), case_name);

TEST_P(Joined, EveryMemberFiresAsItDoesAlone) {
  const bool is_slow = GetParam().backend.starts_with("wgpu");
  std::uint64_t spikes = 0;
  for (std::uint64_t seed = 1; seed <= (is_slow ? 8U : 40U); ++seed) {
    const Trio trio(seed);
    SCOPED_TRACE(trio.one.description);
    EngineOptions together = options(GetParam(), {trio.drive()});
    together.seeds = kSeeds;
    const Ran all = run(Engine(*trio.joined, together), trio.input());
    for (std::size_t m = 0; m < kSeeds.size(); ++m) {
      EngineOptions by_itself = options({"reference", 1}, {trio.drive_of(m)});
      by_itself.seed = kSeeds[m];
      const Ran alone =
          run(Engine(trio.networks[m], by_itself), m == 1 ? InputSchedule{} : trio.one.input);
      const Member& member = trio.joined->members()[m];
      EXPECT_EQ(spikes_of(all.recorded, member),
                spikes_of(alone.recorded, {0, member.count, 0, 0, {}}))
          << "member " << m;
      spikes += alone.summary.spikes;
      for (NeuronId id = 0; id < member.count; ++id) {
        ASSERT_EQ(all.state.u[member.first + id], alone.state.u[id]) << "member " << m;
      }
    }
    // the whole agrees with the reference in all else too
    EngineOptions again = options({"reference", 1}, {trio.drive()});
    again.seeds = kSeeds;
    const Ran reference = run(Engine(*trio.joined, again), trio.input());
    EXPECT_EQ(all.summary.signature, reference.summary.signature);
    EXPECT_EQ(all.summary.events, reference.summary.events);
    EXPECT_EQ(all.recorded.probes[0].bursts, reference.recorded.probes[0].bursts);
    EXPECT_EQ(all.recorded.probes[0].values, reference.recorded.probes[0].values);
    expect_same_state(all.state, reference.state);
  }
  EXPECT_GT(spikes, 0U);
}

TEST_P(Joined, EditsReachTheMembersTheyName) {
  const bool is_slow = GetParam().backend.starts_with("wgpu");
  for (std::uint64_t seed = 1; seed <= (is_slow ? 4U : 20U); ++seed) {
    const Trio trio(seed);
    SCOPED_TRACE(trio.one.description);
    const Member& last = trio.joined->members()[2];
    const Network& alone = trio.networks[2];
    NetworkEdit here;   // into the joined network
    NetworkEdit there;  // the same into the third alone
    for (NetworkEdit* edit : {&here, &there}) {
      const NeuronId first = edit == &here ? last.first : 0;
      Chooser same(seed);
      const NeuronId pre = same.below(last.count);
      const NeuronId post = same.below(last.count);
      NeuronParams params = alone.params(post);
      params.threshold = params.threshold * 0.5F;
      params.excitability = 0.5F;
      edit->set_params(first + post, params);
      if (alone.alive(pre) && alone.alive(post) && !alone.outgoing(pre).empty()) {
        Synapse synapse = alone.outgoing(pre).front();  // a weight that the quantum holds
        synapse.pre = first + pre;
        synapse.post = first + post;
        synapse.delay = 9;  // may be the longest: all members then keep as many queues
        edit->add_synapse(synapse);
      }
      edit->delete_neuron(first + last.count / 2);
    }
    const Ran all = run(Engine(*trio.joined, options(GetParam())), trio.input(), &here);
    EngineOptions by_itself = options({"reference", 1});
    by_itself.seed += 2;
    const Ran single = run(Engine(alone, by_itself), trio.one.input, &there);
    EXPECT_EQ(spikes_of(all.recorded, last), spikes_of(single.recorded, {0, last.count, 0, 0, {}}));
    EXPECT_EQ(trio.joined->edited(here).members()[2].data->synapse_count,
              alone.edited(there).synapse_count());
    EXPECT_EQ(Network(trio.joined->edited(here).members()[2].data).hash(),
              alone.edited(there).hash());
  }
}

TEST_P(Joined, GoesOnFromACheckpoint) {
  const TemporaryFolder folder;
  const Trio trio(4);
  EngineOptions o = options(GetParam(), {trio.drive()});
  o.seeds = kSeeds;
  Engine whole(*trio.joined, o);
  whole.run(13);
  whole.save(folder / "state");
  const std::uint64_t signature = whole.run(17).signature;
  const Checkpoint read = load_checkpoint(folder / "state");
  EXPECT_EQ(read.seeds, kSeeds);
  EXPECT_EQ(read.network.hash(), trio.joined->hash());
  ASSERT_EQ(read.network.members().size(), 3U);
  EXPECT_EQ(read.network.members()[0].data, read.network.members()[2].data) << "equal ones share";
  for (std::size_t m = 0; m < 3; ++m) {
    const Network member(read.network.members()[m].data);
    EXPECT_EQ(member.hash(), trio.networks[m].hash());
    EXPECT_EQ(member.areas()[0].spec.name, trio.networks[m].areas()[0].spec.name);
    EXPECT_EQ(member.charge().worst_sum, trio.networks[m].charge().worst_sum);
  }
  Engine resumed(read, GetParam().options());
  EXPECT_EQ(resumed.run(17).signature, signature);
  save_checkpoint(folder / "again", read);
  EXPECT_EQ(read_text_file(folder / "again"), read_text_file(folder / "state"));
}

TEST(JoinedNetworks, CopiesAreNamedAndSeededByNumber) {
  const RandomCase c = random_case(1);
  const Network many = copies(c.network, 12);
  ASSERT_EQ(many.members().size(), 12U);
  EXPECT_EQ(many.neuron_count(), 12 * c.network.neuron_count());
  EXPECT_EQ(many.synapse_count(), 12 * c.network.synapse_count());
  const Area& area = many.area("11/" + c.network.areas()[0].spec.name);
  EXPECT_EQ(area.first, 11 * c.network.neuron_count());
  EXPECT_EQ(many.area_of(area.first), 11 * c.network.areas().size());
  // joined ones are joined member by member
  const Network more = join({many, c.network});
  EXPECT_EQ(more.members().size(), 13U);
  EXPECT_EQ(more.hash(), copies(c.network, 13).hash());
  EXPECT_NE(more.hash(), many.hash());
}

TEST(JoinedNetworks, AreExplainedAsTheyAreAlone) {
  NetworkBuilder b;
  NeuronParams params;
  params.threshold = 1.0F;
  params.excitability = 0.5F;
  const AreaId area = b.population("all", 40, params);
  b.drive(area, Drive::Kind::poisson, 1.0F, 500.0);
  const Network one = b.build();
  const Network many = copies(one, 3);
  Engine together(many, {"cpu", 1, 1, {}});
  Engine alone(one, {"reference", 1, 3, {}});  // the third one's seed
  for (NeuronId id = 0; id < 40; ++id) {
    const Explanation a = together.why(80 + id, 5);
    const Explanation b2 = alone.why(id, 5);
    EXPECT_EQ(a.hash, b2.hash);
    EXPECT_EQ(a.fired, b2.fired);
    EXPECT_EQ(a.injected, b2.injected);
  }
}

TEST(JoinedNetworks, RefuseWhatDoesNotFit) {
  const auto network = [](double dt, float weight, Semantics semantics) {
    NetworkOptions options;
    options.dt_ms = dt;
    options.rules = rules_of(semantics);
    NetworkBuilder b(options);
    const AreaId area = b.population("all", 2, {});
    b.connect(area, area, fixed_outdegree(1), {weight});
    return b.build();
  };
  const Network one = network(1.0, 1.0F, Semantics::plain);
  EXPECT_SAYS(static_cast<void>(join({})), "no networks to join");
  EXPECT_SAYS(static_cast<void>(join({one, network(0.5, 1.0F, Semantics::plain)})),
              "networks 0 and 1 cannot be joined (the time step differs: 1 ms and 0.5 ms");
  EXPECT_SAYS(static_cast<void>(join({one, one, network(1.0, 0.5F, Semantics::plain)})),
              "networks 0 and 2 cannot be joined (the quantum of charge differs: 2^-0 and 2^-1)");
  EXPECT_SAYS(static_cast<void>(join({one, network(1.0, 1.0F, Semantics::feagi_0_0_53)})),
              "the rule word differs");
  const Network two = copies(one, 2);
  EXPECT_SAYS(Engine(two, {"cpu", 1, 1, {}, OnDeviceLoss::fail, 1.0, {1, 2, 3}}),
              "3 run seeds were given (the network has 2 members)");
  NetworkEdit across;
  across.add_synapse({0, 2, 1.0F, 1.0F, 1});
  EXPECT_SAYS(static_cast<void>(two.edited(across)), "would connect two members");
  NetworkEdit area;
  AreaSpec spec;
  spec.name = "new";
  area.add_area(spec);
  EXPECT_SAYS(static_cast<void>(two.edited(area)), "a joined network takes no new area");
  EXPECT_SAYS(static_cast<void>(copies(one, 0)), "no networks to join");
  EXPECT_SAYS(static_cast<void>(copies(one, 0xFFFFFFFFU)), "have 8589934590 neurons");
}

}  // namespace
}  // namespace rheobase::test
