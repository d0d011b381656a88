// SPDX-License-Identifier: Apache-2.0
// What Python asks to be recorded.
#pragma once

#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>

#include <string>
#include <string_view>
#include <tuple>

#include "arrays.h"
#include "rheobase/record.h"

namespace rheobase::python {

using RangeTuple = std::tuple<NeuronId, std::uint32_t>;
/// (field, first, count, every, state of a model or "")
using ProbeTuple =
    std::tuple<std::string_view, NeuronId, std::uint32_t, std::uint32_t, std::string_view>;

inline RecordPlan record_plan(const ListOf<RangeTuple>& spikes, const ListOf<ProbeTuple>& probes,
                              bool branches) {
  RecordPlan plan;
  for (const auto& [first, count] : listed(spikes)) {
    plan.spikes.push_back({first, count});
  }
  for (const auto& [field, first, count, every, state] : listed(probes)) {
    plan.probes.push_back({field_from_name(field), {first, count}, every, std::string(state)});
  }
  plan.branches = branches;
  return plan;
}

}  // namespace rheobase::python
