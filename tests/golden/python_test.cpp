// SPDX-License-Identifier: Apache-2.0
// The network of tests/python/conftest.py, built in C++: one signature in both languages.
#include <gtest/gtest.h>

#include "rheobase/engine.h"

namespace rheobase::test {
namespace {

TEST(Python, SameNetworkSameSignature) {
  NetworkBuilder builder({.dt_ms = 0.1});
  const NeuronParams neuron =
      lif({.tau_m_ms = 20, .v_reset_mv = 10, .v_threshold_mv = 20, .t_ref_ms = 2}, 0.1);
  const AreaId e = builder.population("E", 400, neuron);
  const AreaId i = builder.population("I", 100, neuron);
  for (const AreaId to : {e, i}) {
    builder.connect(e, to, fixed_indegree(40), {.weight = 2.0F, .delay = 15});
  }
  for (const AreaId to : {e, i}) {
    builder.connect(i, to, fixed_indegree(10), {.weight = -10.0F, .delay = 15});
  }
  for (const AreaId to : {e, i}) {
    builder.drive(to, Drive::Kind::poisson, 0.1F, 20000);
  }
  Engine engine(builder.build(), {.backend = "cpu", .seed = 7, .drives = {}});
  EXPECT_EQ(engine.run(1000).signature, 0xbc9ea3d8c11094dfULL);
}

}  // namespace
}  // namespace rheobase::test
