// SPDX-License-Identifier: Apache-2.0
// The networks of `rheobase verify` take every branch of the step, and each fault in the step shows
// on one of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "backends/cpu/step.h"
#include "rheobase/engine.h"
#include "rheobase/trial.h"
#include "step_mutants.h"

namespace rheobase::model {

/// Hears of every step of the reference that follows.
inline std::function<void(std::uint32_t, const NeuronClass&, const NeuronState&, const StepInput&)>
    listener;

inline StepResult observed_step(std::uint32_t rules, const NeuronClass& p, const NeuronState& s,
                                const StepInput& in) {
  if (listener) {
    listener(rules, p, s, in);
  }
  return neuron_step(rules, p, s, in);
}

}  // namespace rheobase::model

// the reference once more, under another name and with a step that tells what it is given
#define make_reference_backend make_observed_backend
#define neuron_step observed_step
#include "backends/reference/reference.cpp"
#undef neuron_step
#undef make_reference_backend

namespace rheobase {
namespace {

/// Faults that change nothing, and why. The text is how the changed line begins.
const std::map<std::string, std::string> kEquivalent{
    {"select(select(kMostFires + 2U,", "no count exceeds kMostFires"},
    {"countdown = select(countdown, select(pause, 65535U, pause >= 65535U), fired);",
     "both choices are 65535 there"},
    {"countdown = select(countdown, select(pause, 65535U, pause > 65534U), fired);",
     "both choices are 65535 there"},
    {"canonical: const float below = select(u, kLargestPotential, u >= ", "both are that bound"},
    {"canonical: const float within = select(below, -kLargestPotential, below <= ",
     "both are that bound"},
    {"canonical: return select(within, 0.0F, (bits_of(within) & 0x7FFFFFFFU) <= ",
     "no sum, product or parameter is 2^-126: those of it are +0"},
};

bool is_equivalent(std::string_view what) {
  return std::any_of(kEquivalent.begin(), kEquivalent.end(),
                     [&](const auto& entry) { return what.starts_with(entry.first); });
}

/// Runs a trial on the observed reference.
void observe(const Trial& trial) {
  const Checkpoint& start = trial.start;
  const NetworkData& network = *start.network.data();
  BackendSetup setup{start.network.data(), compile_drives(network, start.drives, {1, {}}), 1};
  const std::unique_ptr<Backend> backend = make_observed_backend(setup);
  backend->write_state(start.state);
  BurstRequest request;
  request.bursts = static_cast<std::uint32_t>(trial.bursts);
  request.plan = std::make_shared<RecordPlan>();
  request.injection_begin.push_back(0);
  const InputSchedule& input = start.input;
  for (std::uint64_t t = 1, at = 0; t <= trial.bursts; ++t) {
    for (; at < input.bursts.size() && input.bursts[at] == t; ++at) {
      request.injection_targets.push_back(input.ids[at]);
      request.injection_values.push_back(input.potentials[at]);
    }
    request.injection_begin.push_back(request.injection_targets.size());
  }
  backend->poll(backend->submit(std::move(request)), true);
}

/// Whether a backend that steps so would be told apart: `check` compares all of this every burst.
bool shows(const model::StepResult& a, const model::StepResult& b) {
  const auto low = [](std::uint32_t count) { return static_cast<std::uint16_t>(count); };
  return model::bits_of(a.state.u) != model::bits_of(b.state.u) ||
         low(a.state.refractory_countdown) != low(b.state.refractory_countdown) ||
         low(a.state.fire_count) != low(b.state.fire_count) ||
         low(a.state.snooze_countdown) != low(b.state.snooze_countdown) ||
         a.state.forget != b.state.forget || a.fired != b.fired || a.branches != b.branches ||
         (a.fired &&
          model::bits_of(a.potential_at_firing) != model::bits_of(b.potential_at_firing));
}

TEST(EveryRule, EveryBranchIsTaken) {
  BranchCounts taken{};
  std::uint64_t inhibitory = 0;
  for (const Trial& trial : every_rule()) {
    Engine engine(trial.start, {"reference", 1, 1, {}});
    RecordPlan plan;
    plan.branches = true;
    engine.record(plan);
    const RunSummary summary = engine.run(trial.bursts);
    EXPECT_GT(summary.spikes, 0U) << trial.name;
    for (std::size_t b = 0; b < kBranchCount; ++b) {
      taken[b] += summary.branches[b];
    }
    inhibitory += summary.inhibitory_events;
  }
  for (std::size_t b = 0; b < kBranchCount; ++b) {
    EXPECT_GT(taken[b], 100U) << name_of(static_cast<Branch>(b));
  }
  EXPECT_GT(inhibitory, 0U);
}

TEST(EveryRule, EveryFaultInTheStepShows) {
  std::set<std::size_t> hidden;
  for (std::size_t i = 0; i < std::size(model::kMutants); ++i) {
    hidden.insert(i);
  }
  // the loops of the cpu backend for classes of one form
  std::array<std::set<std::size_t>, kClassForms> hidden_in;
  hidden_in.fill(hidden);
  bool driven = false;
  std::set<std::uint32_t> rules_met;
  model::listener = [&](std::uint32_t rules, const model::NeuronClass& p,
                        const model::NeuronState& s, const model::StepInput& in) {
    rules_met.insert(rules);
    const model::StepResult right = model::neuron_step(rules, p, s, in);
    std::set<std::size_t>& in_form = hidden_in[static_cast<std::size_t>(form_of(p, driven))];
    std::erase_if(in_form, [&](std::size_t i) {
      const bool seen = shows(right, model::kMutants[i].step(rules, p, s, in, 0));
      if (seen) {
        hidden.erase(i);
      }
      return seen;
    });
  };
  for (const Trial& trial : every_rule()) {
    driven = trial.start.network.data()->potential_driven;
    observe(trial);
  }
  model::listener = nullptr;
  for (const std::size_t i : hidden) {
    if (!is_equivalent(model::kMutants[i].what)) {
      ADD_FAILURE() << "no network shows: " << model::kMutants[i].what;
    }
  }
  for (std::size_t form = 0; form < kClassForms; ++form) {
    for (const std::size_t i : hidden_in[form]) {
      const std::string_view what = model::kMutants[i].what;
      const bool draws = form != static_cast<std::size_t>(ClassForm::plain);
      for (const char* compared : {"(v > p.threshold)", "v >= p.threshold_limit"}) {
        EXPECT_EQ(what.find(compared), std::string::npos) << "in form " << form << ": " << what;
      }
      EXPECT_FALSE(draws && what.find("<= p.draw_below") != std::string::npos)
          << "in form " << form << ": " << what;
    }
  }
  for (const auto& [what, reason] : kEquivalent) {
    EXPECT_TRUE(std::any_of(
        hidden.begin(), hidden.end(),
        [&](std::size_t i) { return std::string_view(model::kMutants[i].what).starts_with(what); }))
        << "shows after all, or is no fault any more: " << what << " (" << reason << ")";
  }
  EXPECT_GE(rules_met.size(), 16U);
}

TEST(EveryRule, BothSidesOfTheAccumulatorsWidth) {
  std::map<std::string, std::uint32_t> bits;
  for (const Trial& trial : every_rule()) {
    bits[trial.name] = trial.start.network.charge().accumulator_bits;
  }
  EXPECT_EQ(bits.at("sums of 31 bits, plain"), 32U);
  EXPECT_EQ(bits.at("sums of 32 bits, plain"), 64U);
  EXPECT_EQ(bits.at("sums of 26 bits, feagi-0.0.53"), 32U);
  EXPECT_EQ(bits.at("sums of 27 bits, feagi-0.0.53"), 64U);
}

}  // namespace
}  // namespace rheobase
