// SPDX-License-Identifier: Apache-2.0
// Explanations as text.
#include <fmt/printf.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "rheobase/text.h"
#include "rheobase/why.h"

namespace rheobase {
namespace {

std::string share(std::uint64_t part, std::uint64_t whole) {
  return fmt::sprintf(
      "%.1f %%", whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string place(const Network& network, NeuronId id) {
  const Area& area = network.areas()[network.area_of(id)];
  return shown(area.spec.name) + "[" + number_text(id - area.first) + "]";
}

/// Of a neuron with a model.
std::string model_text(const Explanation& e, const Network& network) {
  constexpr std::size_t kMostLines = 12;
  std::string out = "  model      " + shown(e.model) + "\n";
  for (const Explanation::PortTerm& port : e.ports) {
    out += "  port       " + port.name + ": " + number_text(port.arrived) + " arrived\n";
  }
  for (std::size_t i = 0; i < std::min(e.arrivals.size(), kMostLines); ++i) {
    const Explanation::Arrival& a = e.arrivals[i];
    out += "      " + place(network, a.pre) + " fired in burst " + number_text(a.fired) +
           ", weight " + number_text(a.weight) +
           (e.ports.size() > 1 ? " to " + e.ports[a.port].name : "") + "\n";
  }
  if (e.arrivals.size() > kMostLines) {
    out += fmt::sprintf("      … and %zu more\n", e.arrivals.size() - kMostLines);
  }
  for (const Explanation::Injection& i : e.injections) {
    out += fmt::sprintf("    %+12.6g  %s%s\n", static_cast<double>(i.potential), i.from.c_str(),
                        e.ports.size() > 1 ? (" into " + e.ports[i.port].name).c_str() : "");
  }
  for (const Explanation::StateTerm& state : e.states) {
    out += "  state      " + state.name + ": " + number_text(state.before) + " before, " +
           number_text(state.after) + " after\n";
  }
  out += "  step\n";
  for (const Explanation::Operation& o : e.operations) {
    out += fmt::sprintf("    #%-4u %s = %s\n", o.place, o.text.c_str(), o.value.c_str());
  }
  return out;
}

}  // namespace

std::string Explanation::verdict() const {
  const auto took = [&](Branch b) { return branches[static_cast<std::size_t>(b)]; };
  const std::string v = number_text(potential_tested);
  if (!model.empty()) {
    return (fired ? "fired: " : "silent: ") + decided_by;
  }
  if (!alive) {
    return "silent: the neuron was deleted";
  }
  if (fired) {
    return "fired: " + v + " is at or above the threshold " + number_text(params.threshold) +
           (always ? "" : fmt::sprintf(", and the draw %u is below %u", hash, below));
  }
  if (refractory_before != 0) {
    return fmt::sprintf("silent: refractory, %u more burst%s before this one",
                        unsigned{refractory_before}, refractory_before == 1 ? "" : "s");
  }
  if (took(Branch::snoozed)) {
    return fmt::sprintf("silent: snoozing, %u more before this one", unsigned{snooze_before});
  }
  if (took(Branch::vetoed)) {
    return "silent: " + v + " reaches the threshold " + number_text(params.threshold) +
           fmt::sprintf(", but the draw %u is not below %u (excitability %g)", hash, below,
                        static_cast<double>(params.excitability));
  }
  if (took(Branch::limited)) {
    return fmt::sprintf(
        "silent: it reaches the threshold, but has fired %u times in a row (limit %u)",
        unsigned{fire_count_before}, unsigned{params.fire_limit});
  }
  if (took(Branch::above_limit)) {
    return "silent: " + v + " is above the upper limit " + number_text(params.threshold_limit);
  }
  if (counts_candidates && !candidate) {
    return "silent: nothing reached it (only neurons that receive something are tested)";
  }
  return "silent: " + v + " is below the threshold " + number_text(params.threshold);
}

std::string Explanation::text(const Network& network) const {
  constexpr std::size_t kMostLines = 12;
  std::string out = shown(area) + "[" + number_text(index) + "] (neuron " + number_text(neuron) +
                    ") in burst " + number_text(burst) + "\n  " + verdict() + "\n\n";
  if (!model.empty()) {
    return out + model_text(*this, network);
  }
  out +=
      "  before     potential " + number_text(potential_before) +
      fmt::sprintf(", refractory %u, fires in a row %u, snooze %u\n", unsigned{refractory_before},
                   unsigned{fire_count_before}, unsigned{snooze_before});
  out += "  synapses   " + number_text(synaptic) +
         fmt::sprintf(" from %zu (%lld quanta of 2^-%u)\n", arrivals.size(),
                      static_cast<long long>(quanta), quantum_bits);
  // area by area, then the strongest first
  std::map<AreaId, std::pair<std::size_t, double>> by_area;
  const double quantum = 1.0 / static_cast<double>(std::uint64_t{1} << quantum_bits);
  for (const Arrival& a : arrivals) {
    auto& [spikes, sum] = by_area[network.area_of(a.pre)];
    ++spikes;
    sum += static_cast<double>(a.quanta) * quantum;
  }
  for (const auto& [from, total] : by_area) {
    out += fmt::sprintf("    %+12.6g  from %zu of ", total.second, total.first) +
           shown(network.areas()[from].spec.name) + "\n";
  }
  std::vector<Arrival> sorted = arrivals;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Arrival& a, const Arrival& b) {
    return std::abs(a.quanta) > std::abs(b.quanta);
  });
  for (std::size_t i = 0; i < std::min(sorted.size(), kMostLines); ++i) {
    const Arrival& a = sorted[i];
    out += fmt::sprintf("      %+10.6g  %s fired in burst %llu, weight %s x %s %s\n",
                        static_cast<double>(a.quanta) * quantum, place(network, a.pre).c_str(),
                        static_cast<unsigned long long>(a.fired), number_text(a.weight).c_str(),
                        a.driven ? "potential" : "PSP", number_text(a.psp).c_str());
  }
  if (sorted.size() > kMostLines) {
    out += fmt::sprintf("      … and %zu more\n", sorted.size() - kMostLines);
  }
  out += "  injected   " + number_text(injected) + "\n";
  for (const Injection& i : injections) {
    out += fmt::sprintf("    %+12.6g  %s", static_cast<double>(i.potential), i.from.c_str());
    out += i.events == 1 ? "\n" : fmt::sprintf(", %u events\n", i.events);
  }
  out += "  leak       keeps " + number_text(keep) + " of the distance to rest " +
         number_text(params.v_rest) + "\n";
  out +=
      "  tested     " + number_text(potential_tested) + " against " + number_text(params.threshold);
  out += params.threshold_limit == kNoLimit ? "\n"
                                            : " to " + number_text(params.threshold_limit) + "\n";
  if (!always) {
    out += fmt::sprintf("  draw       %u, fires below %u (excitability %g)\n", hash, below,
                        static_cast<double>(params.excitability));
  }
  out += "  after      potential " + number_text(potential_after) +
         fmt::sprintf(", refractory %u, fires in a row %u, snooze %u\n", unsigned{refractory_after},
                      unsigned{fire_count_after}, unsigned{snooze_after});
  out += "  branches  ";
  bool any = false;
  for (std::size_t b = 0; b < kBranchCount; ++b) {
    if (branches[b]) {
      out += " " + std::string(name_of(static_cast<Branch>(b)));
      any = true;
    }
  }
  return out + (any ? "\n" : " none\n");
}

std::string SilenceReport::text() const {
  const std::string who = shown(area) + ": " + number_text(spikes) + " spikes of " +
                          number_text(neurons) + " neurons in " + number_text(bursts) + " bursts. ";
  if (neurons != 0 && dead == steps) {
    return who + "Its neurons were deleted.";
  }
  if (!reachable) {
    return who + (sources.empty()
                      ? "No synapse leads here and nothing is injected. Connect it, drive it or "
                        "inject into it."
                      : "No path leads here from any neuron that is driven, injected into or of an "
                        "input area. Give its sources input.");
  }
  struct Cause {
    std::uint64_t count;
    std::string what;
  };
  std::array<Cause, 9> causes{{
      {without_input, "nothing reached the neuron"},
      {below_threshold, "the potential stayed below the threshold (" + number_text(highest) +
                            " came closest, the threshold there is " + number_text(threshold) +
                            ")"},
      {unmet, "the condition of its model did not hold (" + condition + ")"},
      {inhibited, "inhibition outweighed excitation"},
      {vetoed, "the draw refused (excitability)"},
      {refractory, "the neuron was refractory"},
      {above_limit, "the potential was above the upper limit"},
      {limited, "the limit of consecutive fires was reached"},
      {snoozed, "the neuron snoozed"},
  }};
  std::stable_sort(causes.begin(), causes.end(),
                   [](const Cause& a, const Cause& b) { return a.count > b.count; });
  if (causes[0].count == 0) {
    return who + "It fired in every burst.";
  }
  std::string out = who + "Of the chances to fire: ";
  for (const Cause& cause : causes) {
    if (cause.count != 0) {
      out += (out.ends_with(": ") ? "" : "; ") + share(cause.count, steps) + " " + cause.what;
    }
  }
  if (spikes != 0) {
    out += "; " + share(spikes, steps) + " it fired";
  }
  out += ".";
  if (causes[0].count == without_input && !sources.empty()) {
    out += " Synapses come from ";
    for (std::size_t i = 0; i < sources.size(); ++i) {
      out += (i == 0 ? "" : ", ") + sources[i];
    }
    out += ".";
  }
  return out;
}

}  // namespace rheobase
