// SPDX-License-Identifier: Apache-2.0
// Every file that the program writes, on a disk that refuses: one sentence, exit code 1, nothing
// that looks complete. RHEOBASE_FAULTS=all tries every error at every place (`make soak`).
#include <gtest/gtest.h>

#include <cerrno>
#include <nlohmann/json.hpp>

#include "rheobase/record.h"
#include "support/shell.h"

namespace rheobase::test {
namespace {

struct Writer {
  const char* name;
  const char* file;  ///< what its name begins with
  const char* command;
  bool replaces = false;  ///< it stands for itself: what was there before stays
};

constexpr const char* kRun =
    "$R run v.genome --bursts 60 --backend cpu --threads 1 --drive Camera=100Hz:1 --record Camera "
    "--record 'Motor[0:5]:potential' --profile --json -o out";

const std::vector<Writer>& writers() {
  static const std::vector<Writer> list {
    {"generate", "made.json", "$R generate balanced made.json --neurons 100 --force", true},
        {"convert", "made.genome", "$R convert v.genome made.genome", true},
        {"checkpoint", "state", "$R run v.genome --bursts 5 --json --checkpoint state", true},
        {"lock", "unfinished", kRun}, {"sonata", "spikes.h5.partial", kRun},
        {"sonata_copy", "spikes.h5.snapshot", kRun}, {"csv", "spikes.csv", kRun},
        {"npy", "spikes.npy", kRun}, {"probe", "probe_0.npy", kRun},
        {"probes", "probes.json", kRun},
#if defined(RHEOBASE_CAIRO)
        {"raster", "raster.png", kRun},
#endif
        {"profile", "profile.json", kRun}, {"run", "run.json", kRun},
  };
  return list;
}

class FaultyDisk : public ::testing::TestWithParam<Writer> {
 protected:
  void SetUp() override {
    ASSERT_EQ(shell_.run("$R generate vision v.genome --neurons 300").code, 0);
  }
  struct Trial {
    Shell::Outcome outcome;
    long long bytes = 0, hits = 0;  ///< written to the file, refused
  };
  [[nodiscard]] Trial with(const char* call, long long byte, int error) const {
    std::filesystem::remove_all(shell_ / "out");
    if (GetParam().replaces) {
      shell_.write(GetParam().file, "old");
    }
    Trial trial;
    trial.outcome = shell_.run(
        "export LD_PRELOAD='" RHEOBASE_FAULT_LAYER "' RHEOBASE_FAULT=" + std::string(call) + ":" +
        GetParam().file + ":" + std::to_string(byte) + ":" + std::to_string(error) +
        " RHEOBASE_FAULT_REPORT=report\nexec " + GetParam().command);
    std::ifstream(shell_ / "report") >> trial.bytes >> trial.hits;
    std::filesystem::remove(shell_ / "report");
    return trial;
  }
  void expect_refused(const char* call, long long byte, int error) {
    SCOPED_TRACE(std::string(call) + " from byte " + std::to_string(byte) + ": " +
                 std::generic_category().message(error));
    const Trial trial = with(call, byte, error);
    EXPECT_GT(trial.hits, 0) << "the fault was not met: " << trial.outcome.err;
    EXPECT_EQ(trial.outcome.code, 1) << trial.outcome.err;
    EXPECT_TRUE(is_one_sentence(trial.outcome.err)) << trial.outcome.err;
    EXPECT_NE(trial.outcome.err.find(std::generic_category().message(error)), std::string::npos)
        << trial.outcome.err;
    if (GetParam().replaces) {
      EXPECT_EQ(shell_.text_of(GetParam().file), "old");
      EXPECT_FALSE(shell_.exists(GetParam().file + std::string(".partial")));
    } else {
      expect_unfinished();
    }
  }
  /// What is there can be read, and does not pretend.
  void expect_unfinished() const {
    for (const char* name : {"out/spikes.h5", "out/spikes.csv", "out/spikes.npy"}) {
      if (shell_.exists(name)) {
        SCOPED_TRACE(name);
        SpikeTable table;
        EXPECT_NO_THROW(table = read_spikes(shell_ / name));
        EXPECT_FALSE(table.finished);
      }
    }
    if (shell_.exists("out/run.json")) {
      const auto run = nlohmann::json::parse(shell_.text_of("out/run.json"));
      EXPECT_EQ(run["finished"], false);
      EXPECT_FALSE(run.contains("signature"));
    }
  }

  Shell shell_;
};

TEST_P(FaultyDisk, IsOneSentenceAndCode1) {
  constexpr long long kNever = 1LL << 60;
  const Trial whole = with("write", kNever, ENOSPC);
  ASSERT_EQ(whole.outcome.code, 0) << whole.outcome.err;
  ASSERT_GT(whole.bytes, 0) << "nothing is written past the layer";
  const bool all = std::getenv("RHEOBASE_FAULTS") != nullptr;
  const std::string name = GetParam().name;
  // later copies may fail: the one before is there, and the recording goes on
  std::vector<long long> places{0, whole.bytes / 2, whole.bytes - 1};
  if (name == "sonata_copy") {
    places = {0, 500};
  }
  if (name == "profile" || name == "run") {  // times in them are longer or shorter
    places.back() = whole.bytes / 8 * 7;
  }
  const std::vector<int> errors{ENOSPC, EFBIG, EIO};
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (std::size_t e = 0; e < (all ? errors.size() : 1); ++e) {
      expect_refused("write", places[i], errors[(i + e) % errors.size()]);
    }
  }
  expect_refused("open", 0, EACCES);
  expect_refused("ftruncate", 0, EIO);
  if (name != "lock" && name != "sonata" && name != "sonata_copy") {
    expect_refused("fsync", 0, EIO);
    expect_refused("close", 0, EIO);
    expect_refused("rename", 0, ENOSPC);
  }
  if (name == "sonata") {
    expect_refused("fsync", 0, EIO);
  }
  if (HasFailure()) {
    return;
  }
  // and with the disk in order again
  std::filesystem::remove_all(shell_ / "out");
  EXPECT_EQ(shell_.run(GetParam().command).code, 0);
  EXPECT_FALSE(shell_.exists("out/unfinished"));
}

INSTANTIATE_TEST_SUITE_P(Of, FaultyDisk, ::testing::ValuesIn(writers()),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace rheobase::test
