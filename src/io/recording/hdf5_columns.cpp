// SPDX-License-Identifier: Apache-2.0
#include "io/recording/hdf5_columns.h"

#include <algorithm>
#include <array>

#include "rheobase/text.h"

namespace rheobase::recording {
namespace {

/// Deflate makes at most 1032 bytes of one.
constexpr std::uint64_t kMostUnpacked = 1100;
/// A chunk is unpacked as a whole.
constexpr std::uint64_t kMostChunkBytes = std::uint64_t{16} << 20U;
constexpr std::size_t kMostWidth = 8;

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
  throw Error(ErrorCode::invalid_file,
              path + " is not a spike recording of rheobase (" + reason + "). Use another copy.");
}

/// Whether it is there, as an object of this file.
void require_link(hid_t parent, const std::string& name, const std::string& path) {
  H5L_info_t info{};
  if (H5Lexists(parent, name.c_str(), H5P_DEFAULT) <= 0 ||
      H5Lget_info(parent, name.c_str(), &info, H5P_DEFAULT) < 0) {
    refuse(path, "it has no " + quoted_name(name));
  }
  if (info.type != H5L_TYPE_HARD) {
    refuse(path, quoted_name(name) + " is a link to another place");
  }
}

herr_t add_name(hid_t /*group*/, const char* name, const H5L_info_t* /*info*/, void* names) {
  try {
    static_cast<std::vector<std::string>*>(names)->emplace_back(name);
    return 0;
  } catch (...) {  // no exception may pass through C
    return -1;
  }
}

struct Number {
  Hdf5Attribute attribute;
  H5T_class_t type_class;
  bool is_signed;
};

Number open_number(hid_t object, const char* name, const std::string& path) {
  if (H5Aexists(object, name) <= 0) {
    refuse(path, std::string("it has no attribute ") + name);
  }
  Number number{Hdf5Attribute(H5Aopen(object, name, H5P_DEFAULT), "read " + path), H5T_NO_CLASS,
                false};
  const Hdf5Space space(H5Aget_space(number.attribute.get()), "read " + path);
  const Hdf5Type type(H5Aget_type(number.attribute.get()), "read " + path);
  number.type_class = H5Tget_class(type.get());
  number.is_signed = number.type_class == H5T_INTEGER && H5Tget_sign(type.get()) != H5T_SGN_NONE;
  const bool is_number = number.type_class == H5T_INTEGER || number.type_class == H5T_FLOAT;
  if (!is_number || H5Tget_size(type.get()) > kMostWidth ||
      H5Sget_simple_extent_npoints(space.get()) != 1) {
    refuse(path, std::string("its attribute ") + name + " is not a number");
  }
  return number;
}

}  // namespace

std::vector<std::string> names_in(hid_t group, const std::string& path) {
  std::vector<std::string> names;
  hsize_t at = 0;
  if (H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, &at, add_name, &names) < 0) {
    refuse(path, "its populations cannot be listed");
  }
  return names;
}

Hdf5Group open_group(hid_t parent, const std::string& name, const std::string& path) {
  require_link(parent, name, path);
  const hid_t id = H5Gopen2(parent, name.c_str(), H5P_DEFAULT);
  if (id < 0) {
    refuse(path, quoted_name(name) + " is no group");
  }
  return {id, "read " + path};
}

double real_attribute(hid_t object, const char* name, const std::string& path) {
  const Number number = open_number(object, name, path);
  double value = 0.0;
  if (H5Aread(number.attribute.get(), H5T_NATIVE_DOUBLE, &value) < 0) {
    refuse(path, std::string("its attribute ") + name + " cannot be read");
  }
  return value;
}

std::uint64_t whole_attribute(hid_t object, const char* name, const std::string& path) {
  const Number number = open_number(object, name, path);
  if (number.type_class != H5T_INTEGER) {
    refuse(path, std::string("its attribute ") + name + " is not a whole number");
  }
  // HDF5 makes 0 of a negative number where none is wanted
  std::int64_t below = 0;
  std::uint64_t value = 0;
  if ((number.is_signed && H5Aread(number.attribute.get(), H5T_NATIVE_INT64, &below) < 0) ||
      H5Aread(number.attribute.get(), H5T_NATIVE_UINT64, &value) < 0) {
    refuse(path, std::string("its attribute ") + name + " cannot be read");
  }
  if (below < 0) {
    refuse(path, std::string("its attribute ") + name + " is below 0");
  }
  return value;
}

UnpackBudget::UnpackBudget(std::uint64_t file_bytes, std::string path)
    : left_(std::min(file_bytes, std::uint64_t{1} << 50U) * kMostUnpacked),
      path_(std::move(path)) {}

void UnpackBudget::spend(std::uint64_t bytes, const char* name) {
  if (bytes > left_) {
    refuse(path_,
           std::string("its columns ") + name + " claim more than a file of this size can hold");
  }
  left_ -= bytes;
}

ColumnReader::ColumnReader(hid_t group, const char* name, Values values, std::uint64_t file_bytes,
                           UnpackBudget& budget, std::string path)
    : name_(name), path_(std::move(path)) {
  require_link(group, name_, path_);
  {
    const Hdf5Properties access(H5Pcreate(H5P_DATASET_ACCESS), "make HDF5 properties");
    // whole chunks are kept, so that no part of one is unpacked twice
    H5Pset_chunk_cache(access.get(), 101, kMostChunkBytes + 1, 1.0);
    const hid_t id = H5Dopen2(group, name, access.get());
    if (id < 0) {
      fail("is no dataset");
    }
    dataset_ = Hdf5Dataset(id, "read " + path_);
  }
  const Hdf5Space space(H5Dget_space(dataset_.get()), "read " + path_);
  if (H5Sget_simple_extent_type(space.get()) != H5S_SIMPLE ||
      H5Sget_simple_extent_ndims(space.get()) != 1) {
    fail("has not one dimension");
  }
  hsize_t size = 0;
  H5Sget_simple_extent_dims(space.get(), &size, nullptr);
  size_ = size;
  check_type(values);
  if (size_ > (std::uint64_t{1} << 56U)) {
    fail("claims more numbers than there can be");
  }
  budget.spend(size_ * width_, name);
  check_storage(file_bytes);
}

void ColumnReader::check_type(Values values) {
  const Hdf5Type type(H5Dget_type(dataset_.get()), "read " + path_);
  const H5T_class_t type_class = H5Tget_class(type.get());
  width_ = H5Tget_size(type.get());
  is_signed_ = type_class == H5T_INTEGER && H5Tget_sign(type.get()) != H5T_SGN_NONE;
  if (type_class != (values == Values::real ? H5T_FLOAT : H5T_INTEGER) || width_ == 0 ||
      width_ > kMostWidth) {
    fail(values == Values::real ? "does not hold floating point numbers"
                                : "does not hold whole numbers");
  }
}

void ColumnReader::check_storage(std::uint64_t file_bytes) {
  const Hdf5Properties made(H5Dget_create_plist(dataset_.get()), "read " + path_);
  const H5D_layout_t layout = H5Pget_layout(made.get());
  const bool is_plain = layout == H5D_COMPACT || layout == H5D_CONTIGUOUS;
  if ((!is_plain && layout != H5D_CHUNKED) || H5Pget_external_count(made.get()) != 0) {
    fail("lies in other files");
  }
  const int filters = H5Pget_nfilters(made.get());
  for (int i = 0; i < filters; ++i) {
    unsigned flags = 0;
    std::size_t values = 0;
    unsigned config = 0;
    const H5Z_filter_t filter = H5Pget_filter2(made.get(), static_cast<unsigned>(i), &flags,
                                               &values, nullptr, 0, nullptr, &config);
    constexpr std::array kKnown{H5Z_FILTER_DEFLATE, H5Z_FILTER_SHUFFLE, H5Z_FILTER_FLETCHER32};
    if (std::find(kKnown.begin(), kKnown.end(), filter) == kKnown.end()) {
      fail("is packed in an unknown way");  // HDF5 would look for code that can unpack it
    }
  }
  hsize_t chunk = 1;
  if (layout == H5D_CHUNKED &&
      (H5Pget_chunk(made.get(), 1, &chunk) != 1 || chunk > kMostChunkBytes / width_)) {
    fail("has chunks of more than 16 MiB");
  }
  // numbers that no byte of the file stands for would be filled in
  const std::uint64_t stored = H5Dget_storage_size(dataset_.get());
  const std::uint64_t claimed = size_ * width_;
  const bool is_there = filters > 0 ? claimed / kMostUnpacked <= stored : claimed <= stored;
  if (stored > file_bytes || !is_there || (size_ > 0 && stored == 0)) {
    fail("claims " + number_text(size_) + " numbers, more than the file holds");
  }
}

void ColumnReader::read(std::uint64_t from, std::vector<double>& values) const {
  read_as(H5T_NATIVE_DOUBLE, from, values.size(), values.data());
}

void ColumnReader::read(std::uint64_t from, std::vector<std::uint64_t>& values) const {
  // a negative number comes as one beyond 2^63
  read_as(is_signed_ ? H5T_NATIVE_INT64 : H5T_NATIVE_UINT64, from, values.size(), values.data());
  if (is_signed_ && std::any_of(values.begin(), values.end(),
                                [](std::uint64_t value) { return (value >> 63U) != 0U; })) {
    fail("holds numbers below 0");
  }
}

void ColumnReader::read_as(hid_t type, std::uint64_t from, std::uint64_t count, void* to) const {
  if (count == 0) {
    return;
  }
  const hsize_t start = from;
  const hsize_t number = count;
  const Hdf5Space file(H5Dget_space(dataset_.get()), "read " + path_);
  const Hdf5Space memory(H5Screate_simple(1, &number, nullptr), "read " + path_);
  if (H5Sselect_hyperslab(file.get(), H5S_SELECT_SET, &start, nullptr, &number, nullptr) < 0 ||
      H5Dread(dataset_.get(), type, memory.get(), file.get(), H5P_DEFAULT, to) < 0) {
    fail("cannot be read");
  }
}

void ColumnReader::fail(const std::string& reason) const {
  refuse(path_, "its dataset " + name_ + " " + reason);
}

}  // namespace rheobase::recording
