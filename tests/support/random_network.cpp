// SPDX-License-Identifier: Apache-2.0
#include "support/random_network.h"

namespace rheobase::test {
namespace {

constexpr std::initializer_list<Semantics> kSemantics{
    Semantics::plain, Semantics::feagi_0_0_53, Semantics::feagi_0_0_49, Semantics::feagi_2026_02,
    Semantics::feagi_2025_10};

Rules random_rules(Chooser& choose, std::string& description) {
  if (!choose.one_in(4)) {
    const Semantics semantics = choose.any_of(kSemantics);
    description += std::string(name_of(semantics));
    return rules_of(semantics);
  }
  description += "mixed rules";
  Rules rules;
  rules.leak = choose.any_of({Rules::Leak::every_burst, Rules::Leak::after_miss});
  rules.countdown = choose.any_of({Rules::When::every_burst, Rules::When::as_candidate});
  rules.test = choose.any_of({Rules::When::every_burst, Rules::When::as_candidate});
  rules.forget = choose.any_of({Rules::Forget::every_burst, Rules::Forget::former_candidate});
  rules.floor_negative = choose.one_in(2);
  rules.leak_in_refractory = choose.one_in(2);
  rules.saturating_count = choose.one_in(2);
  rules.separate_snooze = choose.one_in(2);
  rules.rounded_psp = choose.one_in(2);
  return rules;
}

NeuronParams random_params(Chooser& choose) {
  NeuronParams p;
  p.v_rest = choose.any_of({0.0F, 0.0F, -65.0F, 8.0F});
  p.v_reset = p.v_rest + choose.any_of({0.0F, 0.0F, -3.0F, 0.5F});
  p.threshold = p.v_rest + choose.any_of({0.0F, 1.0F, 1.0F, 2.0F, 5.0F, 1.0F / 3.0F, 30.0F, -1.0F});
  p.threshold_limit =
      choose.one_in(4) ? p.threshold + choose.any_of({0.0F, 2.0F, 10.0F}) : kNoLimit;
  p.leak = choose.any_of({0.0F, 0.0F, 0.1F, 0.5F, 1.0F, 0.003F, 10.0F, -0.5F});
  p.excitability = choose.any_of({1.0F, 1.0F, 1.0F, 0.5F, 0.05F, 0.0F});
  p.refractory_period = choose.any_of<std::uint16_t>({0, 0, 1, 3, 20});
  p.fire_limit = choose.any_of<std::uint16_t>({0, 0, 1, 3});
  p.snooze_period = choose.any_of<std::uint16_t>({0, 2, 65535});
  p.accumulates = !choose.one_in(3);
  return p;
}

SynapseSpec random_synapse(Chooser& choose, bool real, std::uint32_t most_delay) {
  SynapseSpec s;
  s.weight = real ? choose.any_of({0.1F, -0.25F, 1.5F, -2.7F, 1.0F / 3.0F})
                  : choose.any_of({1.0F, 2.0F, -1.0F, -3.0F, 0.0F, 7.0F});
  s.psp = choose.any_of({1.0F, 1.0F, 3.0F, 255.0F});
  s.delay = 1 + choose.below(most_delay);
  return s;
}

ConnectionRule random_rule(Chooser& choose, const Area& post) {
  switch (choose.below(7)) {
    case 0: return fixed_probability(0.05);
    case 1:
      return fixed_outdegree(choose.any_of({1U, 3U, 7U, 21U}));  // divisors that thirds do not fit
    case 2: return fixed_indegree(choose.any_of({1U, 5U, 40U}));
    case 3: return voxel_function("projector");
    case 4: return patterns({{{"*", "*", "*"}, {"!", "*", "*"}}});
    case 5: return thinned(all_to_all(), 10);
    default: return index_pairs({0, 0, 0}, {0, 0, post.count - 1});  // a self-loop, a parallel pair
  }
}

}  // namespace

RandomCase random_case(std::uint64_t seed) {
  Chooser choose(seed);
  std::string description = "seed " + std::to_string(seed) + ": ";
  NetworkOptions options;
  options.wiring_seed = seed;
  options.rules = random_rules(choose, description);
  NetworkBuilder builder(options);

  const std::uint32_t areas = 2 + choose.below(3);
  for (std::uint32_t a = 0; a < areas; ++a) {
    AreaSpec spec;
    spec.name = "a" + std::to_string(a);
    spec.size = {1 + choose.below(12), 1 + choose.below(6), 1 + choose.below(3)};
    if (a == 1 && choose.one_in(12)) {
      spec.size = {1500, 1, 1};  // more than one block of the step
    }
    spec.neurons_per_voxel = choose.one_in(4) ? 2 : 1;
    spec.params = random_params(choose);
    if (choose.one_in(4)) {
      spec.threshold_gradient = {0.25F, 0.0F, -0.1F};
    }
    spec.psp = {!choose.one_in(2), choose.one_in(4)};
    builder.add_area(spec);
  }
  const bool real = choose.one_in(2);
  const std::uint32_t most_delay = choose.any_of({1U, 1U, 4U, 300U});
  for (std::uint32_t c = 0; c < areas * 2; ++c) {
    const AreaId pre = choose.below(areas);
    const AreaId post = choose.below(areas);
    builder.connect(pre, post, random_rule(choose, builder.area(post)),
                    random_synapse(choose, real, most_delay));
  }
  if (choose.one_in(3)) {
    // one row that is long, one neuron that many reach
    const Area& area = builder.area(0);
    std::vector<Synapse> row;
    // more kinds than a compact block can number
    const bool many_kinds = !area.spec.psp.potential_driven && choose.one_in(3);
    // potentials of 65,536 through 5,000 synapses into one neuron would not fit into 64 bits
    const std::uint32_t length = area.spec.psp.potential_driven ? 500 : 5000;
    for (std::uint32_t i = 0; i < length; ++i) {
      const float weight = many_kinds
                               ? (static_cast<float>(i % 400) - 200.0F) * (real ? 0.37F : 1.0F)
                               : choose.any_of({1.0F, -1.0F});
      row.push_back({area.first, area.first + choose.below(area.count), weight, 1.0F, 1});
    }
    builder.connect(std::move(row));
  }
  if (choose.one_in(2)) {
    builder.drive(0, Drive::Kind::poisson, choose.any_of({1.0F, 0.5F}), 200.0);
  }
  if (choose.one_in(3)) {
    builder.drive(1, choose.any_of({Drive::Kind::regular, Drive::Kind::constant}), 1.0F, 300.0);
  }

  RandomCase result{builder.build(), {}, description, 60};
  for (std::uint64_t t = 1; t <= result.bursts; ++t) {
    for (std::uint32_t i = 0; i < result.network.neuron_count() / 8 + 2; ++i) {
      result.input.bursts.push_back(t);
      result.input.ids.push_back(choose.below(result.network.neuron_count()));
      result.input.potentials.push_back(
          choose.any_of({1.0F, 2.0F, 30.0F, -4.0F, 0.0F, 0x1p-125F, 1e38F}));
    }
  }
  return result;
}

NetworkEdit random_edit(Chooser& choose, const Network& network) {
  NetworkEdit edit;
  const std::uint32_t n = network.neuron_count();
  const bool fine = network.charge().quantum_bits >= 24;  // holds divided and driven charges
  const auto alive = [&] {
    for (int i = 0; i < 50; ++i) {
      const NeuronId id = choose.below(n);
      if (network.alive(id)) {
        return id;
      }
    }
    return NeuronId{0};
  };
  for (std::uint32_t i = 0; i < 8; ++i) {
    const NeuronId id = alive();
    const NeuronId other = alive();
    if (!network.alive(id) || !network.alive(other)) {
      return edit;
    }
    const std::vector<Synapse> row = network.outgoing(id);
    // new charges are those that the neuron had, so that the quantum holds them
    const auto any = [&] { return row[choose.below(static_cast<std::uint32_t>(row.size()))]; };
    NeuronParams params = network.params(id);
    switch (row.empty() ? choose.below(3) : choose.below(9)) {
      case 0:
        params.refractory_period = choose.any_of<std::uint16_t>({0, 2});
        params.leak = choose.any_of({0.0F, 0.25F});
        edit.set_params(id, params);
        break;
      case 1: {
        // on its way to a network of a thousand neurons or so, and no further
        AreaSpec spec;
        spec.name = "added " + std::to_string(n) + " " + std::to_string(i);
        spec.size = {1 + choose.below(4), 1 + choose.below(3), 1};
        spec.params = params;
        if (choose.one_in(3) && network.areas().size() < 12) {
          edit.add_area(spec);
          edit.add_synapse({id, n, 0.0F, 1.0F, 1});
        }
        break;
      }
      case 2:
        if (fine && network.rules().rounded_psp) {  // larger potentials may not fit into sums
          edit.set_psp_mode(id, 1, {choose.one_in(2), choose.one_in(2)});
        }
        break;
      case 3:
      case 4: {
        Synapse added = any();
        added.post = other;
        added.delay = 1 + choose.below(6);
        edit.add_synapse(added);
        break;
      }
      case 5: edit.set_psp(id, 1, row.front().psp); break;
      case 6: {
        const Synapse s = any();
        edit.set_weight(s.pre, s.post, s.weight);  // of another synapse of the pair, perhaps
        break;
      }
      case 7: {
        const Synapse s = any();
        edit.set_delay(s.pre, s.post, 1 + choose.below(5));
        break;
      }
      default:
        if (choose.one_in(4)) {
          edit.delete_neurons(id, 1 + choose.below(std::min(3U, n - id)));
          return edit;
        }
    }
  }
  return edit;
}

}  // namespace rheobase::test
