// SPDX-License-Identifier: Apache-2.0
/// \file
/// Random networks for comparing backends: every rule and parameter, with extreme values.
#pragma once

#include <cstdint>
#include <string>

#include "model/random.h"
#include "rheobase/engine.h"

namespace rheobase::test {

/// Whole numbers and choices from a seed, the same on every machine.
class Chooser {
 public:
  explicit Chooser(std::uint64_t seed) : seed_(seed) {}
  std::uint32_t word() { return model::draw4(seed_, model::Purpose::wiring, 0, 0, step_++)[0]; }
  std::uint32_t below(std::uint32_t n) { return model::below(word(), n); }
  bool one_in(std::uint32_t n) { return below(n) == 0; }
  template <class T>
  T any_of(std::initializer_list<T> values) {
    return *(values.begin() + below(static_cast<std::uint32_t>(values.size())));
  }

 private:
  std::uint64_t seed_;
  std::uint64_t step_ = 0;
};

struct RandomCase {
  Network network;
  InputSchedule input;
  std::string description;
  std::uint32_t bursts = 60;
};

/// The case of that seed.
[[nodiscard]] RandomCase random_case(std::uint64_t seed);

/// Some changes of parameters and synapses that the network's quantum allows; perhaps a deletion.
[[nodiscard]] NetworkEdit random_edit(Chooser& choose, const Network& network);

}  // namespace rheobase::test
