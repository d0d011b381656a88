// SPDX-License-Identifier: Apache-2.0
#include "platform/folder_lock.h"

#include <cerrno>
#include <cstdio>
#include <utility>

#include "platform/descriptor.h"
#include "rheobase/error.h"

namespace rheobase::platform {
namespace {

[[noreturn]] void refuse(const std::string& folder, int error) {
  const std::string why =
      error == EBUSY ? "another run is writing there). Wait for its end or name another folder."
                     : reason_of(error) + "). Choose one that has room and lets you write.";
  throw Error(ErrorCode::io, "cannot write to the folder " + folder + " (" + why);
}

}  // namespace

FolderLock::FolderLock(const std::string& folder, const char* name, const char* text)
    : path_(folder + "/" + name) {
  const Opened opened = open_own(path_);
  if (opened.error != 0) {
    refuse(folder, opened.error);
  }
  file_ = opened.file;
  const int error = write_all(file_, text);
  if (error != 0) {
    static_cast<void>(std::remove(path_.c_str()));
    unlock(std::exchange(file_, -1));
    refuse(folder, error);
  }
}

FolderLock::~FolderLock() {
  if (file_ >= 0) {
    unlock(file_);
  }
}

void FolderLock::finish() {
  if (renames_open_files()) {
    static_cast<void>(std::remove(path_.c_str()));  // while it is locked, so that it is our own
    unlock(std::exchange(file_, -1));
  } else {
    unlock(std::exchange(file_, -1));
    static_cast<void>(std::remove(path_.c_str()));
  }
}

}  // namespace rheobase::platform
