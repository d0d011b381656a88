// SPDX-License-Identifier: Apache-2.0
/// \file
/// Numbers out of HDF5 files of strangers: everything is checked for class, shape and size before
/// it is read, and no more is read than a file of that size can hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "io/recording/hdf5_handle.h"

namespace rheobase::recording {

/// Names of what a group holds, in HDF5's own order.
[[nodiscard]] std::vector<std::string> names_in(hid_t group, const std::string& path);

/// A group of the file itself: no link to another place or file. `path` is the file's, for errors.
[[nodiscard]] Hdf5Group open_group(hid_t parent, const std::string& name, const std::string& path);

/// One number. \throws Error invalid_file if the attribute is missing, or is none.
[[nodiscard]] double real_attribute(hid_t object, const char* name, const std::string& path);
/// A whole number from 0 on.
[[nodiscard]] std::uint64_t whole_attribute(hid_t object, const char* name,
                                            const std::string& path);

/// Bytes that the columns of a file may still unpack to.
class UnpackBudget {
 public:
  UnpackBudget(std::uint64_t file_bytes, std::string path);
  /// \throws Error invalid_file beyond what deflate can have packed into the file.
  void spend(std::uint64_t bytes, const char* name);

 private:
  std::uint64_t left_;
  std::string path_;
};

/// A dataset of one dimension, read part by part.
class ColumnReader {
 public:
  enum class Values : std::uint8_t { real, whole };
  /// \throws Error invalid_file if it is no such column, does not hold what its shape claims, or
  /// needs a filter beyond deflate, shuffle and checksums.
  ColumnReader(hid_t group, const char* name, Values values, std::uint64_t file_bytes,
               UnpackBudget& budget, std::string path);

  [[nodiscard]] std::uint64_t size() const { return size_; }
  void read(std::uint64_t from, std::vector<double>& values) const;
  /// \throws Error invalid_file for numbers below 0.
  void read(std::uint64_t from, std::vector<std::uint64_t>& values) const;

 private:
  void check_type(Values values);
  void check_storage(std::uint64_t file_bytes);
  void read_as(hid_t type, std::uint64_t from, std::uint64_t count, void* to) const;
  [[noreturn]] void fail(const std::string& reason) const;

  std::string name_, path_;
  Hdf5Dataset dataset_;
  std::uint64_t size_ = 0;
  std::size_t width_ = 0;  ///< bytes of a stored number
  bool is_signed_ = false;
};

}  // namespace rheobase::recording
