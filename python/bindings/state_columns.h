// SPDX-License-Identifier: Apache-2.0
/// \file
/// A State as arrays, and back.
#pragma once

#include <nanobind/stl/tuple.h>

#include <tuple>
#include <utility>
#include <vector>

#include "arrays.h"
#include "rheobase/state.h"

namespace rheobase::python {

/// (ids, potentials) of a fire queue.
using FiredTuple = std::tuple<In<std::uint32_t>, In<float>>;
/// (area, columns)
using TableTuple = std::tuple<AreaId, ListOf<In<float>>>;
/// (states of synapses, traces of sources, of targets, bursts of their last spikes)
using LearnedTuple = std::tuple<ListOf<In<float>>, ListOf<In<float>>, ListOf<In<float>>,
                                In<std::uint64_t>, In<std::uint64_t>>;

inline nb::list list_of(std::vector<std::vector<float>>&& columns) {
  nb::list list;
  for (std::vector<float>& column : columns) {
    list.append(array(std::move(column)));
  }
  return list;
}

inline Facts columns_of(State s) {
  nb::dict columns;
  columns["burst"] = s.burst;
  columns["u"] = array(std::move(s.u));
  columns["refractory_countdown"] = array(std::move(s.refractory_countdown));
  columns["fire_count"] = array(std::move(s.fire_count));
  columns["snooze_countdown"] = array(std::move(s.snooze_countdown));
  columns["forget"] = array(std::move(s.forget));
  nb::list fired;
  for (FireQueue& queue : s.fired) {
    fired.append(nb::make_tuple(array(std::move(queue.ids)), array(std::move(queue.potentials))));
  }
  columns["fired"] = fired;
  nb::list tables;
  for (StateTable& table : s.tables) {
    tables.append(nb::make_tuple(table.area, list_of(std::move(table.columns))));
  }
  columns["tables"] = tables;
  nb::list learned;
  for (ProjectionState& p : s.projections) {
    learned.append(nb::make_tuple(list_of(std::move(p.synapses)), list_of(std::move(p.pre_traces)),
                                  list_of(std::move(p.post_traces)), array(std::move(p.pre_spiked)),
                                  array(std::move(p.post_spiked))));
  }
  columns["learned"] = learned;
  return columns;
}

struct StateArguments {
  const ListOf<FiredTuple>& fired;
  const ListOf<TableTuple>& tables;
  const ListOf<LearnedTuple>& learned;
};

template <class Values>
auto column(Values values) {
  return std::vector(values.begin(), values.end());
}

inline std::vector<std::vector<float>> columns(const ListOf<In<float>>& list) {
  std::vector<std::vector<float>> found;
  for (const In<float>& values : listed(list)) {
    found.push_back(column(view(values)));
  }
  return found;
}

/// Fills in the parts of a state that are lists.
inline void take_lists(State& s, const StateArguments& given) {
  for (const auto& [ids, potentials] : listed(given.fired)) {
    s.fired.push_back({column(view(ids)), column(view(potentials))});
  }
  for (const auto& [area, list] : listed(given.tables)) {
    s.tables.push_back({area, columns(list)});
  }
  for (const auto& [synapses, pre, post, pre_spiked, post_spiked] : listed(given.learned)) {
    s.projections.push_back({columns(synapses), columns(pre), columns(post),
                             column(view(pre_spiked)), column(view(post_spiked))});
  }
}

}  // namespace rheobase::python
