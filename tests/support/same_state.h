// SPDX-License-Identifier: Apache-2.0
/// \file
/// States compared field by field, to the bit.
#pragma once

#include <gtest/gtest.h>

#include "rheobase/state.h"

namespace rheobase::test {

inline void expect_same_state(const State& a, const State& b) {
  EXPECT_EQ(a.burst, b.burst);
  EXPECT_EQ(a.u, b.u);
  EXPECT_EQ(a.refractory_countdown, b.refractory_countdown);
  EXPECT_EQ(a.fire_count, b.fire_count);
  EXPECT_EQ(a.snooze_countdown, b.snooze_countdown);
  EXPECT_EQ(a.forget, b.forget);
  ASSERT_EQ(a.tables.size(), b.tables.size());
  for (std::size_t i = 0; i < a.tables.size(); ++i) {
    EXPECT_EQ(a.tables[i].area, b.tables[i].area);
    EXPECT_EQ(a.tables[i].columns, b.tables[i].columns);
  }
  ASSERT_EQ(a.projections.size(), b.projections.size());
  for (std::size_t i = 0; i < a.projections.size(); ++i) {
    EXPECT_EQ(a.projections[i].synapses, b.projections[i].synapses);
    EXPECT_EQ(a.projections[i].pre_traces, b.projections[i].pre_traces);
    EXPECT_EQ(a.projections[i].post_traces, b.projections[i].post_traces);
    EXPECT_EQ(a.projections[i].pre_spiked, b.projections[i].pre_spiked);
    EXPECT_EQ(a.projections[i].post_spiked, b.projections[i].post_spiked);
  }
  ASSERT_EQ(a.fired.size(), b.fired.size());
  for (std::size_t i = 0; i < a.fired.size(); ++i) {
    EXPECT_EQ(a.fired[i].ids, b.fired[i].ids);
    EXPECT_EQ(a.fired[i].potentials, b.fired[i].potentials);
  }
}

/// A state moves between backends at any burst and the run goes on the same.

}  // namespace rheobase::test
