// SPDX-License-Identifier: Apache-2.0
#include "rheobase/fields.h"

#include "rheobase/network.h"
#include "rheobase/state.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

std::string text_of(double value) { return number_text(value); }
std::string text_of(bool value) { return value ? "true" : "false"; }
std::string limit_text(float value) { return value == kNoLimit ? "none" : text_of(double{value}); }
std::string when_text(Rules::When when) {
  return when == Rules::When::every_burst ? "every_burst" : "as_candidate";
}

constexpr std::string_view kParams = "Neuron parameters";
constexpr std::string_view kState = "Neuron state";
constexpr std::string_view kSynapse = "Synapse parameters";
constexpr std::string_view kArea = "Area parameters";
constexpr std::string_view kDrive = "Drive parameters";
constexpr std::string_view kNetwork = "Network parameters";
constexpr std::string_view kRules = "Rules of the step";
constexpr std::string_view kPotentialRange = "finite, clamped to ±2^100";

void add_neuron_fields(std::vector<FieldInfo>& list) {
  const NeuronParams p;
  list.push_back({kParams, "v_rest", "f32", "mV", kPotentialRange, text_of(double{p.v_rest}),
                  "resting_potential", "E_L", "v_rest", "potential toward which the neuron leaks"});
  list.push_back({kParams, "v_reset", "f32", "mV", kPotentialRange, text_of(double{p.v_reset}), "",
                  "V_reset", "reset", "potential after a spike"});
  list.push_back({kParams, "threshold", "f32", "mV", kPotentialRange, text_of(double{p.threshold}),
                  "firing_threshold", "V_th", "threshold",
                  "fires when the potential is at least this …"});
  list.push_back({kParams, "threshold_limit", "f32", "mV", kPotentialRange,
                  limit_text(p.threshold_limit), "firing_threshold_limit (0: none)", "", "",
                  "… and at most this"});
  list.push_back({kParams, "leak", "f32", "per burst", "clamped to ±2^20; 0 to 1 is meant",
                  text_of(double{p.leak}), "leak_coefficient", "1 - exp(-h / tau_m)",
                  "1 - exp(-dt / tau)", "share of (potential - rest) that is lost per burst"});
  list.push_back({kParams, "excitability", "f32", "probability", "≤ 0 never, ≥ 0.999 always",
                  text_of(double{p.excitability}), "neuron_excitability", "", "",
                  "probability that a neuron in its window fires"});
  list.push_back({kParams, "refractory_period", "u16", "bursts", "0 to 65535",
                  text_of(double(p.refractory_period)), "refractory_period", "t_ref / h",
                  "refractory / dt", "bursts blocked after a spike"});
  list.push_back({kParams, "fire_limit", "u16", "fires", "0 (none) to 65535",
                  text_of(double(p.fire_limit)), "consecutive_fire_cnt_max", "", "",
                  "consecutive fires after which the neuron pauses"});
  list.push_back({kParams, "snooze_period", "u16", "bursts", "0 to 65535",
                  text_of(double(p.snooze_period)), "snooze_length", "", "",
                  "extra blocked bursts when the fire limit is reached"});
  list.push_back({kParams, "accumulates", "bool", "", "", text_of(p.accumulates),
                  "mp_charge_accumulation", "", "", "keeps its potential from burst to burst"});
  list.push_back(
      {kState, "potential", "f32", "mV", "finite, within ±2^100, no denormals, no -0", "",
       "membrane_potential", "V_m", "v",
       "potential, at first v_rest unless it is given; State::u holds it relative to v_rest"});
  list.push_back({kState, "refractory_countdown", "u16", "bursts", "0 to 65535", "",
                  "refractory_countdown", "r (hidden)", "not_refractory", "bursts still blocked"});
  list.push_back({kState, "fire_count", "u16", "fires", "0 to 65535", "", "consecutive_fire_count",
                  "", "", "length of the present run of fires"});
  list.push_back({kState, "snooze_countdown", "u16", "bursts", "0 to 65535", "",
                  "snooze_countdown (2025-10)", "", "",
                  "bursts still asleep; only with the rule separate_snooze"});
  list.push_back({kState, "forget", "u8", "", "0 or 1", "", "", "", "",
                  "1: a non-accumulating neuron starts the next burst at rest"});
  list.push_back({kState, "fired", "lists of ids", "",
                  "ascending, one list per burst of the longest delay", "", "fire queue", "", "",
                  "who fired in the last bursts; with the potential where it drives PSP"});
}

void add_network_fields(std::vector<FieldInfo>& list) {
  const SynapseSpec s;
  const AreaSpec a;
  const Drive d;
  const NetworkOptions o;
  const Rules r;
  list.push_back({kSynapse, "weight", "f32", "charge", kPotentialRange, text_of(double{s.weight}),
                  "±postSynapticCurrent_multiplier", "weight", "w",
                  "charge of a spike = weight × psp; negative: inhibitory"});
  list.push_back({kSynapse, "psp", "f32", "charge", kPotentialRange, text_of(double{s.psp}),
                  "postsynaptic_current", "", "", "postsynaptic potential of the source's spikes"});
  list.push_back({kSynapse, "delay", "u16", "bursts", "1 to 65,535", text_of(double(s.delay)),
                  "synaptic_delay_bursts", "delay / h", "delay / dt",
                  "bursts from spike to delivery"});
  list.push_back({kArea, "size", "3 × u32", "voxels", "each ≥ 1, at most 2^32 - 2 neurons in all",
                  "1 1 1", "block_boundaries", "positions (shape)", "", "voxels along x, y, z"});
  list.push_back({kArea, "neurons_per_voxel", "u32", "neurons", "≥ 1",
                  text_of(double(a.neurons_per_voxel)), "per_voxel_neuron_cnt", "", "",
                  "neurons that share a voxel"});
  list.push_back({kArea, "threshold_gradient", "3 × f32", "mV per voxel", "finite", "0 0 0",
                  "firing_threshold_increment_x/y/z", "", "",
                  "added to the threshold per voxel along x, y, z"});
  list.push_back({kArea, "psp.uniform", "bool", "", "", text_of(a.psp.uniform),
                  "psp_uniform_distribution", "", "",
                  "false: the PSP is divided by the number of outgoing synapses"});
  list.push_back({kArea, "psp.potential_driven", "bool", "", "", text_of(a.psp.potential_driven),
                  "mp_driven_psp", "", "",
                  "the PSP is the potential at firing, at most 65536 (or rounded, at most 255)"});
  list.push_back({kDrive, "kind", "enum", "", "constant, regular, poisson", "constant",
                  "power area (constant)", "poisson_generator, spike_generator",
                  "PoissonInput, SpikeGeneratorGroup", "how events come"});
  list.push_back({kDrive, "amplitude", "f32", "charge", kPotentialRange,
                  text_of(double{d.amplitude}), "power_amount", "weight", "weight",
                  "injected per event"});
  list.push_back({kDrive, "rate_hz", "f64", "Hz", "0 to 1e9; Poisson at most 2000 events per burst",
                  text_of(d.rate_hz), "", "rate", "rate", "events per second and neuron"});
  list.push_back({kNetwork, "dt_ms", "f64", "ms", "above 0, at most 1e6", text_of(o.dt_ms),
                  "simulation_timestep (s)", "resolution", "defaultclock.dt", "length of a burst"});
  list.push_back({kNetwork, "wiring_seed", "u64", "", "", text_of(double(o.wiring_seed)), "",
                  "rng_seed", "seed()", "seed of random connection rules"});
  list.push_back({kNetwork, "quantum_bits", "u32", "bits", "0 to 40", "chosen from the charges", "",
                  "", "", "charge is a whole number of 2^-quantum_bits"});
  list.push_back({kRules, "leak", "enum", "", "every_burst, after_miss",
                  r.leak == Rules::Leak::every_burst ? "every_burst" : "after_miss", "by version",
                  "every_burst", "every_burst", "when the potential leaks"});
  list.push_back({kRules, "countdown", "enum", "", "every_burst, as_candidate",
                  when_text(r.countdown), "by version", "every_burst", "every_burst",
                  "when refractory period and snooze count down"});
  list.push_back({kRules, "test", "enum", "", "every_burst, as_candidate", when_text(r.test),
                  "as_candidate", "every_burst", "every_burst",
                  "when threshold and draw are tested"});
  list.push_back({kRules, "forget", "enum", "", "every_burst, former_candidate",
                  r.forget == Rules::Forget::every_burst ? "every_burst" : "former_candidate",
                  "by version", "", "", "when a non-accumulating neuron returns to rest"});
  list.push_back({kRules, "floor_negative", "bool", "", "", text_of(r.floor_negative),
                  "true from 0.0.49", "", "",
                  "a net negative input of an accumulating neuron counts as 0"});
  list.push_back({kRules, "leak_in_refractory", "bool", "", "", text_of(r.leak_in_refractory),
                  "true in 0.0.53", "false", "false",
                  "the potential leaks during the refractory period"});
  list.push_back({kRules, "saturating_count", "bool", "", "", text_of(r.saturating_count),
                  "true from 2026-02", "", "", "an unlimited neuron loses one fire per 65,536"});
  list.push_back({kRules, "separate_snooze", "bool", "", "", text_of(r.separate_snooze),
                  "true in 2025-10", "", "", "snooze is a countdown of its own"});
  list.push_back({kRules, "rounded_psp", "bool", "", "", text_of(r.rounded_psp),
                  "true before 0.0.49", "", "",
                  "potential-driven PSP is rounded and clamped to 0..255"});
}

}  // namespace

std::vector<FieldInfo> fields() {
  std::vector<FieldInfo> list;
  add_neuron_fields(list);
  add_network_fields(list);
  return list;
}

std::string fields_markdown() {
  std::string text =
      "# Parameters and state\n\n"
      "Generated from the code (`make docs`); do not edit by hand.\n"
      "A burst is one time step. Units are those of the field; FEAGI's potentials and charges have "
      "no unit.\n";
  std::string_view group;
  for (const FieldInfo& f : fields()) {
    if (f.group != group) {
      group = f.group;
      text += "\n## " + std::string(group) +
              "\n\n| field | type | unit | range | default | FEAGI | NEST | Brian2 | meaning |\n"
              "|---|---|---|---|---|---|---|---|---|\n";
    }
    text += "| `" + std::string(f.name) + "`";
    for (const std::string_view cell : {f.type, f.unit, f.range, std::string_view(f.default_value),
                                        f.feagi, f.nest, f.brian2, f.meaning}) {
      text += " | " + std::string(cell);
    }
    text += " |\n";
  }
  return text;
}

}  // namespace rheobase
