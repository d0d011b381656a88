// SPDX-License-Identifier: Apache-2.0
// Every writer of the library in a host of its own: each error at each place is an Error that names
// the file, the host lives on, and the same call succeeds when the disk is in order again.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <iostream>

#include "rheobase/engine.h"
#include "rheobase/error.h"
#include "rheobase/generate.h"
#include "rheobase/load.h"
#include "rheobase/program.h"
#include "support/shell.h"

extern "C" {
long long rheobase_fault_bytes();
long long rheobase_fault_hits();
}

namespace rheobase::test {
namespace {

/// While it lives, the layer within this program refuses.
class Fault {
 public:
  Fault(const std::string& call, const std::string& file, long long byte, int error) {
    setenv("RHEOBASE_FAULT",
           (call + ":" + file + ":" + std::to_string(byte) + ":" + std::to_string(error)).c_str(),
           1);
  }
  ~Fault() { unsetenv("RHEOBASE_FAULT"); }
  Fault(const Fault&) = delete;
  Fault& operator=(const Fault&) = delete;
};

constexpr std::uint32_t kNeurons = 500;

Network small() {
  NetworkBuilder builder;
  builder.population("a", kNeurons, {});
  builder.population("b", kNeurons, {});
  return builder.build();
}

RecordPlan plan() {
  RecordPlan p;
  p.spikes = {{0, 2 * kNeurons}};
  p.probes = {{Field::potential, {0, kNeurons}, 1}};
  return p;
}

/// Forty bursts in which every neuron fires.
void record(const RecordingOptions& options) {
  const auto sink = open_recording(small(), plan(), options);
  for (std::uint64_t burst = 1; burst <= 40; ++burst) {
    RecordBatch batch;
    batch.bursts.resize(1);
    batch.bursts[0].burst = burst;
    for (NeuronId id = 0; id < 2 * kNeurons; ++id) {
      batch.spike_ids.push_back(id);
    }
    batch.spike_begin.push_back(batch.spike_ids.size());
    batch.probes = {{{burst}, std::vector<float>(kNeurons, 1.5F)}};
    sink->write(batch);
  }
  sink->close();
}

struct HostWriter {
  const char* name;
  const char* file;
  std::function<void(const std::string& folder)> write;
  bool recording = false;
  std::vector<const char*> calls{"open", "ftruncate", "fsync", "close", "rename"};
};

std::vector<HostWriter> host_writers() {
  const auto recorded = [](bool sonata, bool csv, bool npy) {
    return [=](const std::string& folder) { record({folder + "/out", sonata, csv, npy}); };
  };
  std::vector<HostWriter> list{
      {"file", "text",
       [](const std::string& folder) { write_file(folder + "/text", std::string(5000, 'x')); }},
      {"parts", "text",
       [](const std::string& folder) {
         const std::string part(3000, 'x');
         write_file(folder + "/text", {part, part});
       }},
      {"checkpoint", "state",
       [](const std::string& folder) {
         Engine(small(), {"reference", 1, 1, {}}).save(folder + "/state");
       }},
      {"checkpoint_of_run", "state",
       [](const std::string& folder) {
         RunOptions options;
         options.checkpoint = folder + "/state";
         Engine(small(), {"reference", 1, 1, {}}).run(3, options);
       }},
      {"convert", "new.genome",
       [](const std::string& folder) {
         write_file(folder + "/old.genome", generate("vision", {300, 1}));
         convert(folder + "/old.genome", folder + "/new.genome");
       }},
      {"csv", "spikes.csv", recorded(false, true, false), true},
      {"npy", "spikes.npy", recorded(false, false, true), true},
      {"probe", "probe_0.npy", recorded(false, false, true), true},
      {"probes", "probes.json", recorded(false, false, true), true},
      {"lock", "unfinished", recorded(false, true, true), true, {"open", "ftruncate"}},
  };
  if (has_sonata()) {
    list.push_back({"sonata",
                    "spikes.h5.partial",
                    recorded(true, false, false),
                    true,
                    {"open", "ftruncate", "fsync"}});
    list.push_back({"sonata_beside", "spikes.csv", recorded(true, true, true), true});
  }
  return list;
}

class Writers : public ::testing::TestWithParam<HostWriter> {
 protected:
  [[nodiscard]] std::string fresh_folder() {
    std::filesystem::remove_all(folder_ / "w");
    std::filesystem::create_directories(folder_ / "w");
    return folder_ / "w";
  }
  /// An error that names the file, and nothing that looks complete.
  void expect_error(const std::string& call, long long byte, int error) {
    SCOPED_TRACE(call + " from byte " + std::to_string(byte) + ": " +
                 std::generic_category().message(error));
    const std::string folder = fresh_folder();
    const std::string file = GetParam().file;
    if (!GetParam().recording) {
      write_file(folder + "/" + file, "old");
    }
    std::string said = "no error";
    {
      const Fault fault(call, file, byte, error);
      try {
        GetParam().write(folder);
      } catch (const Error& failure) {
        EXPECT_EQ(failure.code(), ErrorCode::io);
        said = failure.what();
      }
      EXPECT_GT(rheobase_fault_hits(), 0);
    }
    ++tried_;
    EXPECT_NE(said.find(folder), std::string::npos) << said;
    EXPECT_NE(said.find(std::generic_category().message(error)), std::string::npos) << said;
    if (!GetParam().recording) {
      EXPECT_EQ(file_text(folder + "/" + file), "old");
      EXPECT_FALSE(std::filesystem::exists(folder + "/" + file + ".partial"));
      return;
    }
    for (const char* name : {"/out/spikes.csv", "/out/spikes.npy", "/out/spikes.h5"}) {
      if (std::filesystem::exists(folder + name)) {
        SpikeTable table;
        EXPECT_NO_THROW(table = read_spikes(folder + name)) << name;
        EXPECT_FALSE(table.finished) << name;
      }
    }
    // the host lives on, and so does the folder
    EXPECT_NO_THROW(GetParam().write(folder));
  }

  TemporaryFolder folder_;
  int tried_ = 0;
};

TEST_P(Writers, EveryErrorAtEveryPlaceIsAnErrorOfTheCall) {
  long long bytes = 0;
  {
    const Fault never("write", GetParam().file, 1LL << 60, ENOSPC);
    GetParam().write(fresh_folder());
    bytes = rheobase_fault_bytes();
  }
  ASSERT_GT(bytes, 0) << "nothing is written past the layer";
  for (const int error : {ENOSPC, EFBIG, EIO}) {
    for (const long long byte : {0LL, 1LL, bytes / 4, bytes / 2, 3 * bytes / 4, bytes - 1}) {
      expect_error("write", byte, error);
    }
    for (const char* call : GetParam().calls) {
      expect_error(call, 0, error);
    }
  }
  std::cout << tried_ << " faults\n";
}

INSTANTIATE_TEST_SUITE_P(Of, Writers, ::testing::ValuesIn(host_writers()),
                         [](const auto& info) { return std::string(info.param.name); });

/// A limit on the size of files sends SIGXFSZ, which ends a process that does not ignore it.
TEST(Hosts, LiveOnWhereFilesMayNotGrow) {
  const TemporaryFolder folder;
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_DFL);
    const rlimit small_files{20000, 20000};
    setrlimit(RLIMIT_FSIZE, &small_files);
    int errors = 0;
    for (int i = 0; i < 2; ++i) {
      try {
        write_file(folder / "text", std::string(50000, 'x'));
      } catch (const Error&) {
        ++errors;
      }
      try {
        record({folder / "out", has_sonata(), true, true});
      } catch (const Error&) {
        ++errors;
      }
    }
    std::exit(errors);  // and nothing is left that fails now
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 4);
}

/// A signal of that kind that came from elsewhere, and is blocked, is not taken away.
TEST(Hosts, KeepTheirOwnSignals) {
  const TemporaryFolder folder;
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, SIGXFSZ);
  pthread_sigmask(SIG_BLOCK, &one, nullptr);
  raise(SIGXFSZ);
  {
    const Fault fault("write", "text", 10, EFBIG);
    EXPECT_THROW(write_file(folder / "text", "some twenty bytes, or so"), Error);
  }
  sigset_t pending;
  sigpending(&pending);
  EXPECT_EQ(sigismember(&pending, SIGXFSZ), 1);
  if (sigismember(&pending, SIGXFSZ) == 1) {
    int taken = 0;
    sigwait(&one, &taken);
  }
  pthread_sigmask(SIG_UNBLOCK, &one, nullptr);
}

/// Copies of spikes.h5 that find no room are left out; the recording itself is not.
TEST(Hosts, ACopyThatFindsNoRoomIsNoError) {
  if (!has_sonata()) {
    GTEST_SKIP() << "built without HDF5";
  }
  const TemporaryFolder folder;
  const auto sink = open_recording(small(), plan(), {folder / "out", true, false, false});
  RecordBatch batch;
  batch.bursts.resize(1);
  batch.spike_ids = {1};
  batch.spike_begin = {0, 1};
  const Fault fault("open", "spikes.h5.snapshot", 0, ENOSPC);
  for (std::uint64_t burst = 1; rheobase_fault_hits() == 0; ++burst) {
    batch.bursts[0].burst = burst;
    sink->write(batch);
    usleep(20000);
  }
  sink->close();
  EXPECT_TRUE(read_spikes(folder / "out/spikes.h5").finished);
}

}  // namespace
}  // namespace rheobase::test
