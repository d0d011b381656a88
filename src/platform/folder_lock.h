// SPDX-License-Identifier: Apache-2.0
/// \file
/// A folder that one at a time writes to, and that shows whether its writer came to an end.
#pragma once

#include <string>

namespace rheobase::platform {

/// A locked file in the folder. The system takes the lock back when a process ends, however it
/// ends; the file stays then, and says so. \throws Error io from every call.
class FolderLock {
 public:
  /// `name`: of the file; `text`: what a person who finds it should read. The folder must exist.
  FolderLock(const std::string& folder, const char* name, const char* text);
  /// Without `finish` the file stays.
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

  /// The file goes; others may take the folder.
  void finish();

 private:
  std::string path_;
  int file_ = -1;
};

}  // namespace rheobase::platform
