// SPDX-License-Identifier: Apache-2.0
/// \file
/// Areas whose neurons have a model, on a GPU: their numbers, states and printed steps.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "backends/wgpu/gpu.h"
#include "network/view.h"
#include "rheobase/state.h"

namespace rheobase::wgpu {

class DeviceModels {
 public:
  /// `states_at`: the first word in `extras` that is theirs; `words_at`: in `neurons`, a multiple
  /// of 4. `seeds`: of each member.
  DeviceModels(const NetworkData& network, const std::vector<std::uint64_t>& seeds,
               std::uint64_t states_at, std::uint64_t words_at);

  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(areas_.size()); }
  /// For `neurons`: three vec4 for each area (first, neurons, first target, ports; states, single
  /// parameters, others, program; seed, from where draws count), then the parameters.
  [[nodiscard]] const std::vector<std::uint32_t>& words() const { return words_; }
  [[nodiscard]] std::uint64_t state_words() const { return state_words_; }
  /// Where in `extras` the state of a neuron lies; none if there is no such state.
  [[nodiscard]] std::uint32_t place_of(const NetworkData& network, NeuronId id,
                                       const std::string& state) const;

  void read(Gpu& gpu, const Buffer& extras, State& state) const;
  void write(Gpu& gpu, const Buffer& extras, const State& state) const;

 private:
  struct Area {
    std::uint32_t states_at = 0;
    std::uint32_t count = 0;
  };
  std::vector<Area> areas_;
  std::vector<std::uint32_t> words_;
  std::uint64_t state_words_ = 0;
};

/// The printed steps of a network's models, with what chooses among them; empty if there are none.
[[nodiscard]] std::string model_text(const NetworkData& network);

}  // namespace rheobase::wgpu
