// SPDX-License-Identifier: Apache-2.0
#include "platform/output_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "platform/descriptor.h"
#include "rheobase/error.h"

namespace rheobase::platform {

namespace fs = std::filesystem;

OutputFile::OutputFile(const std::string& path, const char* suffix) : path_(path) {
  std::error_code failed;
  if (fs::is_symlink(path, failed)) {
    const fs::path target = fs::weakly_canonical(path, failed);
    if (!failed) {
      path_ = target.string();
    }
  }
  const fs::file_status status = fs::status(path_, failed);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    throw Error(ErrorCode::io,
                "cannot write " + path + " (it is no ordinary file). Name another path.");
  }
  partial_ = path_ + suffix;
  const Opened opened = open_own(partial_);
  if (opened.error == EBUSY) {
    throw Error(ErrorCode::io,
                "cannot write " + path + " (another process is writing it). Name another path.");
  }
  check(opened.error);
  file_ = opened.file;
  const int refused = take_permissions(file_, path_);
  if (refused != 0) {
    remove_partial();
    static_cast<void>(close_file(std::exchange(file_, -1)));
    fail(refused);
  }
}

OutputFile::~OutputFile() {
  if (file_ < 0) {
    return;
  }
  // while it is locked, so that it is our own; where open files cannot be removed, afterwards
  if (!published_ && renames_open_files()) {
    remove_partial();
  }
  static_cast<void>(close_file(file_));
  if (!published_ && !renames_open_files()) {
    remove_partial();
  }
}

void OutputFile::remove_partial() const {
  // a path of std::filesystem would allocate, and this is called where nothing may be thrown
  static_cast<void>(std::remove(partial_.c_str()));
}

void OutputFile::append(std::string_view bytes) {
  check(failure_);
  const int error = write_all(file_, bytes);
  if (error != 0) {
    static_cast<void>(truncate_to(file_, size_));
    fail(error);
  }
  size_ += bytes.size();
}

void OutputFile::write_at(std::uint64_t offset, std::string_view bytes) {
  check(failure_);
  check(write_all_at(file_, bytes, offset));
  size_ = std::max(size_, offset + bytes.size());
}

void OutputFile::truncate(std::uint64_t size) {
  check(failure_);
  check(truncate_to(file_, size));
  size_ = size;
}

void OutputFile::read_at(std::uint64_t offset, char* into, std::size_t size) const {
  const int error = read_all_at(file_, into, size, offset);
  if (error != 0) {
    throw Error(ErrorCode::io,
                "cannot read " + partial_ + " (" + reason_of(error) + "). Check the disk.");
  }
}

void OutputFile::publish() {
  check(failure_);
  if (renames_open_files()) {
    check(rename_over(partial_, path_));
    published_ = true;
    return;
  }
  check(close_file(std::exchange(file_, -1)));
  const int error = rename_over(partial_, path_);
  if (error != 0) {
    remove_partial();
    fail(error);
  }
  published_ = true;
  const Opened opened = open_again(path_);
  check(opened.error);
  file_ = opened.file;
}

void OutputFile::commit() {
  check(failure_);
  check(sync(file_));
  if (!published_) {
    publish();
    sync_folder_of(path_);
  }
  static_cast<void>(close_file(std::exchange(file_, -1)));  // it has nothing more to say
}

void OutputFile::fail(int error) {
  failure_ = error;
  throw Error(ErrorCode::io, "cannot write " + path_ + " (" + reason_of(error) +
                                 "). Choose a folder that exists, has room and lets you write.");
}

void replace_file(const std::string& path, std::string_view bytes) {
  OutputFile file(path);
  file.append(bytes);
  file.commit();
}

}  // namespace rheobase::platform
