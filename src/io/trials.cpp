// SPDX-License-Identifier: Apache-2.0
#include "io/trials.h"

#include "rheobase/text.h"

namespace rheobase {
namespace {

/// Sixteen sets of the eight rules of the step, in which any three rules take all their eight
/// combinations (the extended Hamming code).
Rules mixed_rules(std::uint32_t word) {
  const auto bit = [&](std::uint32_t i) { return ((word >> i) & 1U) != 0U; };
  const bool a = bit(0);
  const bool b = bit(1);
  const bool c = bit(2);
  const bool d = bit(3);
  Rules rules;
  rules.leak = a ? Rules::Leak::every_burst : Rules::Leak::after_miss;
  rules.countdown = b ? Rules::When::every_burst : Rules::When::as_candidate;
  rules.test = c ? Rules::When::every_burst : Rules::When::as_candidate;
  rules.forget = d ? Rules::Forget::every_burst : Rules::Forget::former_candidate;
  rules.floor_negative = (a != b) != c;
  rules.leak_in_refractory = (b != c) != d;
  rules.saturating_count = (a != c) != d;
  rules.separate_snooze = (a != b) != d;
  rules.rounded_psp = a;
  return rules;
}

}  // namespace

Trial trial_of(std::string name, Network network, std::uint64_t bursts) {
  State state;
  const std::size_t n = network.neuron_count();
  state.u.assign(n, 0.0F);
  state.refractory_countdown.assign(n, 0);
  state.fire_count.assign(n, 0);
  state.snooze_countdown.assign(n, 0);
  state.forget.assign(n, 0);
  state.fired.resize(network.max_delay());
  Checkpoint start{std::move(network), std::move(state), 1, {}, {}, {}, {}, {}, 0, {}, {}};
  return {std::move(name), std::move(start), bursts};
}

std::vector<Trial> every_rule() {
  std::vector<Trial> trials;
  std::uint32_t seed = 0;
  for (const Semantics semantics :
       {Semantics::plain, Semantics::feagi_0_0_53, Semantics::feagi_0_0_49,
        Semantics::feagi_2026_02, Semantics::feagi_2025_10}) {
    for (const bool driven : {false, true}) {
      trials.push_back(step_trial(std::string(name_of(semantics)) + (driven ? ", driven" : ""),
                                  rules_of(semantics), driven, ++seed));
    }
  }
  for (std::uint32_t word = 0; word < 16; ++word) {
    trials.push_back(
        step_trial("rules " + number_text(word), mixed_rules(word), word % 2 == 1, ++seed));
  }
  for (Trial& trial : delivery_trials()) {
    trials.push_back(std::move(trial));
  }
  return trials;
}

}  // namespace rheobase
