// SPDX-License-Identifier: Apache-2.0
/// \file
/// Why a neuron fired, or did not.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "rheobase/export.h"
#include "rheobase/network.h"
#include "rheobase/record.h"

namespace rheobase {

/// All terms of one neuron in one burst. Potentials are absolute, in the unit of the network.
struct Explanation {
  /// Charge that one synapse brings in this burst.
  struct Arrival {
    NeuronId pre = 0;
    std::uint64_t fired = 0;  ///< burst in which `pre` fired: this one less the delay
    std::uint32_t delay = 1;
    float weight = 0.0F;
    float psp = 0.0F;         ///< of the synapse, or the potential at firing where that drives it
    bool driven = false;      ///< the latter
    std::int64_t quanta = 0;  ///< charge in units of 2^-quantum_bits
    std::uint32_t port = 0;   ///< where it ends; 0 unless the neuron has a model
  };
  /// Input from outside: an injection, or the events of a drive.
  struct Injection {
    std::string from;  ///< "injection", "drive 0 (poisson)"
    std::uint32_t events = 1;
    float potential = 0.0F;  ///< of all of them
    std::uint32_t port = 0;  ///< where it arrives; 0 unless the neuron has a model
  };

  NeuronId neuron = 0;
  std::string area;
  std::uint32_t index = 0;  ///< within the area
  std::uint64_t burst = 0;
  NeuronParams params;

  std::vector<Arrival> arrivals;  ///< by delay, then source
  std::vector<Injection> injections;
  std::uint32_t quantum_bits = 0;
  std::int64_t quanta = 0;  ///< sum of all arrivals
  float synaptic = 0.0F;    ///< the same as a potential
  float injected = 0.0F;    ///< sum of all injections
  bool counts_candidates = false;
  bool candidate = false;  ///< received at least one event; meaningful if candidates count

  float potential_before = 0.0F;
  std::uint16_t refractory_before = 0, fire_count_before = 0, snooze_before = 0;
  float keep = 1.0F;        ///< 1 - leak: what leaks is multiplied by it
  std::uint32_t hash = 0;   ///< the draw of this neuron and burst …
  std::uint32_t below = 0;  ///< … fires if it is below this
  bool always = false;      ///< or always: there is no draw
  bool alive = true;

  bool fired = false;
  float u_after = 0.0F;  ///< relative to rest, as State holds it
  float potential_after = 0.0F;
  float potential_tested = 0.0F;  ///< what was compared with the threshold
  std::uint16_t refractory_after = 0, fire_count_after = 0, snooze_after = 0;
  std::uint8_t forget_after = 0;
  std::array<bool, kBranchCount> branches{};  ///< that the step took

  // Of a neuron with a model; what stands above from `potential_before` to `forget_after` is 0
  // then.
  struct PortTerm {
    std::string name;
    float arrived = 0.0F;  ///< in this burst
  };
  struct StateTerm {
    std::string name;
    float before = 0.0F, after = 0.0F;
  };
  struct Operation {
    std::uint32_t place = 0;  ///< by which others name it: #7
    std::string text, value;
  };
  std::string model;       ///< its name; empty: it has none
  std::string decided_by;  ///< the comparison that made it fire, or not
  std::vector<PortTerm> ports;
  std::vector<StateTerm> states;
  std::vector<Operation> operations;  ///< of the step, in order

  /// What decided, in one line: "fired: 20.5 is at or above the threshold 20".
  [[nodiscard]] RHEOBASE_API std::string verdict() const;
  /// The terms as lines of text for people.
  [[nodiscard]] RHEOBASE_API std::string text(const Network& network) const;
};

/// What kept the neurons of an area from firing over some bursts.
struct SilenceReport {
  std::string area;
  std::uint64_t bursts = 0;
  std::uint32_t neurons = 0;  ///< looked at, evenly spread over the area
  std::uint64_t spikes = 0;   ///< of these neurons
  /// Whether synapses lead here from a neuron that is driven, injected into or of an input area.
  bool reachable = false;
  std::vector<std::string> sources;  ///< areas that send synapses here
  std::uint64_t steps = 0;           ///< neurons x bursts; the next are counts of them
  std::uint64_t without_input = 0, inhibited = 0, refractory = 0, below_threshold = 0,
                above_limit = 0, vetoed = 0, limited = 0, snoozed = 0, dead = 0;
  std::uint64_t unmet = 0;  ///< the condition of its model did not hold …
  std::string condition;    ///< … as here, for one of them
  float highest = 0.0F;  ///< potential that came closest to a threshold that it did not reach …
  float threshold = kNoLimit;  ///< … and the threshold of that neuron
  /// The cause in one or two sentences.
  [[nodiscard]] RHEOBASE_API std::string text() const;
};

}  // namespace rheobase
