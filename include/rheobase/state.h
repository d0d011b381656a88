// SPDX-License-Identifier: Apache-2.0
/// \file
/// What changes while a network runs. Holds no charge in flight, so it moves between backends at
/// any burst.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "rheobase/export.h"
#include "rheobase/network.h"

namespace rheobase {

/// The neurons that fired in one burst, ascending.
struct FireQueue {
  std::vector<NeuronId> ids;
  /// Potential at firing, for each id; empty unless the network has potential-driven PSP.
  std::vector<float> potentials;
};

/// The states of an area whose neurons have a model: for each of Model::states, in that order, one
/// number per neuron.
struct StateTable {
  AreaId area = 0;
  std::vector<std::vector<float>> columns;
};

/// What a projection keeps. Of each synapse: Projection's states, the weight first. Of each neuron
/// of the areas at its ends: its traces as they were at the last spike, and the burst of that; of
/// the source, in which the spike arrived; with DelayIn::dendrite of the target, two delays after
/// it fired. 0 before the first.
struct ProjectionState {
  std::vector<std::vector<float>> synapses;
  std::vector<std::vector<float>> pre_traces, post_traces;
  std::vector<std::uint64_t> pre_spiked, post_spiked;
};

struct State {
  std::uint64_t burst = 0;  ///< number of the last finished burst; the first is 1
  std::vector<float> u;     ///< potential relative to rest, per neuron
  std::vector<std::uint16_t> refractory_countdown;  ///< bursts still blocked
  std::vector<std::uint16_t> fire_count;            ///< length of the present run of fires
  std::vector<std::uint16_t> snooze_countdown;      ///< bursts still asleep (feagi-2025-10)
  std::vector<std::uint8_t> forget;  ///< 1: a non-accumulating neuron starts at rest next burst
  /// One for each area with a model, by area. The vectors above hold entries for its neurons too,
  /// all 0.
  std::vector<StateTable> tables;
  std::vector<ProjectionState> projections;  ///< of each that learns
  /// fired[i] is the fire queue of burst (burst - i); as many as the longest delay.
  std::deque<FireQueue> fired;
};

/// State field by name, for probes. \see docs/state.md
enum class Field : std::uint8_t { potential, refractory_countdown, fire_count, snooze_countdown };
[[nodiscard]] RHEOBASE_API std::string_view name_of(Field field);
/// \throws Error invalid_argument that lists the names.
[[nodiscard]] RHEOBASE_API Field field_from_name(std::string_view name);

}  // namespace rheobase
