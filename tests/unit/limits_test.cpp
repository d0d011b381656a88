// SPDX-License-Identifier: Apache-2.0
// What control groups allow, read from trees of files like the kernel's.
#include "platform/limits.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "support/temporary_folder.h"

namespace rheobase::test {
namespace {

using platform::group_limits;
using platform::kNoLimit;
using platform::Limits;

/// A root with proc and sys.
class FakeSystem {
 public:
  FakeSystem() = default;
  /// With version 2, this process in a group of it.
  explicit FakeSystem(const std::string& group) {
    write("proc/self/mountinfo",
          "20 1 254:0 / / rw - ext4 /dev/vda rw\n"
          "30 20 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate");
    write("proc/self/cgroup", "0::" + group);
  }

  void write(const std::string& path, const std::string& text) const {
    const std::string file = root_ / path;
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::ofstream(file) << text << "\n";
  }
  [[nodiscard]] Limits limits() const {
    const std::string root = root_ / "";
    return group_limits(root.substr(0, root.size() - 1));
  }

 private:
  TemporaryFolder root_;
};

void expect_none(const Limits& limits) {
  EXPECT_EQ(limits.memory, kNoLimit);
  EXPECT_EQ(limits.cores, kNoLimit);
  EXPECT_EQ(limits.threads, kNoLimit);
}

TEST(GroupLimits, NoneWithoutGroups) {
  const FakeSystem empty;
  expect_none(empty.limits());
  const FakeSystem system("/user/job");
  expect_none(system.limits());
  for (const char* group : {"user/job/", "user/", ""}) {
    system.write(std::string("sys/fs/cgroup/") + group + "memory.max", "max");
    system.write(std::string("sys/fs/cgroup/") + group + "cpu.max", "max 100000");
    system.write(std::string("sys/fs/cgroup/") + group + "pids.max", "max");
  }
  expect_none(system.limits());
  system.write("sys/fs/cgroup/cpu.max", "damaged");
  system.write("sys/fs/cgroup/user/cpu.max", "1 0");
  system.write("sys/fs/cgroup/memory.max", "-5");
  system.write("sys/fs/cgroup/pids.max", "");
  expect_none(system.limits());
}

TEST(GroupLimits, OwnGroupOfVersion2) {
  const FakeSystem system("/user/job");
  system.write("sys/fs/cgroup/user/job/memory.max", "1000000");
  EXPECT_EQ(system.limits().memory, 1'000'000U);
  system.write("sys/fs/cgroup/user/job/memory.current", "700000");
  EXPECT_EQ(system.limits().memory, 300'000U);
  // what files of the cache hold is given back
  system.write("sys/fs/cgroup/user/job/memory.stat", "anon 1\ninactive_file 100000\nfile 7");
  EXPECT_EQ(system.limits().memory, 400'000U);
  system.write("sys/fs/cgroup/user/job/memory.high", "650000");
  EXPECT_EQ(system.limits().memory, 50'000U);
  system.write("sys/fs/cgroup/user/job/memory.high", "10");
  EXPECT_EQ(system.limits().memory, 0U);
}

TEST(GroupLimits, TheLeastOfAllGroupsAboveCounts) {
  const FakeSystem system("/user/job");
  system.write("sys/fs/cgroup/user/job/memory.max", "5000");
  system.write("sys/fs/cgroup/user/memory.max", "9000");
  system.write("sys/fs/cgroup/user/memory.current", "6000");
  system.write("sys/fs/cgroup/memory.max", "max");
  EXPECT_EQ(system.limits().memory, 3000U);
  system.write("sys/fs/cgroup/user/job/cpu.max", "400000 100000");
  system.write("sys/fs/cgroup/user/cpu.max", "250000 100000");
  EXPECT_EQ(system.limits().cores, 3U);
  system.write("sys/fs/cgroup/cpu.max", "50000 100000");
  EXPECT_EQ(system.limits().cores, 1U);
  system.write("sys/fs/cgroup/user/pids.max", "100");
  system.write("sys/fs/cgroup/user/pids.current", "93");
  EXPECT_EQ(system.limits().threads, 7U);
  system.write("sys/fs/cgroup/user/other/pids.max", "1");  // of somebody else
  EXPECT_EQ(system.limits().threads, 7U);
}

TEST(GroupLimits, OfANamespaceThatShowsAPartOfTheTree) {
  // the container's group is the root of what is mounted
  const FakeSystem system;
  system.write("proc/self/mountinfo",
               "30 20 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw");
  system.write("proc/self/cgroup", "0::/docker/abc/inner");
  system.write("sys/fs/cgroup/inner/memory.max", "7000");
  EXPECT_EQ(system.limits().memory, 7000U);
  system.write("sys/fs/cgroup/memory.max", "6000");
  EXPECT_EQ(system.limits().memory, 6000U);
  // a group outside of what is shown: what is shown counts
  system.write("proc/self/cgroup", "0::/elsewhere/inner");
  EXPECT_EQ(system.limits().memory, 6000U);
  const FakeSystem above("/../neighbour");
  above.write("sys/fs/cgroup/memory.max", "5000");
  EXPECT_EQ(above.limits().memory, 5000U);
}

TEST(GroupLimits, OfVersion1) {
  const FakeSystem system;
  system.write("proc/self/mountinfo",
               "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
               "35 31 0:32 / /sys/fs/cgroup/mem\\040ory rw - cgroup cgroup rw,memory\n"
               "39 31 0:36 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n"
               "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw");
  system.write("proc/self/cgroup",
               "9:name=systemd:/\n8:pids:/a\n4:memory:/a/b\n2:cpu,cpuacct:/a\n0::/");
  system.write("sys/fs/cgroup/mem ory/memory.limit_in_bytes", "9223372036854771712");
  EXPECT_GT(system.limits().memory, std::uint64_t{1} << 60U);
  system.write("sys/fs/cgroup/mem ory/a/b/memory.limit_in_bytes", "8000");
  system.write("sys/fs/cgroup/mem ory/a/b/memory.usage_in_bytes", "6000");
  system.write("sys/fs/cgroup/mem ory/a/b/memory.stat", "total_inactive_file 500");
  EXPECT_EQ(system.limits().memory, 2500U);
  system.write("sys/fs/cgroup/mem ory/a/memory.limit_in_bytes", "1000");
  EXPECT_EQ(system.limits().memory, 1000U);
  system.write("sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", "-1");
  system.write("sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us", "100000");
  EXPECT_EQ(system.limits().cores, kNoLimit);
  system.write("sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", "150000");
  EXPECT_EQ(system.limits().cores, 2U);
  system.write("sys/fs/cgroup/pids/a/pids.max", "4");
  system.write("sys/fs/cgroup/pids/a/pids.current", "9");
  EXPECT_EQ(system.limits().threads, 0U);
}

}  // namespace
}  // namespace rheobase::test
