// SPDX-License-Identifier: Apache-2.0
/// \file
/// Handles of the HDF5 library that close themselves, and its failures as errors.
#pragma once

#include <hdf5.h>

#include <string>
#include <utility>

#include "rheobase/error.h"

namespace rheobase::recording {

/// Owns one id. The closing function is part of the type.
template <herr_t (*kClose)(hid_t)>
class Hdf5Handle {
 public:
  Hdf5Handle() = default;
  /// \throws Error io "cannot WHAT" if the id is a failure.
  Hdf5Handle(hid_t id, const std::string& what) : id_(id) {
    if (id < 0) {
      throw Error(
          ErrorCode::io,
          "cannot " + what + " (HDF5 refused). Check the path, its permissions and the disk.");
    }
  }
  ~Hdf5Handle() { reset(); }
  Hdf5Handle(Hdf5Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)) {}
  Hdf5Handle& operator=(Hdf5Handle&& other) noexcept {
    reset();
    id_ = std::exchange(other.id_, H5I_INVALID_HID);
    return *this;
  }
  [[nodiscard]] hid_t get() const { return id_; }
  /// Closes now. \return false if HDF5 could not.
  bool reset() { return id_ < 0 || kClose(std::exchange(id_, H5I_INVALID_HID)) >= 0; }

 private:
  hid_t id_ = H5I_INVALID_HID;
};

using Hdf5File = Hdf5Handle<H5Fclose>;
using Hdf5Group = Hdf5Handle<H5Gclose>;
using Hdf5Dataset = Hdf5Handle<H5Dclose>;
using Hdf5Space = Hdf5Handle<H5Sclose>;
using Hdf5Type = Hdf5Handle<H5Tclose>;
using Hdf5Properties = Hdf5Handle<H5Pclose>;
using Hdf5Attribute = Hdf5Handle<H5Aclose>;

/// HDF5 prints to standard error unless told not to; the library never prints.
class Hdf5Quiet {
 public:
  Hdf5Quiet() {
    // files are closed by who owns them: at exit HDF5 would write into those that could not be
    // closed, and a forked child into those of its parent
    static const bool nothing_at_exit = H5dont_atexit() >= 0;
    static_cast<void>(nothing_at_exit);
    H5Eget_auto2(H5E_DEFAULT, &function_, &data_);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  }
  ~Hdf5Quiet() { H5Eset_auto2(H5E_DEFAULT, function_, data_); }
  Hdf5Quiet(const Hdf5Quiet&) = delete;
  Hdf5Quiet& operator=(const Hdf5Quiet&) = delete;

 private:
  H5E_auto2_t function_ = nullptr;
  void* data_ = nullptr;
};

}  // namespace rheobase::recording
