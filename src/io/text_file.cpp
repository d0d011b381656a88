// SPDX-License-Identifier: Apache-2.0
#include "io/text_file.h"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "platform/memory.h"
#include "rheobase/error.h"

namespace rheobase {
namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& reason,
                         const std::string& hint) {
  throw Error(ErrorCode::io, "cannot read " + path + " (" + reason + "). " + hint);
}

std::string reason_of(int error) { return std::generic_category().message(error); }

}  // namespace

InputFile::InputFile(std::string path) : path_(std::move(path)), file_(nullptr, &std::fclose) {
  if (path_ == "-") {
    refuse(path_, "it means standard input elsewhere, not here",
           "Name a file, or /dev/stdin for standard input.");
  }
  // a folder opens like a file on some systems and then reads as empty
  std::error_code failed;
  if (std::filesystem::is_directory(path_, failed)) {
    refuse(path_, "it is a folder", "Name a file.");
  }
  errno = 0;
  file_.reset(std::fopen(path_.c_str(), "rb"));
  if (!file_) {
    refuse(path_, reason_of(errno), "Check the path and its permissions.");
  }
}

std::size_t InputFile::read(char* to, std::size_t most) {
  errno = 0;
  const std::size_t got = std::fread(to, 1, most, file_.get());
  if (got < most && std::ferror(file_.get()) != 0) {
    refuse(path_, reason_of(errno), "Check that it is a readable file.");
  }
  return got;
}

std::string read_text_file(const std::string& path) {
  constexpr std::size_t kStep = std::size_t{1} << 20U;
  constexpr std::size_t kLookAgain = std::size_t{1} << 26U;
  InputFile file(path);
  std::string bytes;
  for (std::size_t looked = 0;;) {
    const std::size_t at = bytes.size();
    if (at - looked >= kLookAgain) {  // a device or a pipe may never end
      platform::require_memory(at, path);
      looked = at;
    }
    bytes.resize(at + kStep);
    const std::size_t got = file.read(bytes.data() + at, kStep);
    bytes.resize(at + got);
    if (got < kStep) {
      return bytes;
    }
  }
}

std::string start_of_file(const std::string& path) {
  constexpr std::size_t kStart = 4096;
  std::error_code failed;
  if (std::filesystem::exists(path, failed) && !std::filesystem::is_directory(path, failed) &&
      !std::filesystem::is_regular_file(path, failed)) {
    refuse(path, "it is a pipe or a device", "Name a file.");
  }
  InputFile file(path);
  std::string bytes(kStart, '\0');
  bytes.resize(file.read(bytes.data(), kStart));
  return bytes;
}

}  // namespace rheobase
