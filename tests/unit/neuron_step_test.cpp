// SPDX-License-Identifier: Apache-2.0
// Each rule of the step by itself, with results worked out by hand.
#include "model/neuron_step.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <limits>
#include <string>

namespace rheobase::model {
namespace {

constexpr std::uint32_t kPlain = kLeakEveryBurst | kCountdownEveryBurst | kTestEveryBurst;
constexpr std::uint32_t kFeagi2026 = kSaturatingCount;

NeuronClass simple_class() {
  NeuronClass p{};
  p.threshold = 1.0F;
  p.threshold_limit = std::numeric_limits<float>::max();
  p.keep = 1.0F;
  p.flags = kAccumulates | kAlwaysFires;
  return p;
}

StepInput input(float synaptic) { return {true, 0.0F, synaptic, 0, 1}; }

/// Fires over bursts of the same input, as FEAGI's documents write them.
std::string pattern(std::uint32_t rules, const NeuronClass& p, float synaptic, int bursts) {
  NeuronState s;
  std::string text;
  for (int t = 0; t < bursts; ++t) {
    const StepResult out = neuron_step(rules, p, s, input(synaptic));
    s = out.state;
    text += out.fired ? '1' : '_';
  }
  return text;
}

TEST(NeuronStep, LeakBeforeTheInput) {
  NeuronClass p = simple_class();
  p.threshold = 100.0F;
  p.keep = 0.5F;
  const StepResult out = neuron_step(kPlain, p, {.u = 8.0F}, input(3.0F));
  EXPECT_EQ(out.state.u, 7.0F);
  EXPECT_FALSE(out.fired);
}

TEST(NeuronStep, LeakAfterAMissOnlyForCandidates) {
  NeuronClass p = simple_class();
  p.threshold = 100.0F;
  p.keep = 0.5F;
  EXPECT_EQ(neuron_step(kFeagi2026, p, {.u = 8.0F}, input(2.0F)).state.u, 5.0F);
  EXPECT_EQ(neuron_step(kFeagi2026, p, {.u = 8.0F}, {}).state.u, 8.0F);
}

TEST(NeuronStep, RefractoryPeriodHoldsOrLeaks) {
  NeuronClass p = simple_class();
  p.keep = 0.5F;
  const NeuronState blocked{.u = 4.0F, .refractory_countdown = 2};
  const StepResult held = neuron_step(kPlain, p, blocked, input(50.0F));
  EXPECT_EQ(held.state.u, 4.0F);
  EXPECT_EQ(held.state.refractory_countdown, 1U);
  EXPECT_FALSE(held.fired);
  EXPECT_EQ(held.branches & kRefractory, kRefractory);
  EXPECT_EQ(neuron_step(kPlain | kLeakInRefractory, p, blocked, input(50.0F)).state.u, 2.0F);
}

TEST(NeuronStep, CountdownAsCandidateWaits) {
  const NeuronClass p = simple_class();
  const NeuronState blocked{.refractory_countdown = 2};
  EXPECT_EQ(neuron_step(kFeagi2026, p, blocked, {}).state.refractory_countdown, 2U);
  EXPECT_EQ(
      neuron_step(kFeagi2026 | kCountdownEveryBurst, p, blocked, {}).state.refractory_countdown,
      1U);
}

TEST(NeuronStep, WindowIsInclusiveAtBothEnds) {
  NeuronClass p = simple_class();
  p.threshold_limit = 2.0F;
  EXPECT_TRUE(neuron_step(kPlain, p, {}, input(1.0F)).fired);
  EXPECT_TRUE(neuron_step(kPlain, p, {}, input(2.0F)).fired);
  EXPECT_FALSE(neuron_step(kPlain, p, {}, input(0.999F)).fired);
  const StepResult above = neuron_step(kPlain, p, {}, input(2.001F));
  EXPECT_FALSE(above.fired);
  EXPECT_EQ(above.branches & kAboveLimit, kAboveLimit);
  EXPECT_EQ(above.state.u, 2.001F);
}

TEST(NeuronStep, FireLimitAndSnooze) {
  NeuronClass p = simple_class();
  p.fire_limit = 3;
  EXPECT_EQ(pattern(kFeagi2026, p, 2.0F, 8), "111_111_");
  p.snooze_period = 2;
  EXPECT_EQ(pattern(kFeagi2026, p, 2.0F, 10), "111__111__");
  p.refractory_period = 1;
  EXPECT_EQ(pattern(kFeagi2026, p, 2.0F, 16), "1_1_1___1_1_1___");
  EXPECT_EQ(pattern(kSeparateSnooze, p, 2.0F, 16), "1_1_1___1_1_1___");
  p.snooze_period = 0;
  p.fire_limit = 2;
  EXPECT_EQ(pattern(kFeagi2026, p, 2.0F, 9), "1_1_1_1_1")
      << "the limit does not show with a refractory period";
  EXPECT_EQ(pattern(kSeparateSnooze, p, 2.0F, 9), "1_1__1_1_") << "it does where snooze is apart";
}

TEST(NeuronStep, AMissEndsTheRunOfFires) {
  NeuronClass p = simple_class();
  p.fire_limit = 3;
  EXPECT_EQ(neuron_step(kFeagi2026, p, {.fire_count = 2}, input(0.5F)).state.fire_count, 0U);
  EXPECT_EQ(neuron_step(kFeagi2026, p, {.fire_count = 2}, {}).state.fire_count, 2U)
      << "no candidate, no miss";
  EXPECT_EQ(neuron_step(kPlain, p, {.fire_count = 2}, {}).state.fire_count, 0U)
      << "tested every burst";
  p.fire_limit = 0;
  EXPECT_EQ(neuron_step(kFeagi2026, p, {.fire_count = 2}, input(0.5F)).state.fire_count, 2U)
      << "an unlimited neuron counts all its fires";
}

TEST(NeuronStep, SaturatingCountBlocksOnce) {
  const NeuronClass p = simple_class();
  const NeuronState full{.fire_count = 65535};
  const StepResult blocked = neuron_step(kFeagi2026, p, full, input(2.0F));
  EXPECT_FALSE(blocked.fired);
  EXPECT_EQ(blocked.state.fire_count, 0U);
  const StepResult plain = neuron_step(kPlain, p, full, input(2.0F));
  EXPECT_TRUE(plain.fired);
  EXPECT_EQ(plain.state.fire_count, 65535U);
}

TEST(NeuronStep, FloorRaisesNegativeInputOfAccumulatingNeurons) {
  NeuronClass p = simple_class();
  p.threshold = 100.0F;
  const std::uint32_t rules = kPlain | kFloorNegative;
  EXPECT_EQ(neuron_step(rules, p, {.u = 3.0F}, input(-2.0F)).state.u, 3.0F);
  EXPECT_EQ(neuron_step(kPlain, p, {.u = 3.0F}, input(-2.0F)).state.u, 1.0F);
  p.flags = kAlwaysFires;
  EXPECT_EQ(neuron_step(rules, p, {.u = 3.0F}, input(-2.0F)).state.u, -2.0F) << "forgot first";
}

TEST(NeuronStep, ForgettingEveryBurstOrAfterCandidacy) {
  NeuronClass p = simple_class();
  p.flags = kAlwaysFires;
  p.threshold = 100.0F;
  EXPECT_EQ(neuron_step(kFeagi2026, p, {.u = 3.0F}, {}).state.u, 0.0F);
  const std::uint32_t rules = kForgetFormerCandidate | kCountdownEveryBurst;
  const StepResult first = neuron_step(rules, p, {.u = 3.0F}, input(4.0F));
  EXPECT_EQ(first.state.u, 7.0F) << "was no candidate before";
  EXPECT_EQ(first.state.forget, 1U);
  const StepResult second = neuron_step(rules, p, first.state, {});
  EXPECT_EQ(second.state.u, 0.0F);
  EXPECT_EQ(second.state.forget, 0U);
  // one that fired keeps its reset potential, one that stays blocked keeps what it holds
  p.threshold = 1.0F;
  p.reset = 0.25F;
  EXPECT_EQ(neuron_step(rules, p, {}, input(4.0F)).state.forget, 0U);
  EXPECT_EQ(neuron_step(rules, p, {.refractory_countdown = 2}, input(4.0F)).state.forget, 0U);
  EXPECT_EQ(neuron_step(rules, p, {.refractory_countdown = 1}, input(4.0F)).state.forget, 1U);
  EXPECT_EQ(neuron_step(kFeagi2026, p, {}, input(0.5F)).state.forget, 0U) << "another rule";
  p.flags |= kAccumulates;
  EXPECT_EQ(neuron_step(rules, p, {}, input(0.5F)).state.forget, 0U) << "accumulates";
}

TEST(NeuronStep, ExcitabilityDrawsByNeuronAndBurst) {
  NeuronClass p = simple_class();
  p.flags = kAccumulates;
  p.draw_below = draw_threshold(0.5F);
  for (std::uint32_t t = 1; t < 50; ++t) {
    StepInput in = input(2.0F);
    in.id = 7;
    in.burst_low = t;
    const StepResult out = neuron_step(kPlain, p, {}, in);
    EXPECT_EQ(out.fired, excitability_hash(7, t) < p.draw_below);
    EXPECT_EQ((out.branches & kVetoed) != 0U, !out.fired);
  }
  // the bound itself is excluded
  p.draw_below = excitability_hash(7, 3);
  EXPECT_FALSE(neuron_step(kPlain, p, {}, {true, 0.0F, 5.0F, 7, 3}).fired);
  ++p.draw_below;
  EXPECT_TRUE(neuron_step(kPlain, p, {}, {true, 0.0F, 5.0F, 7, 3}).fired);
  p.draw_below = 0;
  EXPECT_FALSE(neuron_step(kPlain, p, {}, input(2.0F)).fired) << "excitability 0";
}

TEST(NeuronStep, TheExitClampsAndFlushes) {
  NeuronClass p = simple_class();
  p.threshold = std::numeric_limits<float>::max();
  const StepResult high = neuron_step(kPlain, p, {.u = 0x1p100F}, input(0x1p99F));
  EXPECT_EQ(high.state.u, 0x1p100F);
  EXPECT_EQ(high.branches & kClamped, kClamped);
  p.keep = 0.5F;
  EXPECT_EQ(bits_of(neuron_step(kPlain, p, {.u = 0x1p-126F}, {}).state.u), 0U);
}

TEST(NeuronStep, DeletedNeuronsNeverChange) {
  NeuronClass p = simple_class();
  p.flags = kDead | kAlwaysFires;
  p.keep = 0.5F;
  const NeuronState s{.u = 3.0F, .refractory_countdown = 2, .fire_count = 1};
  const StepResult out = neuron_step(kPlain, p, s, input(50.0F));
  EXPECT_FALSE(out.fired);
  EXPECT_EQ(out.state.u, 3.0F);
  EXPECT_EQ(out.state.refractory_countdown, 2U);
  const StepResult idle = neuron_step(kPlain, p, {.u = 3.0F, .fire_count = 1}, input(50.0F));
  EXPECT_EQ(idle.state.u, 3.0F) << "no leak, no input";
  EXPECT_EQ(idle.state.fire_count, 1U);
  EXPECT_EQ(idle.branches, 0U);
}

TEST(NeuronStep, ResetAndPotentialAtFiring) {
  NeuronClass p = simple_class();
  p.reset = -0.5F;
  p.rest = -65.0F;
  p.refractory_period = 4;
  const StepResult out = neuron_step(kPlain, p, {}, input(2.0F));
  EXPECT_TRUE(out.fired);
  EXPECT_EQ(out.state.u, -0.5F);
  EXPECT_EQ(out.potential_at_firing, -63.0F);
  EXPECT_EQ(out.state.refractory_countdown, 4U);
}

/// Each branch is reported when it is taken, and only then.
TEST(NeuronStep, BranchesAreReported) {
  NeuronClass p = simple_class();
  const auto branches = [&](std::uint32_t rules, const NeuronState& s, const StepInput& in) {
    return neuron_step(rules, p, s, in).branches;
  };
  EXPECT_EQ(branches(kFeagi2026, {}, {}), 0U);
  EXPECT_EQ(branches(kFeagi2026, {}, input(0.5F)), kCandidate);
  EXPECT_EQ(branches(kFeagi2026, {}, input(0.0F)), kCandidate | kCancelled);
  EXPECT_EQ(branches(kFeagi2026, {}, input(2.0F)), kCandidate | kFired);
  // blocked: as a candidate only, or every burst
  const NeuronState refractory{.refractory_countdown = 1, .snooze_countdown = 1};
  EXPECT_EQ(branches(kFeagi2026, refractory, {}), 0U);
  EXPECT_EQ(branches(kCountdownEveryBurst, refractory, {}), kRefractory);
  EXPECT_EQ(branches(kSeparateSnooze, refractory, input(2.0F)), kCandidate | kRefractory);
  EXPECT_EQ(branches(kSeparateSnooze, {.snooze_countdown = 1}, input(2.0F)), kCandidate | kSnoozed);
  EXPECT_EQ(branches(kFeagi2026, {.snooze_countdown = 1}, input(2.0F)), kCandidate | kFired);
  EXPECT_EQ(branches(kFloorNegative, {}, input(-1.0F)), kCandidate | kFloored);
  EXPECT_EQ(branches(kFloorNegative, {.refractory_countdown = 1}, input(-1.0F)),
            kCandidate | kRefractory)
      << "a blocked neuron takes no input at all";
  p.fire_limit = 2;
  EXPECT_EQ(branches(kFeagi2026, {.fire_count = 2}, input(2.0F)), kCandidate | kLimited);
  EXPECT_EQ(branches(kFeagi2026, {.fire_count = 2}, input(0.5F)), kCandidate) << "a plain miss";
  p.threshold_limit = 1.5F;
  EXPECT_EQ(branches(kFeagi2026, {}, input(2.0F)), kCandidate | kAboveLimit);
  p.flags = kAccumulates;  // excitability 0
  EXPECT_EQ(branches(kFeagi2026, {}, input(1.0F)), kCandidate | kVetoed);
  p.flags = kAlwaysFires;
  EXPECT_EQ(branches(kFeagi2026, {.u = 0.25F}, input(0.5F)), kCandidate | kForgot);
  EXPECT_EQ(branches(kFeagi2026, {.u = 0.0F}, input(0.5F)), kCandidate) << "nothing to forget";
}

TEST(NeuronStep, SeparateSnoozeLeaksAndFollowsTheRefractoryPeriod) {
  NeuronClass p = simple_class();
  p.keep = 0.5F;
  p.threshold = 1.0F;
  // asleep: the potential leaks for candidates, the input is lost
  const StepResult asleep =
      neuron_step(kSeparateSnooze, p, {.u = 0.5F, .snooze_countdown = 2}, input(9.0F));
  EXPECT_EQ(asleep.state.u, 0.25F);
  EXPECT_EQ(asleep.state.snooze_countdown, 1U);
  EXPECT_EQ(neuron_step(kSeparateSnooze, p, {.u = 0.5F, .snooze_countdown = 2}, {}).state.u, 0.5F);
  // refractory first: the snooze waits
  const NeuronState both{.u = 0.5F, .refractory_countdown = 1, .snooze_countdown = 2};
  const StepResult first = neuron_step(kSeparateSnooze, p, both, input(9.0F));
  EXPECT_EQ(first.state.refractory_countdown, 0U);
  EXPECT_EQ(first.state.snooze_countdown, 2U);
  EXPECT_EQ(first.state.u, 0.5F);
  // stopped by the limit: leaks too, which it does not where snooze is not apart
  p.fire_limit = 1;
  EXPECT_EQ(neuron_step(kSeparateSnooze, p, {.fire_count = 1}, input(2.0F)).state.u, 1.0F);
  EXPECT_EQ(neuron_step(kFeagi2026, p, {.fire_count = 1}, input(2.0F)).state.u, 2.0F);
}

TEST(NeuronStep, TheRunOfFiresEndsWithTheBlockade) {
  NeuronClass p = simple_class();
  p.fire_limit = 2;
  const NeuronState last{.refractory_countdown = 1, .fire_count = 2};
  EXPECT_EQ(neuron_step(kFeagi2026, p, last, input(0.0F)).state.fire_count, 0U);
  EXPECT_EQ(neuron_step(kSeparateSnooze, p, last, input(0.0F)).state.fire_count, 2U);
  const NeuronState longer{.refractory_countdown = 2, .fire_count = 2};
  EXPECT_EQ(neuron_step(kFeagi2026, p, longer, input(0.0F)).state.fire_count, 2U);
  // a pause does not leave 16 bits
  p.refractory_period = 65535;
  p.snooze_period = 65535;
  EXPECT_EQ(neuron_step(kFeagi2026, p, {.fire_count = 1}, input(2.0F)).state.refractory_countdown,
            65535U);
}

/// Whatever the rules and the state, the laws of the step hold.
TEST(NeuronStep, LawsHoldForRandomStates) {
  EXPECT_TRUE(rc::check(
      "laws of the step", [](std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
        NeuronClass p = simple_class();
        p.threshold = static_cast<float>(a % 16) / 2.0F - 1.0F;
        p.threshold_limit = b % 3 == 0 ? 6.0F : p.threshold_limit;
        p.keep = static_cast<float>(c % 5) / 4.0F;
        p.draw_below = d;
        p.refractory_period = static_cast<std::uint16_t>(a % 3);
        p.fire_limit = static_cast<std::uint16_t>(b % 4);
        p.snooze_period = static_cast<std::uint16_t>(c % 3);
        p.flags = static_cast<std::uint16_t>(d % 8);
        const NeuronState s{static_cast<float>(static_cast<std::int32_t>(b % 64) - 32) / 4.0F,
                            a % 4, b % 5, c % 3, d % 2};
        const std::uint32_t rules = pcg(a ^ d) % 256;
        StepInput in = input(static_cast<float>(static_cast<std::int32_t>(c % 32) - 8));
        in.candidate = d % 5 != 0;
        in.synaptic = in.candidate ? in.synaptic : 0.0F;
        const StepResult out = neuron_step(rules, p, s, in);
        RC_ASSERT(bits_of(out.state.u) == bits_of(canonical(out.state.u)));
        RC_ASSERT(!(out.fired && s.refractory_countdown != 0U));
        RC_ASSERT(!(out.fired && (p.flags & kDead) != 0U));
        RC_ASSERT(out.fired || out.state.refractory_countdown <= s.refractory_countdown);
        RC_ASSERT(out.fired == ((out.branches & kFired) != 0U));
        RC_ASSERT(!(out.fired &&
                    (out.branches & (kVetoed | kLimited | kRefractory | kAboveLimit)) != 0U));
        RC_ASSERT(!out.fired || out.state.u == canonical(p.reset));
        RC_ASSERT(out.state.fire_count <= s.fire_count + (out.fired ? 1U : 0U));
        RC_ASSERT(out.fired || out.state.snooze_countdown <= s.snooze_countdown);
        RC_ASSERT(((out.branches & kCandidate) != 0U) == (in.candidate && (p.flags & kDead) == 0U));
        RC_ASSERT((out.branches & kRefractory) == 0U ||
                  out.state.refractory_countdown + 1U == s.refractory_countdown);
        RC_ASSERT((out.branches & kSnoozed) == 0U ||
                  out.state.snooze_countdown + 1U == s.snooze_countdown);
        if (!in.candidate &&
            (rules & (kLeakEveryBurst | kCountdownEveryBurst | kTestEveryBurst)) == 0U &&
            (p.flags & kAccumulates) != 0U) {
          RC_ASSERT(out.state.u == s.u);
          RC_ASSERT(out.state.refractory_countdown == s.refractory_countdown);
          RC_ASSERT(out.state.fire_count == s.fire_count);
        }
      }));
}

}  // namespace
}  // namespace rheobase::model
