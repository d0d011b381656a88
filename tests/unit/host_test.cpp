// SPDX-License-Identifier: Apache-2.0
#include "rheobase/host.h"

#include <gtest/gtest.h>
#include <sched.h>

#include "platform/cores.h"

namespace rheobase::test {
namespace {

TEST(Host, CoresFollowTheAffinityMask) {
  cpu_set_t former;
  ASSERT_EQ(sched_getaffinity(0, sizeof(former), &former), 0);
  cpu_set_t one;
  CPU_ZERO(&one);
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &former)) {
      CPU_SET(cpu, &one);
      break;
    }
  }
  ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
  EXPECT_EQ(host_info().cores, 1U);
  ASSERT_EQ(sched_setaffinity(0, sizeof(former), &former), 0);
}

}  // namespace
}  // namespace rheobase::test
