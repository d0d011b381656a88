// SPDX-License-Identifier: Apache-2.0
// How derivatives become values: against closed forms, and by the order of convergence.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>

#include "definition/double_functions.h"
#include "rheobase/error.h"
#include "rheobase/model.h"
#include "support/one_neuron.h"

namespace rheobase::test {
namespace {

void expect_close(double own, double theirs, double x) {
  EXPECT_NEAR(own, theirs, 1e-13 * std::abs(theirs)) << x;
}

TEST(ModelMethods, OwnFunctionsInDoublePrecision) {
  namespace l = language;
  for (int i = -4000; i <= 4000; ++i) {
    const double x = i * 0.01;
    expect_close(l::exp_of(x), std::exp(x), x);
    expect_close(l::tanh_of(x), std::tanh(x), x);
    expect_close(l::exprel_of(x), i == 0 ? 1.0 : std::expm1(x) / x, x);
    EXPECT_NEAR(l::sin_of(x), std::sin(x), 1e-15);
    EXPECT_NEAR(l::cos_of(x), std::cos(x), 1e-15);
    EXPECT_EQ(l::floor_of(x * 7), std::floor(x * 7));
    const double positive = std::exp(x);
    EXPECT_NEAR(l::log_of(positive), std::log(positive), 2e-15 * std::max(1.0, std::abs(x)));
    expect_close(l::sqrt_of(positive), std::sqrt(positive), positive);
    expect_close(l::pow_of(positive, 0.7), std::pow(positive, 0.7), x);
    expect_close(l::pow_of(x, 3.0), std::pow(x, 3.0), x);
    expect_close(l::pow_of(positive, -2.0), std::pow(positive, -2.0), x);
  }
  // log keeps its digits next to 1, as double-exponential ports need
  expect_close(l::log_of(1.0 + 0x1p-40), std::log1p(0x1p-40), 1.0);
  EXPECT_NEAR(l::sin_of(1e6), std::sin(1e6), 1e-10);
  EXPECT_EQ(l::exp_of(-1e9), 0.0);
  EXPECT_TRUE(std::isinf(l::exp_of(1e9)));
  EXPECT_TRUE(std::isnan(l::log_of(-1.0)));
  EXPECT_TRUE(std::isnan(l::sqrt_of(-1.0)));
  EXPECT_TRUE(std::isnan(l::exp_of(NAN)));
  EXPECT_TRUE(std::isinf(-l::log_of(0.0)));
  EXPECT_TRUE(std::isnan(l::sin_of(INFINITY)));
  expect_close(l::pow_of(-2.0, 101.0), -std::pow(2.0, 101.0), 101.0);
  EXPECT_TRUE(std::isnan(l::pow_of(-2.0, 0.5)));
}

TEST(ModelMethods, MatrixExponential) {
  std::vector<double> m{0.0, 3.0, 0.0, 0.0};  // nilpotent
  language::exponentiate(m, 2);
  EXPECT_EQ(m, (std::vector<double>{1.0, 3.0, 0.0, 1.0}));
  for (const double angle : {1e-9, 0.3, 2.0, 50.0}) {
    m = {0.0, -angle, angle, 0.0};
    language::exponentiate(m, 2);
    EXPECT_NEAR(m[0], std::cos(angle), 1e-13);
    EXPECT_NEAR(m[2], std::sin(angle), 1e-13);
  }
  m = {-1000.0, 0.0, 0.0, 0.0, -1e-6, 0.0, 0.0, 0.0, 5.0};
  language::exponentiate(m, 3);
  EXPECT_NEAR(m[0], 0.0, 1e-300);
  EXPECT_NEAR(m[4], std::exp(-1e-6), 1e-15);
  expect_close(m[8], std::exp(5.0), 5.0);
  EXPECT_EQ(m[1], 0.0);
}

/// What the named states are after a time, at some step.
double after(const std::string& text, double time, double dt, const std::string& state = "x") {
  OneNeuron n(text, dt);
  for (int burst = 0; burst < static_cast<int>(time / dt + 0.5); ++burst) {
    n.step();
  }
  return n[state];
}

std::string with_method(const std::string& method, const std::string& before,
                        const std::string& equations) {
  return "model m\n" + before + "\nstep " + method + "\n" + equations + "\nfire x > 1e6";
}

/// By what the error shrinks when the step is halved.
double gain(const std::string& text, double time, double dt, double truth) {
  return std::abs(after(text, time, dt) - truth) / std::abs(after(text, time, dt / 2) - truth);
}

TEST(ModelMethods, ConvergeWithTheirOrder) {
  // x' = x (1 - x) from 1/8: x = e^t / (e^t + 7)
  const auto of = [](const std::string& method) {
    return with_method(method, "state x = 0.125", "x' = x*(1 - x)");
  };
  const double truth = std::exp(4.0) / (std::exp(4.0) + 7.0);
  EXPECT_NEAR(gain(of("euler"), 4.0, 1.0 / 64, truth), 2.0, 0.1);
  EXPECT_NEAR(gain(of("midpoint"), 4.0, 1.0 / 16, truth), 4.0, 0.4);
  EXPECT_NEAR(gain(of("rk4"), 4.0, 0.5, truth), 16.0, 5.0);
}

TEST(ModelMethods, SystemsConvergeWithTheirOrder) {
  const auto of = [](const std::string& method) {
    return with_method(method, "state x = 1, y = 0", "x' = y\n y' = -x*x*x");
  };
  const double truth = after(of("rk4"), 2.0, 1.0 / 64);
  EXPECT_NEAR(gain(of("euler"), 2.0, 1.0 / 64, truth), 2.0, 0.2);
  EXPECT_NEAR(gain(of("midpoint"), 2.0, 1.0 / 16, truth), 4.0, 0.6);
  EXPECT_NEAR(gain(of("rk4"), 2.0, 0.25, truth), 16.0, 5.0);
}

TEST(ModelMethods, ExponentialEulerIsExactForConstantRates) {
  const std::string text =
      with_method("exponential_euler", "param tau = 3 ms, E = 7\nstate x = 1", "x' = (E - x)/tau");
  EXPECT_NEAR(after(text, 6.0, 2.0), 7.0 - 6.0 * std::exp(-2.0), 1e-6);
  // and for a rate of 0 it is Euler
  EXPECT_EQ(after(with_method("exponential_euler", "state x = 1", "x' = 3"), 2.0, 0.5), 7.0);
}

TEST(ModelMethods, ExponentialEulerWithRatesThatChange) {
  const auto of = [](const std::string& method) {
    return with_method(method, "state x = 1, y = 2", "x' = 0.3*(1 - x) - y*x\n y' = -0.5*y");
  };
  const double truth = after(of("rk4"), 2.0, 1.0 / 32);
  EXPECT_NEAR(gain(of("exponential_euler"), 2.0, 1.0 / 32, truth), 2.0, 0.2);
  // also where the rate passes 0, and where it is tiny
  EXPECT_NEAR(after(with_method("exponential_euler", "state x = 1, y = 0", "x' = y*x + 1\n y' = 0"),
                    1.0, 0.25),
              2.0, 1e-6);
  EXPECT_NEAR(after(with_method("exponential_euler", "state x = 1, y = 1e-6", "x' = y*x\n y' = 0"),
                    1.0, 0.25),
              1.0 + 1e-6, 1.3e-7);
}

TEST(ModelMethods, ExponentialEulerTakesSidesApart) {
  // products, quotients and choices that hold x once
  const std::string text =
      with_method("exponential_euler", "param p = 2\nstate x = 1, y = 4",
                  "x' = -(x - 3)/y*2 + (x if y > 100 else -x)/p + p*(1 - x)*0.25");
  // at y = 4: x' = -x/2 + 3/2 - x/2 + 1/2 - x/2 = 2 - 1.5 x
  EXPECT_NEAR(after(text, 1.0, 1.0), 4.0 / 3.0 - 1.0 / 3.0 * std::exp(-1.5), 1e-6);
}

TEST(ModelMethods, ExactIsTheClosedForm) {
  // two that follow each other, a constant and an input
  OneNeuron n(
      "model m\nparam a = 4 ms, b = 7 ms\nstate x = 2, y = 1\nport I sum\nstep exact\n"
      " x' = -x/a + 1\n y' = (x - y)/b + 0.5*I\nfire x > 1e3",
      3.0);
  n.step({{"I", 2.0F}});
  const double a = std::exp(-3.0 / 4.0);
  const double b = std::exp(-3.0 / 7.0);
  EXPECT_NEAR(n["x"], 4.0 - 2.0 * a, 1e-6);
  // y' = (4 - 2 e^(-t/4) - y)/7 + 1
  const double c = -2.0 / 7.0 / (1.0 / 7.0 - 1.0 / 4.0);
  EXPECT_NEAR(n["y"], 11.0 + c * a + (1.0 - 11.0 - c) * b, 2e-6);
}

TEST(ModelMethods, ExactOscillates) {
  const std::string text = with_method("exact", "state x = 1, y = 0", "x' = 2*y\n y' = -2*x");
  EXPECT_NEAR(after(text, 10.0, 0.5), std::cos(20.0), 1e-5);
}

TEST(ModelMethods, ExactTakesWhatChangesBetweenStepsAsConstant) {
  OneNeuron n(
      "model m\nstate x = 0, z = 3\nstep exact\n x' = z*z - x + (5 if z > 1 else 0) - 2*uniform()\n"
      "fire x > 1e3");
  n.step();
  double u = 0.0;
  for (std::size_t i = 0; i < n.values.size(); ++i) {
    if (n.definition->step.operations[i].op == model::Op::uniform) {
      u = model::float_of(n.values[i]);
    }
  }
  EXPECT_NEAR(n["x"], (14.0 - 2.0 * u) * (1.0 - std::exp(-1.0)), 1e-5);
}

TEST(ModelMethods, ExactTakesInputsApart) {
  OneNeuron n(
      "model m\nport I sum\nparam p = 2\nstate x = 1, y = 1\nstep exact\n"
      " x' = 3*(5 - I) - x\n y' = p*(I - 1) - y\nfire x > 1e3");
  n.step({{"I", 4.0F}});
  EXPECT_NEAR(n["x"], 3.0 - 2.0 * std::exp(-1.0), 1e-6);
  EXPECT_NEAR(n["y"], 6.0 - 5.0 * std::exp(-1.0), 1e-6);
}

TEST(ModelMethods, ExactKeepsSlowVariables) {
  // a factor of 1 - 1e-4 in f32 would be off by 3e-4 of that
  const std::string text = with_method("exact", "param t = 1 s\nstate x = 1", "x' = -x/t");
  EXPECT_NEAR(after(text, 1000.0, 0.1), std::exp(-1.0), 1e-5);
}

TEST(ModelMethods, PropagatorsAreThoseOfNest) {
  // NEST 3.x, iaf_propagator.cpp and iaf_psc_exp.cpp; C = 250 pF
  for (const auto& [tau_m, tau_s] : {std::pair{10.0, 2.0}, {10.0, 0.5}, {2.0, 10.0}, {5.0, 5.0}}) {
    for (const double h : {0.1, 1.0}) {
      const double p11 = std::exp(-h / tau_s);
      const double p22 = std::exp(-h / tau_m);
      const double p20 = tau_m / 250.0 * (1.0 - p22);
      const double beta = tau_s * tau_m / (tau_m - tau_s);
      const double p21 = tau_s == tau_m ? h / 250.0 * p22 : beta / 250.0 * (p22 - p11);
      OneNeuron n(Model::named("iaf_psc_exp").definition(), h,
                  {{"tau_m", tau_m}, {"tau_syn_ex", tau_s}, {"I_e", 300.0}});
      const std::vector<float>& c = n.constants;
      const auto close = [](float own, double nest) {
        EXPECT_NEAR(own, nest, 1e-7 * std::abs(nest));
      };
      close(c[0], p22 - 1.0);
      close(c[1], p21);
      close(c[3], p20);
      close(c[4], -70.0 * (1.0 - p22) + p20 * 300.0);
      close(c[5], p11);

      OneNeuron alpha(Model::named("iaf_psc_alpha").definition(), h,
                      {{"tau_m", tau_m}, {"tau_syn_ex", tau_s}});
      const double p31 = tau_s == tau_m ? h * h / 2.0 / 250.0 * p22
                                        : beta / 250.0 * (beta * (p22 - p11) - h * p11);
      close(alpha.constants[1], p21);
      EXPECT_NEAR(alpha.constants[2], p31, 2e-7 * p31);
      close(alpha.constants[7], h * p11);
      close(alpha.constants[8], p11);
      close(alpha.constants[9], std::exp(1.0) / tau_s);
    }
  }
}

TEST(ModelMethods, PortsDecayWithinAStepOfHigherMethods) {
  // x' = g, g' = -g / 2: x grows by 2 g (1 - e^(-dt/2))
  const auto of = [](const std::string& method) {
    OneNeuron n(with_method(method, "state x = 0\nport g exp 2 ms", "x' = g"), 1.0);
    n["g"] = 1.0F;
    n.step();
    return static_cast<double>(n["x"]);
  };
  const double truth = 2.0 * (1.0 - std::exp(-0.5));
  EXPECT_EQ(of("euler"), 1.0);
  EXPECT_NEAR(of("midpoint"), std::exp(-0.25), 1e-6);
  EXPECT_NEAR(of("rk4"), truth, 2e-5);
  EXPECT_NEAR(of("exact"), truth, 1e-6);
}

TEST(ModelMethods, HeldVariablesStayInEveryStage) {
  // x is held, so y sees it constant also in the middle of the step
  for (const std::string method : {"euler", "midpoint", "rk4", "exponential_euler"}) {
    OneNeuron n(with_method(method, "state x = 3, y = 0", "x' = 100 unless x > 2\n y' = x"), 1.0);
    n.step();
    EXPECT_EQ(n["x"], 3.0F) << method;
    EXPECT_EQ(n["y"], 3.0F) << method;
  }
}

TEST(ModelMethods, IzhikevichByHand) {
  OneNeuron n(Model::named("izhikevich").definition(), 1.0);
  n.step({{"I", 10.0F}, {"spikes", 2.0F}});
  EXPECT_NEAR(n["v"], -65 + (0.04 * 65 * 65 - 325 + 140 + 13 + 10) + 2, 1e-4);
  EXPECT_NEAR(n["u"], -13.0, 1e-6);
  n["v"] = 29.0F;
  EXPECT_TRUE(n.step());
  EXPECT_EQ(n["v"], -65.0F);
  EXPECT_NEAR(n["u"], -13.0 + 0.02 * (0.2 * 29 + 13) + 8, 1e-5);
}

/// When a built-in model fires on a constant current of 600 pA, in ms.
std::vector<double> spikes(const std::string& name, double dt, double time) {
  OneNeuron n(Model::named(name).definition(), dt);
  std::vector<double> times;
  for (int burst = 0; burst * dt < time; ++burst) {
    if (n.step({{"I", 600.0F}})) {
      times.push_back(burst * dt);
    }
  }
  return times;
}

TEST(ModelMethods, BuiltInModelsFireWhenTheirEquationsDo) {
  // Runge-Kutta 4 in double precision at 0.01 ms (hh), Euler at 0.002 ms (aeif), the closed form
  const std::vector<double> hh = spikes("hh_cond_exp_traub", 0.01, 60.0);
  ASSERT_EQ(hh.size(), 6U);
  EXPECT_NEAR(hh[0], 2.20, 0.05);
  EXPECT_NEAR(hh[4], 44.88, 0.7);  // exponential Euler is of first order
  const std::vector<double> aeif = spikes("aeif_cond_exp", 0.02, 60.0);
  ASSERT_EQ(aeif.size(), 1U);
  EXPECT_NEAR(aeif[0], 49.45, 0.1);
  const std::vector<double> iaf = spikes("iaf_cond_exp", 0.1, 30.0);
  ASSERT_EQ(iaf.size(), 5U);
  EXPECT_NEAR(iaf[0], 8.0, 1e-9);
  EXPECT_NEAR(iaf[4], 29.2, 1e-9);
}

/// When a neuron fires that gets so much at one port in one burst, and nothing else.
struct Kick {
  const char* model;
  const char* port;
  float amount;
  double dt, time;
  std::vector<double> fires;
};

class KickedModels : public ::testing::TestWithParam<Kick> {};

TEST_P(KickedModels, FireWhenTheirEquationsDo) {
  const Kick& k = GetParam();
  OneNeuron n(Model::named(k.model).definition(), k.dt);
  std::vector<double> times;
  for (int burst = 0; burst * k.dt < k.time; ++burst) {
    if (n.step({{k.port, burst == 0 ? k.amount : 0.0F}})) {
      times.push_back(burst * k.dt);
    }
  }
  ASSERT_EQ(times.size(), k.fires.size());
  for (std::size_t i = 0; i < times.size(); ++i) {
    EXPECT_NEAR(times[i], k.fires[i], 1.5 * k.dt);
  }
}

// the times are those of the equations in double precision, by Runge-Kutta 4 with a tenth of dt
INSTANTIATE_TEST_SUITE_P(
    BuiltIn, KickedModels,
    ::testing::Values(Kick{"iaf_cond_alpha", "ex", 150.0F, 0.05, 20.0, {0.55}},
                      Kick{"mat2_psc_exp", "ex", 6000.0F, 0.05, 20.0, {0.45}},
                      Kick{"exponential_if", "I", 4000.0F, 0.01, 20.0, {2.68}},
                      Kick{"quadratic_if", "I", 150.0F, 0.01, 40.0, {5.11, 28.22}},
                      Kick{"resonate_and_fire", "I", 1.5F, 0.05, 40.0, {0.85}}),
    [](const auto& info) { return std::string(info.param.model); });

/// A model whose step is a rule for whole steps: what arrives in each, and the state after it, to
/// the bit.
struct Steps {
  const char* model;
  const char* port;
  OneNeuron::Values values;
  const char* state;
  std::vector<float> arrives, after;
  std::vector<int> fires;
};

class SteppedModels : public ::testing::TestWithParam<Steps> {};

TEST_P(SteppedModels, FollowTheirRule) {
  const Steps& s = GetParam();
  OneNeuron n(Model::named(s.model).definition(), 1.0, s.values);
  std::vector<float> after;
  std::vector<int> fires;
  for (const float arrives : s.arrives) {
    if (n.step({{s.port, arrives}})) {
      fires.push_back(static_cast<int>(after.size()));
    }
    after.push_back(n[s.state]);
  }
  EXPECT_EQ(after, s.after);
  EXPECT_EQ(fires, s.fires);
}

// by hand, with numbers that 32 bits hold; a potential that meets the threshold does not fire
INSTANTIATE_TEST_SUITE_P(
    BuiltIn, SteppedModels,
    ::testing::Values(Steps{"leaky_integrator",
                            "I",
                            {{"tau", 4.0}, {"r", 2.0}, {"v_leak", 1.0}},
                            "v",
                            {2.0F, 0.0F, -8.0F},
                            {2.0F, 1.75F, -2.4375F},
                            {}},
                      Steps{"lif_euler",
                            "I",
                            {{"tau", 2.0}, {"r", 2.0}, {"v_reset", -0.5}},
                            "v",
                            {1.0F, 1.0F, 0.0F, 4.0F},
                            {1.0F, -0.5F, -0.25F, -0.5F},
                            {1, 3}},
                      Steps{"cuba_lif",
                            "S",
                            {{"tau_syn", 4.0}, {"tau_mem", 2.0}, {"r", 2.0}, {"w_in", 4.0}},
                            "v",
                            {1.0F, 1.0F, 0.0F, 0.0F},
                            {1.0F, 0.0F, 0.0F, 0.984375F},
                            {1, 2}},
                      Steps{"cuba_lif_jump",
                            "I",
                            {{"tau_syn", 4.0}, {"tau_mem", 2.0}, {"v_reset", 0.25}},
                            "v",
                            {2.0F, 0.5F, 0.0F, 0.0F},
                            {0.0F, 1.0F, 0.25F, 0.875F},
                            {2}},
                      Steps{"leaky_subtract",
                            "I",
                            {{"beta", 0.5}},
                            "mem",
                            {1.0F, 1.0F, 0.5F, 1.0F, 0.0F, 0.0F},
                            {1.0F, 1.5F, 0.25F, 1.125F, -0.4375F, -0.21875F},
                            {1, 3}},
                      Steps{"leaky_zero",
                            "I",
                            {{"beta", 0.5}},
                            "mem",
                            {1.0F, 1.0F, 0.5F, 1.0F, 0.0F},
                            {1.0F, 1.5F, 0.5F, 1.25F, 0.0F},
                            {1, 3}}),
    [](const auto& info) { return std::string(info.param.model); });

}  // namespace
}  // namespace rheobase::test
