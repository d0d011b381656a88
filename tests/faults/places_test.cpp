// SPDX-License-Identifier: Apache-2.0
// Where files are written: what others planted there, and what the old file was.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "rheobase/error.h"
#include "rheobase/network.h"
#include "rheobase/program.h"
#include "rheobase/record.h"
#include "support/shell.h"

namespace rheobase::test {
namespace {

namespace fs = std::filesystem;

class Places : public ::testing::Test {
 protected:
  void SetUp() override { victim_ = folder_.write("victim", "a stranger's"); }
  /// Plants something at the name under which `path` is written at first.
  void expect_victim_unharmed(const std::string& path) const {
    EXPECT_NO_THROW(write_file(path, "new"));
    EXPECT_EQ(file_text(path), "new");
    EXPECT_EQ(file_text(victim_), "a stranger's");
    EXPECT_FALSE(fs::is_symlink(path));
    EXPECT_FALSE(fs::exists(path + ".partial"));
  }
  static mode_t mode_of(const std::string& path) {
    struct stat facts {};
    stat(path.c_str(), &facts);
    return facts.st_mode & 07777U;
  }

  TemporaryFolder folder_;
  std::string victim_;
};

TEST_F(Places, APlantedLinkIsNotFollowed) {
  fs::create_symlink(victim_, folder_ / "file.partial");
  expect_victim_unharmed(folder_ / "file");
  fs::create_symlink(folder_ / "nothing", folder_ / "other.partial");
  expect_victim_unharmed(folder_ / "other");
  EXPECT_FALSE(fs::exists(folder_ / "nothing"));
}

TEST_F(Places, NorAHardLink) {
  fs::create_hard_link(victim_, folder_ / "file.partial");
  expect_victim_unharmed(folder_ / "file");
}

TEST_F(Places, NorIsAPipeWaitedFor) {
  ASSERT_EQ(mkfifo((folder_ / "file.partial").c_str(), 0600), 0);
  expect_victim_unharmed(folder_ / "file");
}

/// A file of another user at that name would stay his when it has the new one.
TEST_F(Places, NorIsAnothersFileWrittenOver) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "only root makes files of others";
  }
  folder_.write("file.partial", "his");
  ASSERT_EQ(chown((folder_ / "file.partial").c_str(), 65534, 65534), 0);
  expect_victim_unharmed(folder_ / "file");
  struct stat facts {};
  ASSERT_EQ(stat((folder_ / "file").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_uid, 0U);
}

TEST_F(Places, RecordingsFollowNoLinkEither) {
  const std::string out = folder_ / "out";
  fs::create_directory(out);
  for (const char* name :
       {"/unfinished", "/spikes.csv.partial", "/spikes.npy.partial", "/spikes.h5.partial",
        "/spikes.h5.snapshot", "/probe_0.npy.partial", "/probes.json.partial"}) {
    fs::create_symlink(victim_, out + name);
  }
  NetworkBuilder builder;
  builder.population("a", 3, {});
  const RecordPlan plan{{{0, 3}}, {{Field::potential, {0, 1}, 1}}, false};
  open_recording(builder.build(), plan, {out, has_sonata(), true, true})->close();
  EXPECT_EQ(file_text(victim_), "a stranger's");
  EXPECT_TRUE(read_spikes(out + "/spikes.csv").finished);
  for (const auto& entry : fs::directory_iterator(out)) {
    EXPECT_FALSE(entry.is_symlink()) << entry.path();
  }
}

TEST_F(Places, ModesOfReplacedFilesAreKept) {
  for (const mode_t mode : {0600U, 0640U, 0664U, 0755U}) {
    const std::string file = folder_.write("file", "old");
    chmod(file.c_str(), mode);
    write_file(file, "new");
    EXPECT_EQ(mode_of(file), mode);
  }
  const mode_t former = umask(027);
  write_file(folder_ / "fresh", "new");
  umask(former);
  EXPECT_EQ(mode_of(folder_ / "fresh"), 0640U) << "a new one is as others are";
}

TEST_F(Places, ModesOfAReplacedRecordingAreKept) {
  NetworkBuilder builder;
  builder.population("a", 3, {});
  const Network network = builder.build();
  const RecordPlan plan{{{0, 3}}, {}, false};
  const RecordingOptions options{folder_ / "out", has_sonata(), true, true};
  open_recording(network, plan, options)->close();
  for (const auto& entry : fs::directory_iterator(folder_ / "out")) {
    chmod(entry.path().c_str(), 0600);
  }
  open_recording(network, plan, options)->close();
  for (const auto& entry : fs::directory_iterator(folder_ / "out")) {
    EXPECT_EQ(mode_of(entry.path()), 0600U) << entry.path();
  }
}

TEST_F(Places, AProtectedFileStays) {
  const std::string file = folder_.write("file", "old");
  chmod(file.c_str(), 0444);
  chmod((folder_ / "").c_str(), 0777);
  const uid_t self = geteuid();
  if (self == 0) {
    ASSERT_EQ(seteuid(65534), 0);  // root may write everything
  }
  std::string said = "no error";
  try {
    write_file(file, "new");
  } catch (const Error& error) {
    said = error.what();
  }
  ASSERT_EQ(seteuid(self), 0);
  EXPECT_NE(said.find("Permission denied"), std::string::npos) << said;
  EXPECT_EQ(file_text(file), "old");
  EXPECT_FALSE(fs::exists(file + ".partial"));
}

TEST_F(Places, TwoAtATimeAreToldApartAndAChildHoldsNothing) {
  NetworkBuilder builder;
  builder.population("a", 3, {});
  const Network network = builder.build();
  const RecordPlan plan{{{0, 3}}, {}, false};
  pid_t child = 0;
  {
    const RecordingFolder held(folder_ / "out");
    EXPECT_THROW(RecordingFolder(folder_ / "out"), Error);
    child = fork();  // it has the lock's file open as well, and lives on
    if (child == 0) {
      pause();
      _exit(0);
    }
  }
  EXPECT_NO_THROW(open_recording(network, plan, {folder_ / "out", false, true, true})->close());
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
}

}  // namespace
}  // namespace rheobase::test
