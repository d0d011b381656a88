// SPDX-License-Identifier: Apache-2.0
// The check backend finds what differs between two backends: all of it, and nothing else.
#include "backends/check/check.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "engine/registry.h"
#include "support/messages.h"

namespace rheobase::test {
namespace {

/// What a lying backend changes. Each takes a finished batch or a state.
struct Lie {
  std::string name;
  std::string said;  ///< what the report must contain
  void (*in_batch)(RecordBatch&) = nullptr;
  void (*in_state)(State&) = nullptr;
};

/// A backend that tells one lie from burst 3 on.
class Saboteur final : public Backend {
 public:
  Saboteur(std::unique_ptr<Backend> honest, Lie lie)
      : honest_(std::move(honest)), lie_(std::move(lie)) {}
  [[nodiscard]] std::string describe() const override { return "saboteur"; }
  Ticket submit(BurstRequest request) override { return honest_->submit(std::move(request)); }
  RecordBatch poll(Ticket ticket, bool wait) override {
    RecordBatch batch = honest_->poll(ticket, wait);
    if (batch.bursts.back().burst >= 3 && lie_.in_batch != nullptr) {
      lie_.in_batch(batch);
    }
    return batch;
  }
  [[nodiscard]] State read_state() override {
    State state = honest_->read_state();
    if (state.burst >= 3 && lie_.in_state != nullptr) {
      lie_.in_state(state);
    }
    return state;
  }
  void write_state(const State& state) override { honest_->write_state(state); }
  void apply(NetworkPointer edited) override { honest_->apply(std::move(edited)); }

 private:
  std::unique_ptr<Backend> honest_;
  Lie lie_;
};

const std::vector<Lie>& lies() {
  static const std::vector<Lie> list{
      {"fired", "neuron 3 fired only in saboteur", nullptr,
       [](State& s) { s.fired.front().ids.push_back(3), s.fired.front().potentials.push_back(1); }},
      {"silent", "neuron 2 fired only in reference", nullptr,
       [](State& s) { s.fired.front().ids.clear(), s.fired.front().potentials.clear(); }},
      {"potential at firing", "neuron 2, potential at firing", nullptr,
       [](State& s) { s.fired.front().potentials[0] = 2.0F; }},
      {"a potential at firing too few", "1 potentials at firing against 0", nullptr,
       [](State& s) { s.fired.front().potentials.clear(); }},
      {"potential", "neuron 1, potential", nullptr,
       [](State& s) { s.u[1] = std::nextafter(s.u[1], 1e9F); }},
      {"sign of zero", "neuron 3, potential", nullptr, [](State& s) { s.u[3] = -0.0F; }},
      {"countdown", "neuron 1, refractory countdown", nullptr,
       [](State& s) { ++s.refractory_countdown[1]; }},
      {"fire count", "neuron 0, fire count", nullptr, [](State& s) { ++s.fire_count[0]; }},
      {"snooze", "neuron 3, snooze countdown", nullptr, [](State& s) { ++s.snooze_countdown[3]; }},
      {"forget", "neuron 1, forget mark", nullptr, [](State& s) { s.forget[1] ^= 1U; }},
      {"number", "number of the burst", [](RecordBatch& b) { ++b.bursts[0].burst; }},
      {"events", "counters", [](RecordBatch& b) { ++b.bursts[0].events; }},
      {"spikes", "counters", [](RecordBatch& b) { ++b.bursts[0].spikes; }},
      {"signature a", "counters", [](RecordBatch& b) { b.bursts[0].signature_a ^= 1U << 31U; }},
      {"signature b", "counters", [](RecordBatch& b) { b.bursts[0].signature_b ^= 1U; }},
      {"branches", "branches of the step", [](RecordBatch& b) { ++b.bursts[0].branches[10]; }},
      {"inhibitory", "branches of the step",
       [](RecordBatch& b) { ++b.bursts[0].inhibitory_events; }},
      {"recorded spikes", "neuron 1 fired only in saboteur",
       [](RecordBatch& b) { b.spike_ids[0] = 1; }},
      {"sample", "values of probe 1", [](RecordBatch& b) { b.probes[1].values[2] += 1.0F; }},
      {"potential within a submission", "neuron 1, potential",
       [](RecordBatch& b) { b.probes[2].values[1] += 1.0F; }},
      {"sampled burst", "values of probe 0", [](RecordBatch& b) { ++b.probes[0].bursts[0]; }},
  };
  return list;
}

/// A chain of four neurons that passes one spike on, so that neuron t - 1 fires in burst t.
Network driven_chain() {
  NetworkBuilder b;
  AreaSpec spec;
  spec.name = "chain";
  spec.size = {4, 1, 1};
  spec.psp.potential_driven = true;
  b.add_area(spec);
  b.connect({{0, 1, 1, 1, 1}, {1, 2, 1, 1, 1}, {2, 3, 1, 1, 1}});
  return b.build();
}

std::string report_of(std::unique_ptr<Backend> first, std::unique_ptr<Backend> second,
                      const Network& network) {
  const auto check = make_check_backend(network.data(), std::move(first), std::move(second));
  const auto plan = std::make_shared<RecordPlan>();
  plan->spikes = {{0, 4}};
  plan->probes = {{Field::fire_count, {0, 2}, 1}, {Field::potential, {0, 4}, 1}};
  plan->branches = true;
  BurstRequest request;
  request.bursts = 4;
  request.injection_begin = {0, 1, 1, 1, 1};
  request.injection_targets = {0};
  request.injection_values = {1.0F};
  request.plan = plan;
  return message_of([&] {
    const RecordBatch batch = check->poll(check->submit(request), true);
    EXPECT_EQ(batch.spike_ids, (std::vector<NeuronId>{0, 1, 2, 3}));
    EXPECT_EQ(batch.bursts.size(), 4U);
  });
}

TEST(Check, HonestBackendsDoNotDiffer) {
  const Network network = driven_chain();
  const BackendSetup setup{network.data(), {}, 1};
  EXPECT_EQ(
      report_of(make_backend("reference", setup).backend,
                std::make_unique<Saboteur>(make_backend("cpu", setup).backend, Lie{}), network),
      "no error");
}

TEST(Check, FindsEveryKindOfDifferenceAndNamesTheBurst) {
  const Network network = driven_chain();
  const BackendSetup setup{network.data(), {}, 1};
  for (const Lie& lie : lies()) {
    SCOPED_TRACE(lie.name);
    const std::string report =
        report_of(make_backend("reference", setup).backend,
                  std::make_unique<Saboteur>(make_backend("cpu", setup).backend, lie), network);
    EXPECT_TRUE(report.starts_with("reference and saboteur differ in burst 3: ")) << report;
    EXPECT_NE(report.find(lie.said), std::string::npos) << report;
  }
}

TEST(Check, ALieOfTheFirstBackendIsFoundToo) {
  const Network network = driven_chain();
  const BackendSetup setup{network.data(), {}, 1};
  const std::string report =
      report_of(std::make_unique<Saboteur>(make_backend("cpu", setup).backend, lies()[0]),
                make_backend("reference", setup).backend, network);
  EXPECT_NE(report.find("neuron 3 fired only in saboteur"), std::string::npos) << report;
}

}  // namespace
}  // namespace rheobase::test
