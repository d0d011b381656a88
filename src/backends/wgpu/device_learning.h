// SPDX-License-Identifier: Apache-2.0
/// \file
/// Synapses that learn, on a GPU: their wiring, what they hold, and what a burst does to them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "backends/wgpu/gpu.h"
#include "backends/wgpu/layout.h"
#include "network/view.h"
#include "rheobase/state.h"

namespace rheobase::wgpu {

class DeviceLearning {
 public:
  /// \throws Error out_of_memory if they are more than the GPU can hold.
  DeviceLearning(Gpu& gpu, const NetworkData& network);

  [[nodiscard]] std::size_t count() const { return places_.size(); }
  /// Its delay and its clock alone.
  [[nodiscard]] const LearningProjection& projection(std::size_t i) const {
    return places_[i].projection;
  }
  /// What a dispatch is told of a projection whose sources' spikes arrive, or whose targets fired.
  [[nodiscard]] const Learning& arriving(std::size_t projection) const {
    return places_[projection].arriving;
  }
  [[nodiscard]] const Learning& learning(std::size_t projection) const {
    return places_[projection].learning;
  }
  /// What is printed for them.
  [[nodiscard]] const std::string& arriving_text(std::size_t projection) const {
    return places_[projection].arriving_text;
  }
  [[nodiscard]] const std::string& learning_text(std::size_t projection) const {
    return places_[projection].learning_text;
  }

  void read(Gpu& gpu, State& state) const;
  void write(Gpu& gpu, const State& state) const;

  Buffer wiring, learned;

 private:
  struct Place {
    LearningProjection projection;  ///< its delay and its clock alone
    Learning arriving, learning;
    std::string arriving_text, learning_text;
  };
  std::vector<Place> places_;
};

}  // namespace rheobase::wgpu
