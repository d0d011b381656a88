// SPDX-License-Identifier: Apache-2.0
// What a run leaves on disk, read back by independent means.
#include <gtest/gtest.h>
#include <hdf5.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "rheobase/engine.h"
#include "rheobase/error.h"

namespace rheobase::test {
namespace {

namespace fs = std::filesystem;

class Recording : public ::testing::Test {
 protected:
  Recording()
      : folder_(fs::temp_directory_path() /
                ("rheobase-recording-" +
                 std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()))) {
    fs::remove_all(folder_);
  }
  ~Recording() override { fs::remove_all(folder_); }
  [[nodiscard]] std::string path(const char* name) const { return (folder_ / name).string(); }

  fs::path folder_;
};

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

Network two_areas() {
  NetworkOptions options;
  options.dt_ms = 0.5;
  NetworkBuilder b(options);
  b.population("first, \"quoted\"", 3, {});
  b.population("a/b", 2, {});
  return b.build();
}

/// Bursts 2 (neurons 0 and 4) and 4 (neuron 3), in two batches.
std::vector<RecordBatch> batches() {
  RecordBatch a;
  a.bursts.resize(2);
  a.bursts[0].burst = 1;
  a.bursts[1].burst = 2;
  a.spike_ids = {0, 4};
  a.spike_begin = {0, 0, 2};
  a.probes = {{{2}, {1.5F, -2.0F}}};
  RecordBatch b;
  b.bursts.resize(2);
  b.bursts[0].burst = 3;
  b.bursts[1].burst = 4;
  b.spike_ids = {3};
  b.spike_begin = {0, 0, 1};
  b.probes = {{{4}, {0.25F, 7.0F}}};
  return {a, b};
}

RecordPlan plan() {
  RecordPlan p;
  p.spikes = {{0, 5}};
  p.probes = {{Field::potential, {3, 2}, 2}};
  return p;
}

void write_all(const std::string& folder) {
  const auto sink = open_recording(two_areas(), plan(), {folder, true, true, true});
  for (const RecordBatch& batch : batches()) {
    sink->write(batch);
  }
  sink->close();
}

TEST_F(Recording, EveryFormatReadsBackTheSame) {
  write_all(folder_.string());
  for (const char* name : {"spikes.h5", "spikes.csv", "spikes.npy"}) {
    const SpikeTable table = read_spikes(path(name));
    EXPECT_EQ(table.bursts, (std::vector<std::uint64_t>{2, 2, 4})) << name;
    EXPECT_EQ(table.ids, (std::vector<NeuronId>{0, 4, 3})) << name;
  }
}

TEST_F(Recording, CsvIsPlainText) {
  write_all(folder_.string());
  EXPECT_EQ(text_of(path("spikes.csv")),
            "burst,time_ms,area,neuron,id\n"
            "2,1,\"first, \"\"quoted\"\"\",0,0\n"
            "2,1,a/b,1,4\n"
            "4,2,a/b,0,3\n");
}

TEST_F(Recording, NpyIsWhatNumpyExpects) {
  write_all(folder_.string());
  const std::string text = text_of(path("spikes.npy"));
  ASSERT_EQ(text.size(), 128U + 3 * 16);
  EXPECT_EQ(text.substr(1, 5), "NUMPY");
  EXPECT_NE(text.find("'descr': '<u8', 'fortran_order': False, 'shape': (3, 2)"),
            std::string::npos);
  EXPECT_EQ(text[128 + 16], 2) << "burst of the second row";
  EXPECT_EQ(text[128 + 24], 4) << "id of the second row";
  const std::string probe = text_of(path("probe_0.npy"));
  EXPECT_NE(probe.find("'<f4', 'fortran_order': False, 'shape': (2, 2)"), std::string::npos);
  const auto json = nlohmann::json::parse(text_of(path("probes.json")));
  EXPECT_EQ(json[0]["field"], "potential");
  EXPECT_EQ(json[0]["area"], "a/b");
  EXPECT_EQ(json[0]["bursts"][0]["first"], 2);
  EXPECT_EQ(json[0]["bursts"][0]["count"], 2);
}

/// SONATA as its guide has it, read with HDF5's own calls.
TEST_F(Recording, SonataPopulations) {
  write_all(folder_.string());
  const hid_t file = H5Fopen(path("spikes.h5").c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  ASSERT_GE(file, 0);
  const hid_t population = H5Gopen2(file, "/spikes/a_b", H5P_DEFAULT);
  ASSERT_GE(population, 0) << "a slash in an area's name is no path";
  const auto read = [&](const char* name, hid_t type, void* into, hssize_t size) {
    const hid_t dataset = H5Dopen2(population, name, H5P_DEFAULT);
    const hid_t space = H5Dget_space(dataset);
    ASSERT_EQ(H5Sget_simple_extent_npoints(space), size);
    H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, into);
    H5Sclose(space);
    H5Dclose(dataset);
  };
  double times[2];
  std::uint64_t ids[2];
  read("timestamps", H5T_NATIVE_DOUBLE, times, 2);
  read("node_ids", H5T_NATIVE_UINT64, ids, 2);
  EXPECT_EQ(times[0], 1.0);
  EXPECT_EQ(times[1], 2.0);
  EXPECT_EQ(ids[0], 1U) << "ids are local to the population";
  EXPECT_EQ(ids[1], 0U);
  const hid_t attribute = H5Aopen(population, "sorting", H5P_DEFAULT);
  const hid_t type = H5Aget_type(attribute);
  std::uint8_t value = 0;
  H5Aread(attribute, type, &value);
  char name[16];
  H5Tenum_nameof(type, &value, name, sizeof name);
  EXPECT_STREQ(name, "by_time");
  const hid_t units_of =
      H5Aopen_by_name(population, "timestamps", "units", H5P_DEFAULT, H5P_DEFAULT);
  const hid_t text_type = H5Aget_type(units_of);
  char units[8] = {};
  H5Aread(units_of, text_type, units);
  EXPECT_STREQ(units, "ms");
  H5Tclose(text_type);
  H5Aclose(units_of);
  H5Tclose(type);
  H5Aclose(attribute);
  H5Gclose(population);
  H5Fclose(file);
}

TEST_F(Recording, AWholeRunIsOnDisk) {
  NetworkBuilder b;
  b.population("a", 50, {});
  b.drive(0, Drive::Kind::poisson, 1.0F, 100.0);
  Engine engine(b.build(), {"cpu", 1, 1, {}});
  const auto memory = std::make_shared<MemorySink>();
  engine.add_sink(memory);
  RecordPlan p;
  p.spikes = {{10, 30}};
  engine.record(p);
  const auto recording = open_recording(engine.network(), p, {folder_.string(), true, true, true});
  engine.add_sink(recording);
  engine.run(500);
  recording->close();
  for (const char* name : {"spikes.h5", "spikes.csv", "spikes.npy"}) {
    EXPECT_EQ(read_spikes(path(name)).ids, memory->all().spike_ids) << name;
  }
  EXPECT_GT(memory->all().spike_ids.size(), 1000U);
}

TEST_F(Recording, ErrorsOfTheWriterAreThrown) {
  EXPECT_THROW(open_recording(two_areas(), plan(), {"/proc/none/here", true, true, true}), Error);
  EXPECT_THROW(static_cast<void>(read_spikes("/nowhere/spikes.npy")), Error);
  fs::create_directories(folder_);
  for (const char* name : {"spikes.npy", "spikes.h5", "spikes.csv"}) {
    std::ofstream(path(name)) << "this is something else";
    EXPECT_THROW(static_cast<void>(read_spikes(path(name))), Error) << name;
  }
  EXPECT_THROW(static_cast<void>(read_spikes(path("spikes.txt"))), Error);
}

/// A file that may not grow any more, as on a full disk: the error of the writing thread reaches
/// the caller, and the other file stays whole.
TEST_F(Recording, AFullDiskIsAnError) {
  rlimit former{};
  getrlimit(RLIMIT_FSIZE, &former);
  const rlimit small{100000, former.rlim_max};
  const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  std::string message = "no error";
  try {
    const auto sink = open_recording(two_areas(), plan(), {folder_.string(), false, true, true});
    for (int i = 0; i < 2600; ++i) {
      sink->write(batches()[0]);
    }
    sink->close();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::io);
    message = error.what();
  }
  setrlimit(RLIMIT_FSIZE, &former);
  std::signal(SIGXFSZ, ignored);
  // which file is full first hangs on when they are flushed
  EXPECT_NE(message.find(folder_.string()), std::string::npos) << message;
  EXPECT_NE(message.find("File too large"), std::string::npos) << message;
  EXPECT_GT(read_spikes(path("spikes.npy")).ids.size(), 100U);
}

}  // namespace
}  // namespace rheobase::test
