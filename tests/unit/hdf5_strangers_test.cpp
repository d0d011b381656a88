// SPDX-License-Identifier: Apache-2.0
// spikes.h5 of strangers: whatever stands in an attribute or a dataset, it is a sentence, and costs
// no more than the file holds.
#include <gtest/gtest.h>
#include <hdf5.h>

#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "rheobase/record.h"
#include "support/messages.h"
#include "support/temporary_folder.h"

namespace rheobase::test {
namespace {

/// A file with one population, made by HDF5's own calls; a test changes one part of it.
class Hdf5Strangers : public ::testing::Test {
 protected:
  void SetUp() override { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

  static void attribute(hid_t object, const char* name, hid_t type, std::vector<hsize_t> shape,
                        const void* value) {
    if (H5Aexists(object, name) > 0) {
      H5Adelete(object, name);
    }
    const hid_t space =
        shape.empty() ? H5Screate(H5S_SCALAR)
                      : H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr);
    const hid_t made = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    if (value != nullptr) {
      H5Awrite(made, type, value);
    }
    H5Aclose(made);
    H5Sclose(space);
  }

  static void dataset(hid_t group, const char* name, hid_t type, std::vector<hsize_t> shape,
                      const void* values, hid_t properties = H5P_DEFAULT) {
    if (H5Lexists(group, name, H5P_DEFAULT) > 0) {
      H5Ldelete(group, name, H5P_DEFAULT);
    }
    const bool grows = properties != H5P_DEFAULT && H5Pget_layout(properties) == H5D_CHUNKED;
    const std::vector<hsize_t> most(shape.size(), H5S_UNLIMITED);
    const hid_t space = shape.empty()
                            ? H5Screate(H5S_SCALAR)
                            : H5Screate_simple(static_cast<int>(shape.size()), shape.data(),
                                               grows ? most.data() : nullptr);
    const hid_t made = H5Dcreate2(group, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    if (made >= 0 && values != nullptr) {
      H5Dwrite(made, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
    }
    H5Dclose(made);
    H5Sclose(space);
  }

  static void population(hid_t file, const char* name, std::uint64_t first,
                         const std::vector<double>& times, const std::vector<std::uint64_t>& ids) {
    const hid_t group = H5Gcreate2(file, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    const double dt = 0.5;
    attribute(group, "dt_ms", H5T_NATIVE_DOUBLE, {}, &dt);
    attribute(group, "first_id", H5T_NATIVE_UINT64, {}, &first);
    dataset(group, "timestamps", H5T_NATIVE_DOUBLE, {times.size()}, times.data());
    dataset(group, "node_ids", H5T_NATIVE_UINT64, {ids.size()}, ids.data());
    H5Gclose(group);
  }

  /// The message for a file in which `change` was done to the population's group.
  std::string said(const std::function<void(hid_t file, hid_t group)>& change) {
    const std::string path = folder_ / "spikes.h5";
    const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    H5Gclose(H5Gcreate2(file, "spikes", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    population(file, "spikes/a", 10, {1.0, 1.5}, {1, 2});
    const hid_t group = H5Gopen2(file, "spikes/a", H5P_DEFAULT);
    change(file, group);
    H5Gclose(group);
    H5Fclose(file);
    return message_of([&] { (void)read_spikes(path); });
  }

  TemporaryFolder folder_;
};

#define EXPECT_TABLE_HOLDS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

TEST_F(Hdf5Strangers, TheUnchangedFileIsRead) {
  EXPECT_EQ(said([](hid_t, hid_t) {}), "no error");
  const SpikeTable table = read_spikes(folder_ / "spikes.h5");
  EXPECT_EQ(table.bursts, (std::vector<std::uint64_t>{2, 3}));
  EXPECT_EQ(table.ids, (std::vector<NeuronId>{11, 12}));
}

/// An array where a number is wanted would be written over the stack.
TEST_F(Hdf5Strangers, AttributesThatAreNoNumber) {
  const std::vector<double> many(1000, 1.0);
  const std::vector<std::uint64_t> wholes(1000, 7);
  for (const char* name : {"dt_ms", "first_id"}) {
    const std::string wanted = std::string("its attribute ") + name + " is not a number";
    for (const hsize_t size : {hsize_t{0}, hsize_t{2}, hsize_t{1000}}) {
      EXPECT_TABLE_HOLDS(said([&](hid_t, hid_t group) {
                           attribute(group, name, H5T_NATIVE_DOUBLE, {size}, many.data());
                         }),
                         wanted);
      EXPECT_TABLE_HOLDS(said([&](hid_t, hid_t group) {
                           attribute(group, name, H5T_NATIVE_UINT64, {size}, wholes.data());
                         }),
                         wanted);
    }
    EXPECT_TABLE_HOLDS(said([&](hid_t, hid_t group) {
                         const hid_t text = H5Tcopy(H5T_C_S1);
                         H5Tset_size(text, 500);
                         attribute(group, name, text, {}, std::string(500, 'x').data());
                         H5Tclose(text);
                       }),
                       wanted);
    EXPECT_TABLE_HOLDS(said([&](hid_t, hid_t group) {
                         const hid_t text = H5Tcopy(H5T_C_S1);
                         H5Tset_size(text, H5T_VARIABLE);
                         const char* value = "long";
                         attribute(group, name, text, {}, &value);
                         H5Tclose(text);
                       }),
                       wanted);
    EXPECT_TABLE_HOLDS(said([&](hid_t, hid_t group) {
                         const hsize_t size = 64;
                         const hid_t array = H5Tarray_create2(H5T_NATIVE_DOUBLE, 1, &size);
                         attribute(group, name, array, {}, many.data());
                         H5Tclose(array);
                       }),
                       wanted);
    EXPECT_TABLE_HOLDS(said([&](hid_t, hid_t group) {
                         const hid_t pair = H5Tcreate(H5T_COMPOUND, 800);
                         H5Tinsert(pair, "a", 0, H5T_NATIVE_DOUBLE);
                         attribute(group, name, pair, {}, many.data());
                         H5Tclose(pair);
                       }),
                       wanted);
    EXPECT_TABLE_HOLDS(said([&](hid_t, hid_t group) { H5Adelete(group, name); }),
                       "it has no attribute");
  }
}

TEST_F(Hdf5Strangers, NumbersThatCannotBe) {
  const auto with_dt = [&](double dt) {
    return said([=](hid_t, hid_t group) { attribute(group, "dt_ms", H5T_NATIVE_DOUBLE, {}, &dt); });
  };
  for (const double dt : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    EXPECT_TABLE_HOLDS(with_dt(dt), "its time step is not above 0");
  }
  const auto with_first = [&](hid_t type, const void* first) {
    return said([=](hid_t, hid_t group) { attribute(group, "first_id", type, {}, first); });
  };
  const std::uint64_t beyond = std::uint64_t{1} << 32U;
  const std::int64_t below = -1;
  const double fraction = 10.0;
  const std::uint64_t last = beyond - 1;
  EXPECT_TABLE_HOLDS(with_first(H5T_NATIVE_UINT64, &beyond), "beyond 32 bits");
  EXPECT_TABLE_HOLDS(with_first(H5T_NATIVE_INT64, &below), "is below 0");
  EXPECT_TABLE_HOLDS(with_first(H5T_NATIVE_DOUBLE, &fraction), "is not a whole number");
  EXPECT_TABLE_HOLDS(with_first(H5T_NATIVE_UINT64, &last), "an id of it is beyond 32 bits");
  for (const double time : {0.0, -1.0, 0.2, 1.75, 1e300, std::nan(""),
                            std::numeric_limits<double>::infinity(), 0x1p53}) {
    EXPECT_TABLE_HOLDS(said([=](hid_t, hid_t group) {
                         const std::array<double, 2> times{1.0, time};
                         dataset(group, "timestamps", H5T_NATIVE_DOUBLE, {2}, times.data());
                       }),
                       "a time of it is");
  }
  EXPECT_TABLE_HOLDS(said([](hid_t, hid_t group) {
                       const std::array<std::uint64_t, 2> ids{1, std::uint64_t{1} << 63U};
                       dataset(group, "node_ids", H5T_NATIVE_UINT64, {2}, ids.data());
                     }),
                     "an id of it is beyond 32 bits");
  EXPECT_TABLE_HOLDS(said([](hid_t, hid_t group) {
                       const std::array<std::int32_t, 2> ids{1, -1};
                       dataset(group, "node_ids", H5T_NATIVE_INT32, {2}, ids.data());
                     }),
                     "holds numbers below 0");
}

TEST_F(Hdf5Strangers, DatasetsOfAnotherShapeOrClass) {
  const std::array<double, 8> values{};
  for (const char* name : {"timestamps", "node_ids"}) {
    EXPECT_TABLE_HOLDS(said([=](hid_t, hid_t group) { H5Ldelete(group, name, H5P_DEFAULT); }),
                       "it has no '");
    for (const std::vector<hsize_t>& shape : {std::vector<hsize_t>{}, {2, 2}, {1, 2, 1}}) {
      EXPECT_TABLE_HOLDS(said([&](hid_t, hid_t group) {
                           dataset(group, name, H5T_NATIVE_UINT64, shape, values.data());
                         }),
                         "has not one dimension");
    }
    EXPECT_TABLE_HOLDS(
        said([&](hid_t, hid_t group) { dataset(group, name, H5T_C_S1, {2}, values.data()); }),
        "does not hold");
    EXPECT_TABLE_HOLDS(said([&](hid_t, hid_t group) {
                         const hid_t text = H5Tcopy(H5T_C_S1);
                         H5Tset_size(text, H5T_VARIABLE);
                         dataset(group, name, text, {2}, nullptr);
                         H5Tclose(text);
                       }),
                       "does not hold");
    EXPECT_TABLE_HOLDS(said([&](hid_t, hid_t group) {
                         H5Ldelete(group, name, H5P_DEFAULT);
                         H5Gclose(H5Gcreate2(group, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
                       }),
                       "is no dataset");
  }
  EXPECT_TABLE_HOLDS(said([&](hid_t, hid_t group) {
                       dataset(group, "timestamps", H5T_NATIVE_DOUBLE, {3}, values.data());
                     }),
                     "it has 3 times and 2 ids");
}

/// A few kilobytes that claim 2^40 numbers.
TEST_F(Hdf5Strangers, ClaimsBeyondTheFileCostNothing) {
  for (const hsize_t size : {hsize_t{1} << 20U, hsize_t{1} << 40U, (hsize_t{1} << 62U) - 1}) {
    for (const bool packed : {false, true}) {
      EXPECT_TABLE_HOLDS(said([&](hid_t, hid_t group) {
                           const hid_t chunked = H5Pcreate(H5P_DATASET_CREATE);
                           const hsize_t chunk = 8192;
                           H5Pset_chunk(chunked, 1, &chunk);
                           if (packed) {
                             H5Pset_deflate(chunked, 9);
                           }
                           dataset(group, "timestamps", H5T_NATIVE_DOUBLE, {size}, nullptr,
                                   chunked);
                           dataset(group, "node_ids", H5T_NATIVE_UINT64, {size}, nullptr, chunked);
                           H5Pclose(chunked);
                         }),
                         "claim");
    }
    EXPECT_TABLE_HOLDS(said([&](hid_t, hid_t group) {  // contiguous, and never written
                         dataset(group, "timestamps", H5T_NATIVE_DOUBLE, {size / 32}, nullptr);
                       }),
                       "claim");
  }
  EXPECT_TABLE_HOLDS(said([&](hid_t, hid_t group) {
                       const hid_t chunked = H5Pcreate(H5P_DATASET_CREATE);
                       const hsize_t chunk = hsize_t{1} << 28U;
                       H5Pset_chunk(chunked, 1, &chunk);
                       dataset(group, "timestamps", H5T_NATIVE_DOUBLE, {2}, nullptr, chunked);
                       H5Pclose(chunked);
                     }),
                     "has chunks of more than 16 MiB");
}

/// What lies elsewhere, or needs code that is elsewhere, is not looked for.
TEST_F(Hdf5Strangers, NothingOutsideOfTheFileIsOpened) {
  EXPECT_TABLE_HOLDS(said([](hid_t, hid_t group) {
                       H5Ldelete(group, "node_ids", H5P_DEFAULT);
                       H5Lcreate_external("/etc/passwd", "x", group, "node_ids", H5P_DEFAULT,
                                          H5P_DEFAULT);
                     }),
                     "is a link to another place");
  EXPECT_TABLE_HOLDS(said([](hid_t file, hid_t) {
                       H5Lcreate_soft("/spikes", file, "spikes/loop", H5P_DEFAULT, H5P_DEFAULT);
                     }),
                     "is a link to another place");
  EXPECT_TABLE_HOLDS(said([](hid_t, hid_t group) {
                       const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
                       H5Pset_external(properties, "/etc/passwd", 0, 16);
                       dataset(group, "node_ids", H5T_NATIVE_UINT64, {2}, nullptr, properties);
                       H5Pclose(properties);
                     }),
                     "lies in other files");
  EXPECT_TABLE_HOLDS(said([](hid_t, hid_t group) {
                       const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
                       const hsize_t size = 2;
                       const hid_t space = H5Screate_simple(1, &size, nullptr);
                       H5Pset_virtual(properties, space, "/etc/passwd", "x", space);
                       dataset(group, "node_ids", H5T_NATIVE_UINT64, {2}, nullptr, properties);
                       H5Sclose(space);
                       H5Pclose(properties);
                     }),
                     "lies in other files");
  EXPECT_TABLE_HOLDS(said([](hid_t, hid_t group) {
                       const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
                       const hsize_t chunk = 2;
                       H5Pset_chunk(properties, 1, &chunk);
                       H5Pset_scaleoffset(properties, H5Z_SO_INT, H5Z_SO_INT_MINBITS_DEFAULT);
                       const std::array<std::uint64_t, 2> ids{1, 2};
                       dataset(group, "node_ids", H5T_NATIVE_UINT64, {2}, ids.data(), properties);
                       H5Pclose(properties);
                     }),
                     "is packed in an unknown way");
}

TEST_F(Hdf5Strangers, OnePopulationUnderManyNames) {
  EXPECT_TABLE_HOLDS(said([](hid_t file, hid_t) {
                       for (int i = 0; i < 1000; ++i) {
                         H5Lcreate_hard(file, "spikes/a", file,
                                        ("spikes/" + std::to_string(i)).c_str(), H5P_DEFAULT,
                                        H5P_DEFAULT);
                       }
                     }),
                     "two populations begin at the same neuron");
}

TEST_F(Hdf5Strangers, FilesWithoutSpikes) {
  EXPECT_TABLE_HOLDS(said([](hid_t file, hid_t) { H5Ldelete(file, "spikes", H5P_DEFAULT); }),
                     "it has no 'spikes'");
  EXPECT_TABLE_HOLDS(said([](hid_t file, hid_t) {
                       const double value = 1.0;
                       dataset(file, "spikes", H5T_NATIVE_DOUBLE, {1}, &value);
                     }),
                     "'spikes' is no group");
  const std::string path = folder_.write("cut.h5", "\x89HDF\r\n\x1a\n and nothing more");
  EXPECT_SAYS((void)read_spikes(path), "cut.h5");
}

}  // namespace
}  // namespace rheobase::test
