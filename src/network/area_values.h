// SPDX-License-Identifier: Apache-2.0
/// \file
/// Parameters and first states that are given for an area: what they may be, and what is drawn.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rheobase/network.h"

namespace rheobase {

/// What a value of an area may be.
struct ValueRange {
  double lowest = 0.0, highest = 0.0;
  double grid = 0.0;  ///< draws are rounded to its multiples; 0: they are not
};

/// \throws Error invalid_argument if the neurons have no such value, with the names of those that
/// they have.
[[nodiscard]] ValueRange range_of_value(const AreaSpec& spec, const std::string& name,
                                        double dt_ms);

/// For whom values are drawn: neurons first .. first + count - 1 of an area, by index within it.
struct DrawnFor {
  std::uint64_t wiring_seed = 1;
  std::string_view area;  ///< its name as it was given
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  double dt_ms = 1.0;
};

/// Puts numbers in place of the distributions among `values`, which are of neurons like those of
/// `spec`. \throws Error invalid_argument naming the neuron whose draw is out of range.
void draw_values(const AreaSpec& spec, std::vector<ModelValue>& values, const DrawnFor& whom);

/// "area 'E', model 'adex'", for errors.
[[nodiscard]] std::string place_of(const AreaSpec& spec);

}  // namespace rheobase
