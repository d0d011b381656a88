// SPDX-License-Identifier: Apache-2.0
/// \file
/// Neurons that share all parameters share a class: a table of classes and an index per neuron.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "network/view.h"

namespace rheobase {

[[nodiscard]] std::uint32_t step_rules_of(const Rules& rules);
/// Whether any rule asks who was a candidate, so that backends must count events.
[[nodiscard]] bool asks_for_candidates(const Rules& rules);

/// Parameters as the step wants them: relative to rest, keep instead of leak, draw as an integer.
[[nodiscard]] model::NeuronClass derived_class(const NeuronParams& params, const PspMode& psp,
                                               bool alive);

/// How the spikes of a class make their charge, from its flags.
[[nodiscard]] PspMode psp_mode_of(std::uint32_t flags);

/// Finds or adds the class of given parameters in `network`.
class ClassTable {
 public:
  explicit ClassTable(NetworkData& network);
  std::uint32_t find_or_add(const NeuronParams& params, const PspMode& psp, bool alive);
  /// Appends the neurons of an area to `class_of`, each with its threshold of the gradient and the
  /// values that were given or drawn for it.
  void append(const Area& area);

 private:
  static std::string key(const NeuronParams& params, std::uint32_t flags);

  NetworkData& network_;
  std::unordered_map<std::string, std::uint32_t> index_;
};

/// Sets `runs` and `potential_driven` from `class_of`.
void find_class_runs(NetworkData& network);

}  // namespace rheobase
