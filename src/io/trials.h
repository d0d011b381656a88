// SPDX-License-Identifier: Apache-2.0
/// \file
/// The trials behind `every_rule`.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <utility>

#include "model/random.h"
#include "rheobase/trial.h"

namespace rheobase {

/// Choices that are the same everywhere.
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : at_(model::pcg(seed)) {}

  std::uint32_t below(std::uint32_t n) { return model::below(model::pcg(++at_), n); }
  bool one_in(std::uint32_t n) { return below(n) == 0; }
  template <class T>
  T any_of(std::initializer_list<T> list) {
    return list.begin()[below(static_cast<std::uint32_t>(list.size()))];
  }

 private:
  std::uint32_t at_;
};

/// A network at rest at burst 0, with nothing to come.
[[nodiscard]] Trial trial_of(std::string name, Network network, std::uint64_t bursts);

/// Neurons with parameters, states and input on a coarse grid, so that what the step compares is
/// often equal. `driven`: potentials at firing matter.
[[nodiscard]] Trial step_trial(const std::string& name, const Rules& rules, bool driven,
                               std::uint32_t seed);

/// What delivery and drives decide.
[[nodiscard]] std::vector<Trial> delivery_trials();

}  // namespace rheobase
