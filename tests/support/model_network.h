// SPDX-License-Identifier: Apache-2.0
/// \file
/// A network in which areas with models of several kinds stand between areas without.
#pragma once

#include <string>

#include "rheobase/engine.h"
#include "rheobase/model.h"

namespace rheobase::test {

/// Fires by chance, at a rate that follows from the time; without ports.
inline Model source_model() {
  return Model::parse(
      "model source\n"
      "param rate = 20 Hz\n"
      "state fired = 0 in 0..1e6\n"
      "state wave = 0 in -1..1\n"
      "step rk4\n"
      "  wave' = cos(t/(4 ms))/(4 ms) - wave/(20 ms)\n"
      "fire uniform() < rate*(1 + wave)*dt\n"
      "reset fired += 1\n");
}

/// Two ports of different kinds, noise, a current for a while, and a threshold that moves.
inline Model noisy_model() {
  return Model::parse(
      "model noisy\n"
      "param tau = 15 ms; param tau_e = 3 ms; param tau_i = 6 ms; param sigma = 0.4 mV\n"
      "param theta_0 = 10 mV, d_theta = 2 mV, tau_theta = 50 ms\n"
      "state v = 0 mV in -100..100\n"
      "state theta = theta_0 mV in 0..1000\n"
      "port e exp tau_e\n"
      "port i alpha tau_i\n"
      "port kick sum\n"
      "step exponential_euler\n"
      "  v' = (e - i - v)/tau unless refractory\n"
      "  theta' = (theta_0 - theta)/tau_theta\n"
      "  v += kick + sigma*normal() + (0.5 if t >= 30 ms and t < 50 ms else 0) unless refractory\n"
      "fire v >= theta\n"
      "refractory 2 ms\n"
      "reset v = 0; theta += d_theta\n");
}

inline Network model_network(std::uint64_t wiring_seed = 1) {
  NetworkBuilder b({1.0, wiring_seed, {}, 12U, 1});
  const AreaId front = b.population("front", 70, lif({}, 1.0));
  const AreaId source = b.population_of(source_model(), "source", 33, {{"rate", {80.0}}});
  std::vector<double> a;
  for (int i = 0; i < 150; ++i) {
    a.push_back(0.02 + 0.0005 * i);
  }
  const AreaId izhikevich =
      b.population_of(Model::named("izhikevich"), "izhikevich", 150, {{"a", a}});
  const AreaId middle = b.population("middle", 41, lif({5.0, 0.0, 0.0, 8.0, 1.0}, 1.0));
  std::vector<double> v;
  for (int i = 0; i < 90; ++i) {
    v.push_back(-5.0 + 0.2 * i);
  }
  const AreaId noisy = b.population_of(noisy_model(), "noisy", 90, {{"v", v}});
  const AreaId back = b.population("back", 50, lif({}, 1.0));
  b.drive(front, Drive::Kind::poisson, 4.0F, 300.0);
  b.drive(izhikevich, Drive::Kind::poisson, 9.0F, 400.0);
  b.drive(noisy, Drive::Kind::constant, 0.3F);
  b.drive(noisy, Drive::Kind::poisson, 1.5F, 150.0, 1);  // into its other ports too
  b.drive(noisy, Drive::Kind::regular, 0.75F, 90.0, 2);
  b.connect(front, izhikevich, fixed_indegree(8), {6.0F, 1.0F, 1});
  b.connect(source, noisy, fixed_indegree(6), {5.0F, 1.0F, 2});
  b.connect(izhikevich, noisy, fixed_indegree(10), {3.0F, 1.0F, 3, 1});
  b.connect(front, noisy, fixed_indegree(4), {1.25F, 1.0F, 1, 2});
  b.connect(noisy, middle, fixed_indegree(12), {2.5F, 1.0F, 2});
  b.connect(middle, izhikevich, fixed_indegree(5), {-4.0F, 1.0F, 1});
  b.connect(izhikevich, back, fixed_indegree(9), {3.5F, 1.0F, 4});
  b.connect(back, noisy, fixed_indegree(3), {2.0F, 1.0F, 1, 0});
  b.connect(noisy, noisy, fixed_indegree(3), {1.0F, 1.0F, 1, 1});
  return b.build();
}

}  // namespace rheobase::test
