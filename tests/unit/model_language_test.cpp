// SPDX-License-Identifier: Apache-2.0
// Each rule of the language of models, with results worked out by hand.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "rheobase/model.h"
#include "support/one_neuron.h"

namespace rheobase::test {
namespace {

/// The number that an expression has after one step, in a model with some names.
float value_of(const std::string& expression, double dt = 1.0) {
  OneNeuron n(
      "model m\nparam p = 2, q = -3 in -10..10\nstate x = 5, y = 0.5\nport I sum\n"
      "state out = 0 in -1e9..1e9\nlet twice = 2*x\nstep\n out = " +
          expression + "\nfire x > 1e6",
      dt);
  n.step({{"I", 7.0F}});
  return n["out"];
}

TEST(ModelLanguage, Precedence) {
  EXPECT_EQ(value_of("1 + 2*3"), 7.0F);
  EXPECT_EQ(value_of("(1 + 2)*3"), 9.0F);
  EXPECT_EQ(value_of("-x^2"), -25.0F);
  EXPECT_EQ(value_of("2^3^2"), 512.0F);
  EXPECT_EQ(value_of("2^-1"), 0.5F);
  EXPECT_EQ(value_of("10 - 4 - 3"), 3.0F);
  EXPECT_EQ(value_of("x - 4 - y"), 0.5F);
  EXPECT_EQ(value_of("16/x/2*x"), 8.0F);
  EXPECT_EQ(value_of("-x*y"), -2.5F);
  EXPECT_EQ(value_of("+x - -y"), 5.5F);
  EXPECT_EQ(value_of("-x - -y"), -4.5F);
  EXPECT_EQ(value_of("-x + y"), -4.5F);
  EXPECT_EQ(value_of("-x - y"), -5.5F);
  EXPECT_EQ(value_of("(x - y)*2 + (y - x)*3"), -4.5F);
  EXPECT_EQ(value_of("1 if x < 6 and not y > 1 or x == 0 else 2"), 1.0F);
  EXPECT_EQ(value_of("1 if x > 6 else 2 if y > 0 else 3"), 2.0F);
  EXPECT_EQ(value_of("1 if x > 6 or x < 6 and x < 2 else 0"), 0.0F);
}

TEST(ModelLanguage, Comparisons) {
  EXPECT_EQ(value_of("1 if x >= 5 else 0"), 1.0F);
  EXPECT_EQ(value_of("1 if x <= 5 else 0"), 1.0F);
  EXPECT_EQ(value_of("1 if x > 5 else 0"), 0.0F);
  EXPECT_EQ(value_of("1 if x < 5 else 0"), 0.0F);
  EXPECT_EQ(value_of("1 if x != 5 else 0"), 0.0F);
  EXPECT_EQ(value_of("1 if x == 5 else 0"), 1.0F);
  EXPECT_EQ(value_of("1 if p > q else 0"), 1.0F);
  EXPECT_EQ(value_of("x if p > 3 else y"), 0.5F);  // decided by parameters
}

TEST(ModelLanguage, Names) {
  EXPECT_EQ(value_of("p + q"), -1.0F);
  EXPECT_EQ(value_of("twice + I"), 17.0F);
  EXPECT_EQ(value_of("dt*x", 0.5), 2.5F);
  EXPECT_EQ(value_of("x/p"), 2.5F);
}

TEST(ModelLanguage, Functions) {
  EXPECT_EQ(value_of("min(x, y) + max(x, y)"), 5.5F);
  EXPECT_EQ(value_of("clamp(x, 0, 2) + clamp(x, 6, 8) + clamp(x, 0, 8)"), 13.0F);
  EXPECT_EQ(value_of("abs(-x) + abs(q)"), 8.0F);
  EXPECT_EQ(value_of("floor(x*0.9) + floor(-y)"), 3.0F);
  EXPECT_EQ(value_of("sqrt(4*x - 4)"), 4.0F);
  EXPECT_EQ(value_of("pow(y, 2) + y^3 + x^0"), 1.375F);
  EXPECT_EQ(value_of("y^-2"), 4.0F);
  EXPECT_NEAR(value_of("x^y"), std::sqrt(5.0), 1e-6);
  EXPECT_NEAR(value_of("exp(y) + log(x) + tanh(y)"), std::exp(0.5) + std::log(5.0) + std::tanh(0.5),
              1e-6);
  EXPECT_NEAR(value_of("sin(y) + 10*cos(y)"), std::sin(0.5) + 10 * std::cos(0.5), 2e-6);
  EXPECT_NEAR(value_of("exprel(x)"), std::expm1(5.0) / 5.0, 1e-4);
  EXPECT_EQ(value_of("exprel(x - 5)"), 1.0F);
  EXPECT_NEAR(value_of("exprel(0.1*y)"), std::expm1(0.05) / 0.05, 3e-7);
  EXPECT_NEAR(value_of("exprel(-0.2*y)"), std::expm1(-0.1) / -0.1, 2e-6);
}

TEST(ModelLanguage, FunctionsOfParametersAreTheHosts) {
  EXPECT_NEAR(value_of("exp(p) + log(p) + sqrt(p) + tanh(p) + sin(p) + cos(p) + p^0.3 + q^3 + "
                       "exprel(q) + abs(q) + floor(q/2) + min(p, q) + max(p, q)"),
              std::exp(2.) + std::log(2.) + std::sqrt(2.) + std::tanh(2.) + std::sin(2.) +
                  std::cos(2.) + std::pow(2., 0.3) - 27 + std::expm1(-3.) / -3 + 3 - 2 - 3 + 2,
              1e-6);
}

TEST(ModelLanguage, Units) {
  EXPECT_EQ(value_of("2 s"), 2000.0F);
  EXPECT_EQ(value_of("500 us"), 0.5F);
  EXPECT_EQ(value_of("1 V + 1 mV + 1000 uV"), 1002.0F);
  EXPECT_EQ(value_of("1 nA + 1 uA + 1 pA"), 1001001.0F);
  EXPECT_EQ(value_of("1 uS + 1 nS + 1000 pS + 1 mS"), 1001002.0F);
  EXPECT_EQ(value_of("1 nF + 1 pF + 1 uF"), 1001001.0F);
  EXPECT_EQ(value_of("500 Hz + 1 kHz"), 1.5F);
  EXPECT_EQ(value_of("500 MOhm + 1 GOhm"), 1.5F);
  EXPECT_EQ(value_of("5ms"), 5.0F);
}

TEST(ModelLanguage, ParametersKeepTheirUnit) {
  const Model m = Model::parse(
      "model m\nparam r = 10 Hz in 1..200 \"rate\", t = 20 ms in 1 ms..1 s, u = (1 + 2) mV\n"
      "state x = r kHz \"what\"\nstep\n x = r\nfire x > 1");
  const auto params = m.params();
  ASSERT_EQ(params.size(), 3U);
  EXPECT_EQ(params[0].value, 10.0);
  EXPECT_EQ(params[0].unit, "Hz");
  EXPECT_EQ(params[0].meaning, "rate");
  EXPECT_EQ(params[0].highest, 200.0);
  EXPECT_EQ(params[1].lowest, 1.0);
  EXPECT_EQ(params[1].highest, 1000.0);
  EXPECT_EQ(params[2].value, 3.0);
  EXPECT_EQ(params[2].unit, "mV");
  EXPECT_EQ(m.states()[0].unit, "kHz");
  OneNeuron n(m.definition());
  EXPECT_EQ(n["x"], 0.01F);
  n.step();
  EXPECT_EQ(n["x"], 0.01F);
}

TEST(ModelLanguage, LinesGoOn) {
  OneNeuron n(
      "# a comment\n\nmodel m \"title, 2004\" # another\r\n"
      "param a = 1,\n  b = 2; param c = (3\n + 4)\nstate x =\n 0\nstep x = a +\n b + (c\n)\n"
      "fire x > 100 or\n  x < -100");
  n.step();
  EXPECT_EQ(n["x"], 10.0F);
  EXPECT_EQ(n.definition->title, "title, 2004");
}

TEST(ModelLanguage, ChangesInOrder) {
  OneNeuron n(
      "model m\nstate x = 1, y = 2\nstep x = y; y = x + 1; x += 3; x *= 2; x -= 1\nfire x < 0");
  n.step();
  EXPECT_EQ(n["x"], 9.0F);
  EXPECT_EQ(n["y"], 3.0F);
}

TEST(ModelLanguage, PrimedLinesAreOneSystem) {
  OneNeuron n("model m\nstate x = 1, y = 2\nstep euler\n x' = y\n y' = x\nfire x > 1e3", 0.5);
  n.step();
  EXPECT_EQ(n["x"], 2.0F);
  EXPECT_EQ(n["y"], 2.5F);
  // a plain change between them makes two
  OneNeuron two("model m\nstate x = 1, y = 2\nstep\n x' = y\n x += 0*y\n y' = x\nfire x > 1e3",
                0.5);
  two.step();
  EXPECT_EQ(two["y"], 3.0F);
}

TEST(ModelLanguage, SeveralSteps) {
  OneNeuron n(
      "model m\nstate x = 4, y = 0\nstep exact\n x' = -x\nlet z = 2*x\nstep\n y = z\nfire x > 9");
  n.step();
  EXPECT_NEAR(n["x"], 4 * std::exp(-1.0), 1e-6);
  EXPECT_EQ(n["y"], 2 * n["x"]);
}

TEST(ModelLanguage, LetsAreEvaluatedWhereTheyAreUsed) {
  OneNeuron n("model m\nstate x = 1, y = 0\nlet d = 2*x\nstep x = d; x = d; y = d\nfire x > 100");
  n.step();
  EXPECT_EQ(n["x"], 4.0F);
  EXPECT_EQ(n["y"], 8.0F);
}

TEST(ModelLanguage, Unless) {
  OneNeuron n(
      "model m\nstate x = 1, y = 1\nstep\n x' = 1 unless x >= 2\n y += 1 unless x >= 2\nfire x > "
      "9");
  n.step();
  EXPECT_EQ(n["x"], 2.0F);
  EXPECT_EQ(n["y"], 1.0F);
  n.step();
  EXPECT_EQ(n["x"], 2.0F);
}

TEST(ModelLanguage, FireRefractoryReset) {
  OneNeuron n(
      "model m\nparam t = 3 ms\nstate x = 0, k = 0\nstep\n x += 1 unless refractory\nfire x >= 2\n"
      "refractory t\nreset x -= 2; k += x + 1",
      1.0);
  std::string fired;
  for (int burst = 0; burst < 10; ++burst) {
    fired += n.step() ? '1' : '_';
  }
  // up, up and fire, three bursts of rest, and again
  EXPECT_EQ(fired, "_1____1___");
  EXPECT_EQ(n["k"], 2.0F);
  EXPECT_EQ(n["refractory"], 0.0F);
}

TEST(ModelLanguage, NoFireWhileRefractory) {
  OneNeuron n("model m\nstate x = 0\nstep x = 5\nfire x > 1\nrefractory 2 ms");
  std::string fired;
  for (int burst = 0; burst < 7; ++burst) {
    fired += n.step() ? '1' : '_';
  }
  EXPECT_EQ(fired, "1__1__1");
}

TEST(ModelLanguage, SumPortsActAtOnce) {
  OneNeuron n("model m\nstate x = 0\nport a sum, b sum\nstep x = a + 10*b\nfire x > 100");
  n.step({{"a", 2.0F}, {"b", 3.0F}});
  EXPECT_EQ(n["x"], 32.0F);
  n.step();
  EXPECT_EQ(n["x"], 0.0F);
}

TEST(ModelLanguage, ExponentialPortsActInTheNextBurst) {
  OneNeuron n("model m\nparam tau = 4 ms\nstate x = 0\nport g exp tau nS\nstep x = g\nfire g >= 9");
  EXPECT_FALSE(n.step({{"g", 8.0F}}));
  EXPECT_EQ(n["x"], 0.0F);
  EXPECT_EQ(n["g"], 8.0F);
  n.step({{"g", 1.0F}});
  EXPECT_EQ(n["x"], 8.0F);
  EXPECT_NEAR(n["g"], 1.0 + 8.0 * std::exp(-0.25), 1e-6);
  EXPECT_TRUE(n.step({{"g", 9.0F}}));  // `fire` sees what has arrived
}

TEST(ModelLanguage, AlphaPortsHaveTheirPeakAtTau) {
  OneNeuron n("model m\nstate x = 0\nport g alpha 2 ms\nstep x = g\nfire x > 1e3", 0.125);
  n.step({{"g", 3.0F}});
  EXPECT_EQ(n["g"], 0.0F);
  for (int burst = 1; burst <= 40; ++burst) {
    n.step();
    const double t = burst * 0.125;
    EXPECT_NEAR(n["g"], 3.0 * t / 2.0 * std::exp(1.0 - t / 2.0), 3e-6) << t;
  }
}

TEST(ModelLanguage, DifferencePortsHaveTheirPeakAtTheWeight) {
  for (const auto& [rise, decay] :
       {std::pair{1.0, 4.0}, {4.0, 1.0}, {2.0, 2.0}, {2.0, 2.0000001}}) {
    OneNeuron n(
        "model m\nparam r = 1 ms in 0.1..10, d = 4 ms in 0.1..10\nstate x = 0\n"
        "port g dexp r, d\nstep x = g\nfire x > 1e3",
        0.0078125, {{"r", rise}, {"d", decay}});
    n.step({{"g", 3.0F}});
    float peak = 0.0F;
    for (int burst = 1; burst <= 1000; ++burst) {
      n.step();
      peak = std::max(peak, n["g"]);
    }
    EXPECT_NEAR(peak, 3.0F, 2e-4) << rise << " " << decay;
    const double t = 1000 * 0.0078125;
    if (rise != decay && decay != 2.0000001) {
      const double at = rise * decay / (decay - rise) * std::log(decay / rise);
      const double scale = 3.0 / (std::exp(-at / decay) - std::exp(-at / rise));
      EXPECT_NEAR(n["g"], scale * (std::exp(-t / decay) - std::exp(-t / rise)), 2e-4);
    }
  }
}

TEST(ModelLanguage, ResetsOfPorts) {
  OneNeuron n(
      "model m\nstate x = 0\nport g exp 1e3 ms\nstep x = g\nfire x >= 4\nreset x = 0; g = 0.5");
  n.step({{"g", 4.0F}});
  EXPECT_TRUE(n.step({{"g", 4.0F}}));
  EXPECT_EQ(n["g"], 0.5F);
}

TEST(ModelLanguage, StatesStayInTheirRanges) {
  OneNeuron n("model m\nstate x = 0 in -1..3, y = 0\nstep x += 2; y = x\nfire x > 100");
  n.step();
  n.step();
  EXPECT_EQ(n["x"], 3.0F);
  EXPECT_EQ(n["y"], 4.0F);  // it is clamped at the end
  EXPECT_EQ(n.definition->states[1].highest, 0x1p40F);
}

TEST(ModelLanguage, FirstValues) {
  OneNeuron n(
      "model m\nparam a = 2, b = 3\nlet c = a*b\nstate x = exp(a)/dt + c mV\nstep x = x\nfire x > "
      "1e3",
      0.5, {{"b", 4.0}});
  EXPECT_NEAR(n["x"], std::exp(2.0) / 0.5 + 8.0, 1e-5);
}

TEST(ModelLanguage, Draws) {
  OneNeuron n(
      "model m\nstate u = 0, z = 0, k = 0, b = 0, same = 0, other = 0\nlet r = uniform()\n"
      "step u = r; z = normal(); k = poisson(3); b = 1 if bernoulli(0.25) else 0\n"
      "same = r - u; other = uniform() - u\nfire u > 2");
  EXPECT_EQ(n.definition->step.sites, 5U);
  double u = 0.0, z = 0.0, zz = 0.0, k = 0.0, b = 0.0;
  constexpr int kBursts = 20000;
  for (int burst = 0; burst < kBursts; ++burst) {
    n.step();
    u += n["u"];
    z += n["z"];
    zz += n["z"] * n["z"];
    k += n["k"];
    b += n["b"];
    ASSERT_EQ(n["same"], 0.0F);  // a draw belongs to its place in the text
    ASSERT_NE(n["other"], 0.0F);
  }
  EXPECT_NEAR(u / kBursts, 0.5, 0.01);
  EXPECT_NEAR(z / kBursts, 0.0, 0.03);
  EXPECT_NEAR(zz / kBursts, 1.0, 0.04);
  EXPECT_NEAR(k / kBursts, 3.0, 0.05);
  EXPECT_NEAR(b / kBursts, 0.25, 0.015);
}

TEST(ModelLanguage, ModelsWithoutPorts) {
  OneNeuron n(
      "model source\nparam rate = 500 Hz\nstate t = 0\nstep t += dt\nfire bernoulli(rate*dt)");
  int fired = 0;
  for (int burst = 0; burst < 4000; ++burst) {
    fired += n.step() ? 1 : 0;
  }
  EXPECT_NEAR(fired, 2000, 150);
}

TEST(ModelLanguage, FireCanBeDecidedByParameters) {
  OneNeuron n("model m\nparam p = 1\nstate x = 0\nstep x += 1\nfire p > 0\nreset x = 0");
  EXPECT_TRUE(n.step());
  OneNeuron never("model m\nstate x = 0\nstep x += 1\nfire 1 > 2");
  EXPECT_FALSE(never.step());
  OneNeuron always("model m\nstate x = 0\nstep x += 1\nfire 1 < 2");
  EXPECT_TRUE(always.step());
}

TEST(ModelLanguage, OrderOfStates) {
  const Model m = Model::parse(
      "model m\nport g alpha 2\nstate a = 0\nport s sum\nstate b = 0\nport h exp 2\nstep a = 1\n"
      "fire a > 2\nrefractory 2");
  std::string names;
  for (const ModelItem& item : m.states()) {
    names += item.name + " ";
  }
  EXPECT_EQ(names, "a b g g.rise h refractory ");
  EXPECT_EQ(m.ports().size(), 3U);
  EXPECT_EQ(m.text().substr(0, 7), "model m");
}

TEST(ModelLanguage, BuiltInModelsRun) {
  const std::vector<std::string> names = Model::names();
  EXPECT_GE(names.size(), 8U);
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  for (const std::string& name : names) {
    const Model m = Model::named(name);
    EXPECT_EQ(m.name(), name);
    EXPECT_GT(m.title().size(), 30U) << name;
    OneNeuron n(m.definition(), 0.1);
    for (int burst = 0; burst < 2000; ++burst) {
      n.step();
    }
    for (std::size_t s = 0; s < n.states.size(); ++s) {
      EXPECT_GE(n.states[s], m.definition()->states[s].lowest) << name;
      EXPECT_LE(n.states[s], m.definition()->states[s].highest) << name;
    }
  }
}

}  // namespace
}  // namespace rheobase::test
