// SPDX-License-Identifier: Apache-2.0
/// \file
/// An HDF5 file whose bytes go through the owner of all output.
#pragma once

#include <hdf5.h>

#include <memory>

#include "io/recording/hdf5_handle.h"
#include "platform/output_file.h"

namespace rheobase::recording {

/// What HDF5 writes goes to `file`. HDF5 never learns that a disk refused: a file that it cannot
/// close would be written again, and crash, when the process ends. From the first failure on its
/// bytes stay in memory; `check` throws that failure.
class Hdf5Output {
 public:
  explicit Hdf5Output(platform::OutputFile& file);
  /// HDF5 may hold its file still, if it could not close it; nothing is written any more.
  ~Hdf5Output();
  Hdf5Output(const Hdf5Output&) = delete;
  Hdf5Output& operator=(const Hdf5Output&) = delete;

  /// Makes an empty HDF5 file. \throws Error io.
  [[nodiscard]] Hdf5File create();
  /// \throws Error io, what went wrong first.
  void check() const;

  class Bytes;

 private:
  std::shared_ptr<Bytes> bytes_;
};

}  // namespace rheobase::recording
