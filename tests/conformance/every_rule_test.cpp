// SPDX-License-Identifier: Apache-2.0
// The networks of `rheobase verify` on every backend, against the reference.
#include "rheobase/trial.h"
#include "support/backend_cases.h"

namespace rheobase::test {
namespace {

class EveryRule : public OnEveryBackend {};

TEST_P(EveryRule, AsTheReference) {
  const BackendCase& given = GetParam();
  if (given.backend == "reference" || given.backend.starts_with("check:")) {
    GTEST_SKIP() << "compared already";
  }
  for (const Trial& trial : every_rule()) {
    // the cpu steps in other ways while it counts the branches; a GPU, which waits for its host in
    // every one of these small bursts, is given one turn
    for (const bool branches : {false, true}) {
      if (!branches && given.backend.starts_with("wgpu")) {
        continue;
      }
      SCOPED_TRACE(trial.name + (branches ? ", branches counted" : ""));
      Engine engine(trial.start, {"check:" + given.backend + ",reference", given.threads, 1, {}});
      RecordPlan plan;
      plan.branches = branches;
      engine.record(plan);
      EXPECT_NO_THROW(engine.run(trial.bursts));
    }
  }
}

RHEOBASE_ON_EVERY_BACKEND(EveryRule);

}  // namespace
}  // namespace rheobase::test
