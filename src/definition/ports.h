// SPDX-License-Identifier: Apache-2.0
/// \file
/// Ports that decay: what becomes of them in a step, and how large they can become.
#pragma once

#include <span>

#include "definition/environment.h"
#include "definition/ranges.h"

namespace rheobase::language {

/// A decaying port: its value and its hidden state.
struct PortValue {
  Value value, rise;
};
/// After so many ms, without what arrives.
[[nodiscard]] PortValue decayed(Evaluator& evaluate, std::size_t port, PortValue before, Value ms);
/// What one unit of weight adds: to the hidden state of a port that has one, else to its value.
[[nodiscard]] Value arrival_factor(Evaluator& evaluate, std::size_t port);

/// What the largest sizes of a port's states follow from: made before the bounds of the host are.
class PortLimit {
 public:
  PortLimit(Evaluator& evaluate, std::size_t port);

  /// What decays cannot grow beyond what arrives, divided by what is lost of it in a burst. 0 where
  /// that proves nothing.
  [[nodiscard]] float value(std::span<const Bounds> host) const;
  [[nodiscard]] float rise(std::span<const Bounds> host) const;

 private:
  PortKind kind_;
  Value most_;    ///< the state that arrivals are added to holds at most so many times them
  Value passed_;  ///< so many times its size reach the value of a port with two states
};

}  // namespace rheobase::language
