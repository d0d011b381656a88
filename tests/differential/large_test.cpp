// SPDX-License-Identifier: Apache-2.0
// What small networks do not reach: rows that are fetched ahead, drives of every kind over many
// neurons.
#include <gtest/gtest.h>

#include "engine/registry.h"
#include "rheobase/engine.h"

namespace rheobase::test {
namespace {

constexpr std::uint32_t kNeurons = 5000;

void expect_equal(const Network& network, std::uint64_t bursts) {
  for (const std::string& backend : usable_backends()) {
    for (const std::uint32_t threads : {1U, 3U}) {
      if (backend != "reference" && (threads == 1 || backend == "cpu")) {
        Engine engine(network, {"check:" + backend + ",reference", threads, 1, {}});
        RecordPlan plan;
        plan.branches = threads == 3;  // both forms of the step
        engine.record(plan);
        RunSummary run;
        ASSERT_NO_THROW(run = engine.run(bursts)) << backend << " --threads " << threads;
        EXPECT_GT(run.spikes, 0U);
      }
    }
  }
}

Network a_million_synapses() {
  NetworkBuilder b;
  NeuronParams params;
  params.threshold = 3.0F;
  params.leak = 0.2F;
  params.refractory_period = 2;
  const AreaId area = b.population("all", kNeurons, params);
  for (const std::uint32_t delay : {1U, 2U, 5U}) {
    b.connect(area, area, fixed_outdegree(50, true, true), {0.25F, 1.0F, delay});
    b.connect(area, area, fixed_outdegree(20, true, true), {-0.5F, 1.0F, delay});
  }
  b.drive(area, Drive::Kind::poisson, 1.0F, 300.0);
  return b.build();
}

TEST(LargeNetworks, AMillionSynapsesOfThreeDelays) { expect_equal(a_million_synapses(), 40); }

TEST(LargeNetworks, EditsOfAMillionSynapses) {
  std::vector<NetworkEdit> edits(4);
  edits[0].set_psp(300, 900, 2.0F);  // other synapses in some rows
  for (NeuronId id = 0; id < 50; ++id) {
    edits[1].add_synapse({id, id + 1, 4.0F, 1.0F, 3});  // a delay that nothing had
  }
  AreaSpec more;
  more.name = "more";
  more.size = {64, 1, 1};
  edits[2].add_area(more);
  edits[3].delete_neurons(100, 2000);
  for (const std::uint32_t threads : {1U, 3U}) {
    Engine engine(a_million_synapses(), {"check:cpu,reference", threads, 1, {}});
    for (const NetworkEdit& edit : edits) {
      engine.run(10);
      engine.edit(edit);
    }
    RunSummary run;
    ASSERT_NO_THROW(run = engine.run(10)) << "--threads " << threads;
    EXPECT_GT(run.spikes, 0U);
  }
}

TEST(LargeNetworks, AccumulatorsBeyondTheCache) {
  NetworkBuilder b;
  NeuronParams params;
  params.threshold = -1.0F;
  params.excitability = 0.5F;
  params.leak = 0.5F;
  constexpr std::uint32_t kMany = 2'200'000;  // so that events go through bins
  const AreaId area = b.population("all", kMany, params);
  b.connect(area, area, fixed_outdegree(2, true, true), {0.25F, 1.0F, 1});
  Engine engine(b.build(), {"check:cpu,reference", 1, 1, {}});
  RunSummary run;
  ASSERT_NO_THROW(run = engine.run(3));
  EXPECT_GT(run.events, std::uint64_t{kMany}) << "too few for bins";
}

TEST(LargeNetworks, DrivesOfEveryKind) {
  for (const Semantics semantics : {Semantics::plain, Semantics::feagi_0_0_53}) {
    NetworkOptions options;
    options.rules = rules_of(semantics);
    NetworkBuilder b(options);
    NeuronParams params;
    params.threshold = 50.0F;
    params.leak = 0.1F;
    params.excitability = 0.5F;
    b.population("all", kNeurons, params);
    using Kind = Drive::Kind;
    // means of 0.01 to 1,900 events a burst: short tables, long ones, sums of two and of four draws
    std::uint32_t stream = 0;
    for (const double rate : {10.0, 2'000.0, 30'000.0, 300'000.0, 900'000.0, 1'900'000.0}) {
      b.drive(Drive{Kind::poisson, 700 * stream, 1300, 0.01F, rate, stream});
      ++stream;
    }
    b.drive(Drive{Kind::constant, 17, 4001, -0.5F, 0.0, stream++});
    b.drive(Drive{Kind::regular, 1, kNeurons - 1, 0.25F, 333.0, stream});
    expect_equal(b.build(), 40);
  }
}

}  // namespace
}  // namespace rheobase::test
