// SPDX-License-Identifier: Apache-2.0
// spikes.h5, read back. libhdf5 reads beyond its memory on damaged files, so the bytes are not the
// file: they say which calls of HDF5 make one, with attributes and datasets of any class, shape,
// storage and value where a run writes its own.
#include <hdf5.h>

#include <array>
#include <cstring>
#include <vector>

#include "fuzz/recording.h"

namespace {

/// Bytes of the fuzzer, one after the other; zeros when they are used up.
class Choices {
 public:
  Choices(const std::uint8_t* data, std::size_t size) : data_(data), left_(size) {}
  [[nodiscard]] bool empty() const { return left_ == 0; }
  std::uint8_t byte() {
    if (left_ == 0) {
      return 0;
    }
    --left_;
    return *data_++;
  }
  unsigned below(unsigned most) { return byte() % most; }
  /// Eight bytes, whatever number they are; or a small one.
  std::uint64_t number() {
    if (below(2) == 0) {
      return byte();
    }
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i) {
      value = value << 8U | byte();
    }
    return value;
  }

 private:
  const std::uint8_t* data_;
  std::size_t left_;
};

constexpr std::size_t kMostValues = 64;

/// A type, new, and values of it.
hid_t some_type(Choices& choices) {
  const std::array<hid_t, 10> known{
      H5T_NATIVE_DOUBLE, H5T_NATIVE_UINT64, H5T_NATIVE_FLOAT, H5T_NATIVE_INT64,   H5T_NATIVE_UINT8,
      H5T_NATIVE_INT16,  H5T_IEEE_F64BE,    H5T_STD_U32BE,    H5T_NATIVE_LDOUBLE, H5T_C_S1};
  switch (choices.below(14)) {
    case 10: {
      const hid_t text = H5Tcopy(H5T_C_S1);
      H5Tset_size(text, 1 + choices.below(40));
      return text;
    }
    case 11: {
      const hsize_t size = 1 + choices.below(5);
      return H5Tarray_create2(H5T_NATIVE_DOUBLE, 1, &size);
    }
    case 12: {
      const hid_t pair = H5Tcreate(H5T_COMPOUND, 16);
      H5Tinsert(pair, "a", 0, H5T_NATIVE_DOUBLE);
      return pair;
    }
    case 13: return H5Tenum_create(H5T_NATIVE_UINT8);
    default: return H5Tcopy(known[choices.below(10)]);
  }
}

hid_t some_space(Choices& choices, bool grows, hsize_t& count) {
  std::array<hsize_t, 3> size{1, 1, 1};
  std::array<hsize_t, 3> most{H5S_UNLIMITED, H5S_UNLIMITED, H5S_UNLIMITED};
  const unsigned kind = choices.below(8);
  const int dimensions = kind < 5 ? 1 : kind == 5 ? 2 : 3;
  for (int i = 0; i < dimensions; ++i) {
    // rarely one that no file can hold
    size[static_cast<std::size_t>(i)] =
        choices.below(16) == 0 ? choices.number() % (hsize_t{1} << 44U) : choices.below(40);
  }
  count = size[0] * size[1] * size[2];
  if (kind == 7) {
    count = 1;
    return H5Screate(choices.below(2) == 0 ? H5S_SCALAR : H5S_NULL);
  }
  return H5Screate_simple(dimensions, size.data(), grows ? most.data() : nullptr);
}

/// Values as a run writes them, and others.
std::vector<std::uint8_t> some_values(Choices& choices, bool real) {
  std::vector<std::uint8_t> bytes(kMostValues * 80);
  for (std::size_t i = 0; i < kMostValues; ++i) {
    const std::uint64_t number = choices.number();
    const double time = static_cast<double>(number) * 0.5;
    if (real && choices.below(4) != 0) {
      std::memcpy(bytes.data() + i * 8, &time, 8);
    } else {
      std::memcpy(bytes.data() + i * 8, &number, 8);
    }
  }
  return bytes;
}

void attribute(Choices& choices, hid_t group, const char* name, bool real) {
  const unsigned kind = choices.below(4);
  if (kind == 0 && choices.below(4) == 0) {
    return;
  }
  hsize_t count = 1;
  const hid_t type =
      kind == 3 ? some_type(choices) : H5Tcopy(real ? H5T_NATIVE_DOUBLE : H5T_NATIVE_UINT64);
  const hid_t space = kind == 2 ? some_space(choices, false, count) : H5Screate(H5S_SCALAR);
  const hid_t made = H5Acreate2(group, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  const std::vector<std::uint8_t> values = some_values(choices, real);
  if (made >= 0 && count <= kMostValues) {
    H5Awrite(made, type, values.data());
  }
  H5Aclose(made);
  H5Sclose(space);
  H5Tclose(type);
}

void dataset(Choices& choices, hid_t group, const char* name, bool real) {
  if (choices.below(16) == 0) {
    H5Lcreate_soft("/spikes", group, name, H5P_DEFAULT, H5P_DEFAULT);
    return;
  }
  const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
  const bool chunked = choices.below(2) == 0;
  bool is_written = true;
  if (chunked) {
    const hsize_t chunk = 1 + (choices.below(8) == 0 ? choices.number() >> 40U : choices.below(64));
    H5Pset_chunk(properties, 1, &chunk);
    if (choices.below(2) == 0) {
      H5Pset_shuffle(properties);
    }
    if (choices.below(2) == 0) {
      H5Pset_deflate(properties, 1);
    }
    if (choices.below(8) == 0) {
      H5Pset_scaleoffset(properties, H5Z_SO_INT, 0);
      is_written = false;  // HDF5 writes beyond its memory when it packs some types so
    }
  }
  hsize_t count = 1;
  const hid_t type = choices.below(4) == 0 ? some_type(choices)
                                           : H5Tcopy(real ? H5T_NATIVE_DOUBLE : H5T_NATIVE_UINT64);
  const hid_t space = some_space(choices, chunked, count);
  const hid_t made = H5Dcreate2(group, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
  const std::vector<std::uint8_t> values = some_values(choices, real);
  if (made >= 0 && count <= kMostValues && choices.below(8) != 0 && is_written) {
    H5Dwrite(made, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
  }
  H5Dclose(made);
  H5Sclose(space);
  H5Tclose(type);
  H5Pclose(properties);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const herr_t quiet = H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  static_cast<void>(quiet);
  const std::string path = rheobase::test::file_of(nullptr, 0, ".h5");
  Choices choices(data, size);
  const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  const hid_t spikes = H5Gcreate2(file, "spikes", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  for (int i = 0; i < 3 && !choices.empty(); ++i) {
    const std::string name(1, static_cast<char>('a' + i));
    const hid_t group = H5Gcreate2(spikes, name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    attribute(choices, group, "dt_ms", true);
    attribute(choices, group, "first_id", false);
    dataset(choices, group, "timestamps", true);
    dataset(choices, group, "node_ids", false);
    H5Gclose(group);
    if (choices.below(8) == 0) {
      H5Lcreate_hard(spikes, name.c_str(), spikes, ("again " + name).c_str(), H5P_DEFAULT,
                     H5P_DEFAULT);
    }
  }
  H5Gclose(spikes);
  H5Fclose(file);
  rheobase::test::read_back_file(path);
  return 0;
}
