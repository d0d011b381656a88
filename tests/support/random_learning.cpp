// SPDX-License-Identifier: Apache-2.0
#include "support/random_learning.h"

#include <string>
#include <utility>
#include <vector>

namespace rheobase::test {
namespace {

std::string number(Chooser& choose) {
  return std::to_string(static_cast<double>(choose.below(400)) / 1000.0);
}

/// A term of a change: what it may read, times a number.
std::string term(Chooser& choose, const std::vector<std::string>& names) {
  const auto name = [&] { return names[choose.below(static_cast<std::uint32_t>(names.size()))]; };
  switch (choose.below(6)) {
    case 0: return number(choose) + "*" + name() + "*" + name();
    case 1: return number(choose) + "*(" + name() + " - " + name() + ")";
    case 2: return number(choose) + "*exp(-" + name() + ")";
    case 3: return "(" + number(choose) + " if " + name() + " < " + name() + " else 0)";
    case 4: return "min(" + name() + ", " + number(choose) + ")";
    default: return number(choose) + "*" + name();
  }
}

/// A text with traces, a second state and a charge of its own, each of them or not.
std::string random_text(Chooser& choose) {
  std::string text = "synapse random\nparam most = 3 in 0..8, tau = 7 ms in 1..99\n";
  std::vector<std::string> names{"w", "most"};
  const std::uint32_t traces = choose.below(5);
  for (std::uint32_t i = 0; i < traces; ++i) {
    names.push_back("trace" + std::to_string(i));
    text += "trace " + names.back() + (choose.one_in(2) ? " pre " : " post ") +
            (choose.one_in(3) ? "nearest" : "sum") + (choose.one_in(2) ? " tau" : " 11 ms") + "\n";
  }
  text += choose.one_in(2) ? "state w = 0 in -2..most\n" : "state w = 0 in -9..9\n";
  if (choose.one_in(2)) {
    text += "state e = w/2 in -50..50\n";
    names.emplace_back("e");
  }
  names.emplace_back("since_pre/(since_pre + 9 ms)");
  names.emplace_back("since_post/(since_post + 9 ms)");
  const auto handler = [&](const char* head) {
    text += head;
    for (std::uint32_t i = 0; i <= choose.below(3); ++i) {
      const bool other = text.find("state e") != std::string::npos && choose.one_in(2);
      text += std::string("  ") + (other ? "e" : "w") + (choose.one_in(2) ? " += " : " -= ") +
              term(choose, names) + "\n";
    }
  };
  const std::uint32_t which = choose.below(4);
  if (which != 0) {
    handler("on pre\n");
  }
  if (which != 1) {
    handler("on post\n");
  }
  return choose.one_in(3) ? text + "send w*" + number(choose) + " + " + term(choose, names) + "\n"
                          : text;
}

}  // namespace

Plasticity random_plasticity(Chooser& choose) {
  const DelayIn delay_in = choose.one_in(3) ? DelayIn::dendrite : DelayIn::axon;
  if (choose.one_in(2)) {
    return {SynapseModel::parse(random_text(choose), "random"), {}, delay_in};
  }
  const std::vector<std::string> names = SynapseModel::names();
  Plasticity chosen{
      SynapseModel::named(names[choose.below(static_cast<std::uint32_t>(names.size()))]),
      {},
      delay_in};
  for (const ModelItem& p : chosen.model.params()) {
    if (p.name == "W_max") {
      chosen.values.push_back({p.name, {4.0}, {}});
    } else if (p.value > 0.0 && choose.one_in(3)) {
      chosen.values.push_back({p.name, {p.value * (0.5 + choose.below(500) / 1000.0)}, {}});
    }
  }
  return chosen;
}

Network random_learning_network(std::uint64_t seed) {
  Chooser choose(seed * 77U + 5U);
  const double dt = choose.any_of({0.1, 0.5, 1.0});
  NetworkBuilder b({dt, seed, {}, choose.one_in(3) ? std::optional(9U) : std::nullopt, 1});
  std::vector<AreaId> areas;
  const std::uint32_t count = 1 + choose.below(3);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t neurons = 1 + choose.below(choose.one_in(6) ? 900 : 70);
    const std::string name = "area" + std::to_string(i);
    if (choose.one_in(3)) {
      areas.push_back(b.population_of(Model::named("iaf_psc_exp"), name, neurons));
    } else {
      areas.push_back(b.population(name, neurons, lif({9.0, 0.0, 0.0, 3.0, 0.0}, dt)));
    }
    const bool model = !b.area(areas.back()).spec.model.empty();
    b.drive(areas.back(), Drive::Kind::poisson, model ? 900.0F : 3.5F, 60.0 / dt, model ? 2 : 0);
  }
  const std::uint32_t projections = 1 + choose.below(4);
  for (std::uint32_t i = 0; i < projections; ++i) {
    const auto some = [&] { return areas[choose.below(static_cast<std::uint32_t>(areas.size()))]; };
    const AreaId pre = some();
    const AreaId post = some();
    const Plasticity plasticity = choose.one_in(5) ? Plasticity{} : random_plasticity(choose);
    const bool inhibits = plasticity.model.name() == "vogels_inhibitory";
    SynapseSpec synapse{inhibits ? -0.5F : 0.5F, 1.0F, 1 + choose.below(4), 0};
    SynapseDraws draws;
    if (choose.one_in(2)) {
      draws.weight = inhibits ? uniform(-1.0, 0.0) : uniform(0.0, 1.0);
    }
    if (choose.one_in(3)) {
      draws.delay = uniform(1.0, 5.0);
    }
    if (!b.area(post).spec.model.empty()) {
      synapse.port = choose.below(3);
    }
    b.connect(pre, post, fixed_indegree(1 + choose.below(9)), synapse, draws, plasticity);
  }
  return b.build();
}

}  // namespace rheobase::test
