// SPDX-License-Identifier: Apache-2.0
/// \file
/// What Builder.connect takes from Python: parts of populations, numbers or distributions.
#pragma once

#include <nanobind/stl/tuple.h>
#include <nanobind/stl/variant.h>

#include <optional>
#include <tuple>
#include <variant>

#include "arrays.h"
#include "rheobase/network.h"

namespace rheobase::python {

/// (area, first, count, indices): neurons of an area, by a stretch, or by a list if that is not
/// empty.
using PartTuple = std::tuple<AreaId, std::uint32_t, std::uint32_t, In<std::uint32_t>>;

inline AreaPart part_of(const PartTuple& part) {
  const auto& [area, first, count, indices] = part;
  const auto all = view(indices);
  return {area, first, count, {all.begin(), all.end()}};
}

using NumberOrDraws = std::variant<float, Distribution>;
using DelayOrDraws = std::variant<std::uint32_t, Distribution>;  ///< bursts

template <class Number>
void take(const std::variant<Number, Distribution>& given, Number& number,
          std::optional<Distribution>& drawn) {
  if (const Number* const one = std::get_if<Number>(&given)) {
    number = *one;
  } else {
    drawn = std::get<Distribution>(given);
  }
}

}  // namespace rheobase::python
