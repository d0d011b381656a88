// SPDX-License-Identifier: Apache-2.0
/// \file
/// Input of a real-time loop that waits for its burst.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rheobase/network.h"

namespace rheobase {

struct Frame {
  std::vector<NeuronId> ids;
  std::vector<float> potentials;
  std::vector<std::uint32_t> ports;  ///< as of Engine::inject
  std::chrono::steady_clock::time_point sent;
};

/// Frames in the order in which they came; one of a named channel takes the place of the former
/// one.
class Frames {
 public:
  /// True if it replaced one.
  bool add(std::string_view channel, Frame frame) {
    if (channel.empty()) {
      frames_.push_back(std::move(frame));
      return false;
    }
    const auto [place, is_new] = places_.try_emplace(std::string(channel), frames_.size());
    if (is_new) {
      frames_.push_back(std::move(frame));
    } else {
      frames_[place->second] = std::move(frame);
    }
    return !is_new;
  }

  [[nodiscard]] std::vector<Frame> take() {
    places_.clear();
    return std::exchange(frames_, {});
  }

 private:
  std::vector<Frame> frames_;
  std::map<std::string, std::size_t> places_;  ///< of the named ones
};

}  // namespace rheobase
