// SPDX-License-Identifier: Apache-2.0
// One synapse that learns against its rule worked out in double precision, spike by spike, by code
// that shares nothing with the library.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "rheobase/engine.h"
#include "rheobase/error.h"
#include "rheobase/network.h"
#include "support/messages.h"

namespace rheobase::test::plasticity {
namespace {

constexpr double kDt = 0.5;
constexpr double kMost = 1e-5;  // of the size of a change

/// A source and a target that fire when they are told to, with a synapse between them that does not
/// move the target.
class Pair {
 public:
  Pair(const Plasticity& plasticity, float weight, std::uint32_t delay)
      : delay_(delay), engine_(network(plasticity, weight, delay), {"reference", 1, 1, {}}) {}

  /// Runs with the spikes of both, by burst.
  std::vector<double> run(const std::set<std::uint64_t>& pre, const std::set<std::uint64_t>& post,
                          std::uint64_t bursts) {
    std::vector<double> weights{0.0};
    for (std::uint64_t t = 1; t <= bursts; ++t) {
      if (pre.contains(t)) {
        engine_.inject(0, 1e9F);
      }
      if (post.contains(t)) {
        engine_.inject(1, 1e9F);
      }
      engine_.run(1);
      weights.push_back(static_cast<double>(engine_.synapses(0).front()));
    }
    return weights;
  }
  [[nodiscard]] std::uint32_t delay() const { return delay_; }
  [[nodiscard]] Engine& engine() { return engine_; }

 private:
  static Network network(const Plasticity& plasticity, float weight, std::uint32_t delay) {
    NetworkBuilder b({kDt, 1, {}, 20U, 1});
    NeuronParams deaf;
    deaf.threshold = 1e8F;
    deaf.accumulates = false;
    const AreaId pre = b.population("pre", 1, deaf);
    const AreaId post = b.population("post", 1, deaf);
    b.connect(pre, post, all_to_all(), {weight, 1.0F, delay}, {}, plasticity);
    return b.build();
  }

  std::uint32_t delay_;
  Engine engine_;
};

const std::set<std::uint64_t> kPre{3, 4, 9, 15, 16, 40, 41, 80, 81, 82, 83, 130};
const std::set<std::uint64_t> kPost{1, 5, 9, 10, 17, 39, 44, 45, 46, 79, 85, 86, 131, 140};
constexpr std::uint64_t kBursts = 160;

/// Traces of spikes, as sums over all of them that came before.
class Trace {
 public:
  explicit Trace(double tau, bool nearest = false) : tau_(tau), nearest_(nearest) {}
  void spike(std::uint64_t t) { spikes_.push_back(t); }
  [[nodiscard]] double at(std::uint64_t t) const {
    double sum = 0.0;
    for (const std::uint64_t s : spikes_) {
      const double one = std::exp(-static_cast<double>(t - s) * kDt / tau_);
      sum = nearest_ ? one : sum + one;
    }
    return sum;
  }

 private:
  double tau_;
  bool nearest_;
  std::vector<std::uint64_t> spikes_;
};

struct Step {
  std::function<double(double w, std::uint64_t t)> on_pre, on_post;
  std::vector<Trace*> pre, post;
};

/// What the weight should be after each burst. A spike arrives before the target of that burst
/// fires.
std::vector<double> expected(double w, std::uint32_t delay, const Step& step) {
  std::vector<double> weights{0.0};
  for (std::uint64_t t = 1; t <= kBursts; ++t) {
    if (t > delay && kPre.contains(t - delay)) {
      w = step.on_pre(w, t);
      for (Trace* trace : step.pre) {
        trace->spike(t);
      }
    }
    if (kPost.contains(t)) {
      w = step.on_post(w, t);
      for (Trace* trace : step.post) {
        trace->spike(t);
      }
    }
    weights.push_back(w);
  }
  return weights;
}

void expect_close(const std::vector<double>& wanted, const std::vector<double>& found,
                  double largest_change) {
  ASSERT_EQ(wanted.size(), found.size());
  bool moved = false;
  for (std::size_t t = 1; t < wanted.size(); ++t) {
    // every change is within this of its size, and the weight itself holds 24 bits
    const double bound = static_cast<double>(t) * kMost * largest_change + 1e-6;
    EXPECT_NEAR(wanted[t], found[t], bound) << "burst " << t;
    moved = moved || wanted[t] != wanted[1];
  }
  EXPECT_TRUE(moved);
}

TEST(Plasticity, AdditivePairs) {
  for (const bool nearest : {false, true}) {
    for (const std::uint32_t delay : {1U, 3U, 20U}) {
      Pair pair({SynapseModel::named(nearest ? "stdp_additive_nearest" : "stdp_additive"),
                 {{"tau_plus", {12.0}, {}},
                  {"A_plus", {0.02}, {}},
                  {"A_minus", {0.03}, {}},
                  {"W_max", {2.0}, {}}}},
                1.0F, delay);
      Trace x(12.0, nearest);
      Trace y(20.0, nearest);
      const auto wanted = expected(
          1.0, delay,
          {[&](double w, std::uint64_t t) { return std::max(w - 2.0 * 0.03 * y.at(t), 0.0); },
           [&](double w, std::uint64_t t) { return std::min(w + 2.0 * 0.02 * x.at(t), 2.0); },
           {&x},
           {&y}});
      expect_close(wanted, pair.run(kPre, kPost, kBursts), 0.2);
    }
  }
}

/// With the delay in the dendrite, weights are those that NEST's stdp_synapse sends. What follows
/// is its way of working: at a spike of the source, those of the target since the one before are
/// made up for.
TEST(Plasticity, DelaysInTheDendrite) {
  for (const std::int64_t delay : {1, 2, 5, 13}) {
    const SynapseModel rule = SynapseModel::parse(
        "synapse s\ntrace x pre sum 20 ms, y post sum 30 ms\nstate w = 1 in 0..3\n"
        "state sent = 0 in 0..3\non pre\n w -= 0.12*w*y\n sent = w\non post\n"
        " w += 0.1*(3 - w)*x\n");
    Pair pair({rule, {}, DelayIn::dendrite}, 1.0F, static_cast<std::uint32_t>(delay));
    std::map<std::uint64_t, double> sent;
    double w = 1.0;
    double trace = 0.0;  // of the source, at its last spike
    std::int64_t last = -1'000'000;
    const auto faded = [](std::int64_t bursts, double tau) {
      return std::exp(-static_cast<double>(bursts) * kDt / tau);
    };
    for (const std::uint64_t burst : kPre) {
      const auto now = static_cast<std::int64_t>(burst);
      double y = 0.0;
      for (const std::uint64_t other : kPost) {
        const auto post = static_cast<std::int64_t>(other);
        if (post > last - delay && post <= now - delay) {
          w += 0.1 * (3.0 - w) * trace * faded(post + delay - last, 20.0);
        }
        y += post < now - delay ? faded(now - delay - post, 30.0) : 0.0;
      }
      w -= 0.12 * w * y;
      sent[burst + static_cast<std::uint64_t>(delay)] = w;
      trace = trace * faded(now - last, 20.0) + 1.0;
      last = now;
    }
    for (std::uint64_t t = 1; t <= kBursts; ++t) {
      for (const NeuronId id : {0U, 1U}) {
        if ((id == 0U ? kPre : kPost).contains(t)) {
          pair.engine().inject(id, 1e9F);
        }
      }
      pair.engine().run(1);
      if (sent.contains(t)) {
        EXPECT_NEAR(pair.engine().synapses(0, "sent").front(), sent[t], 1e-5)
            << "burst " << t << ", delay " << delay;
      }
    }
  }
}

TEST(Plasticity, MultiplicativePairs) {
  Pair pair({SynapseModel::named("stdp_multiplicative"),
             {{"lambda", {0.1}, {}}, {"alpha", {1.2}, {}}, {"W_max", {3.0}, {}}}},
            1.0F, 2);
  Trace x(20.0);
  Trace y(20.0);
  const auto wanted =
      expected(1.0, 2,
               {[&](double w, std::uint64_t t) { return w - 1.2 * 0.1 * w * y.at(t); },
                [&](double w, std::uint64_t t) { return w + 0.1 * (3.0 - w) * x.at(t); },
                {&x},
                {&y}});
  expect_close(wanted, pair.run(kPre, kPost, kBursts), 0.5);
}

TEST(Plasticity, PowersOfTheWeight) {
  Pair pair({SynapseModel::named("stdp_power"),
             {{"lambda", {0.05}, {}},
              {"mu_plus", {0.4}, {}},
              {"mu_minus", {0.7}, {}},
              {"W_max", {2.0}, {}}}},
            1.0F, 2);
  Trace x(20.0);
  Trace y(20.0);
  const auto down = [&](double w, std::uint64_t t) {
    return std::max(w - 2.0 * 0.05 * std::pow(w / 2.0, 0.7) * y.at(t), 0.0);
  };
  const auto up = [&](double w, std::uint64_t t) {
    return std::min(w + 2.0 * 0.05 * std::pow(1.0 - w / 2.0, 0.4) * x.at(t), 2.0);
  };
  expect_close(expected(1.0, 2, {down, up, {&x}, {&y}}), pair.run(kPre, kPost, kBursts), 0.2);
}

TEST(Plasticity, Triplets) {
  Pair pair({SynapseModel::named("stdp_triplet"), {{"A2_plus", {0.005}, {}}, {"W_max", {5.0}, {}}}},
            1.0F, 1);
  Trace r1(16.8);
  Trace r2(101.0);
  Trace o1(33.7);
  Trace o2(125.0);
  const auto wanted = expected(1.0, 1,
                               {[&](double w, std::uint64_t t) {
                                  return std::max(w - o1.at(t) * (7e-3 + 2.3e-4 * r2.at(t)), 0.0);
                                },
                                [&](double w, std::uint64_t t) {
                                  return std::min(w + r1.at(t) * (0.005 + 6.2e-3 * o2.at(t)), 5.0);
                                },
                                {&r1, &r2},
                                {&o1, &o2}});
  expect_close(wanted, pair.run(kPre, kPost, kBursts), 0.1);
}

TEST(Plasticity, InhibitionThatHoldsARate) {
  Pair pair({SynapseModel::named("vogels_inhibitory"),
             {{"eta", {0.05}, {}}, {"rate", {8.0}, {}}, {"W_min", {-3.0}, {}}}},
            -1.0F, 2);
  Trace x(20.0);
  Trace y(20.0);
  const auto within = [](double w) { return std::min(std::max(w, -3.0), 0.0); };
  const auto wanted = expected(
      -1.0, 2,
      {[&](double w, std::uint64_t t) { return within(w - 0.05 * (y.at(t) - 2.0 * 0.008 * 20.0)); },
       [&](double w, std::uint64_t t) { return within(w - 0.05 * x.at(t)); },
       {&x},
       {&y}});
  expect_close(wanted, pair.run(kPre, kPost, kBursts), 0.2);
}

TEST(Plasticity, ShortTermDepressionAndFacilitation) {
  Pair pair({SynapseModel::named("tsodyks_markram"),
             {{"U", {0.3}, {}}, {"tau_rec", {130.0}, {}}, {"tau_fac", {53.0}, {}}}},
            2.0F, 1);
  double u = 0.0;
  double left = 1.0;
  std::uint64_t last = 0;
  std::vector<double> used{0.0};
  for (std::uint64_t t = 1; t <= kBursts; ++t) {
    if (kPre.contains(t - 1)) {
      const double ms = last == 0 ? 1e9 : static_cast<double>(t - last) * kDt;
      u = 0.3 + 0.7 * u * std::exp(-ms / 53.0);
      left = 1.0 - (1.0 - left) * std::exp(-ms / 130.0);
      used.push_back(u * left);
      left -= u * left;
      last = t;
    } else {
      used.push_back(used.back());
    }
  }
  for (std::uint64_t t = 1; t <= kBursts; ++t) {
    if (kPre.contains(t)) {
      pair.engine().inject(0, 1e9F);
    }
    pair.engine().run(1);
    EXPECT_NEAR(used[t], pair.engine().synapses(0, "used").front(), 1e-5) << "burst " << t;
    EXPECT_EQ(pair.engine().synapses(0).front(), 2.0F);
  }
}

/// What is sent is what the rule says, after the change that the spike makes.
TEST(Plasticity, WhatIsSent) {
  NetworkBuilder b({1.0, 1, {}, 10U, 1});
  NeuronParams params;
  params.threshold = 50.0F;
  const AreaId pre = b.population("pre", 1, params);
  const AreaId post = b.population("post", 1, params);
  const auto connect = [&](const std::string& text) {
    b.connect(pre, post, all_to_all(), {1.0F, 1.0F, 1}, {},
              {SynapseModel::parse("synapse s\nstate w = 0 in 0..9\n" + text), {}});
  };
  connect("on pre\n w += 2\n");             // 3
  connect("on pre\n w += 2\nsend 10*w\n");  // 9, the end of its range
  connect("on post\n w += 2\n");            // 1
  Engine engine(b.build(), {"reference", 1, 1, {}});
  engine.inject(0, 60.0F);
  engine.run(2);
  EXPECT_EQ(engine.potential(1), 13.0F);
}

TEST(Plasticity, RefusesWhatCannotBe) {
  NetworkBuilder b({1.0, 1, {}, {}, 1});
  AreaSpec divided;
  divided.name = "divided";
  divided.psp.uniform = false;
  const AreaId d = b.add_area(divided);
  const AreaId a = b.population("a", 3, {});
  const SynapseModel rule = SynapseModel::named("stdp_additive");
  EXPECT_SAYS(b.connect(d, a, all_to_all(), {0.5F}, {}, {rule, {}}), "cannot learn");
  EXPECT_SAYS(b.connect(a, a, all_to_all(), {1.5F}, {}, {rule, {}}), "outside its range (0 to 1)");
  EXPECT_SAYS(b.connect(a, a, all_to_all(), {0.5F}, {}, {rule, {{"A_pluss", {1.0}, {}}}}),
              "Did you mean 'A_plus'?");
  EXPECT_SAYS(b.connect(a, a, all_to_all(), {0.5F}, {}, {rule, {{"W_max", {1, 2}, {}}}}),
              "one number for all synapses");
  SynapseDraws wild;
  wild.weight = uniform(0.0, 3.0);
  b.connect(a, a, all_to_all(), {0.5F}, wild, {rule, {}});
  EXPECT_SAYS(static_cast<void>(b.build()), "outside its range (0 to 1)");
}

TEST(Plasticity, WeightsAreSetWithinTheirRange) {
  Pair pair({SynapseModel::named("stdp_additive"), {}}, 0.5F, 1);
  pair.engine().set_synapses(0, {0.75F});
  EXPECT_EQ(pair.engine().synapses(0), std::vector<float>{0.75F});
  EXPECT_SAYS(pair.engine().set_synapses(0, {1.5F}), "outside the range");
  EXPECT_SAYS(pair.engine().set_synapses(0, {0.5F, 0.5F}), "Give one each");
  EXPECT_SAYS(static_cast<void>(pair.engine().synapses(1)), "no projection 1");
  EXPECT_SAYS(static_cast<void>(pair.engine().synapses(0, "ww")), "no state 'ww'");
}

}  // namespace
}  // namespace rheobase::test::plasticity
