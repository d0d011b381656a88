// SPDX-License-Identifier: Apache-2.0
#include "io/text_file.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "rheobase/error.h"

namespace rheobase {
namespace {

std::string reason_of(int error) { return std::generic_category().message(error); }

}  // namespace

std::string read_text_file(const std::string& path) {
  // a folder opens like a file on some systems and then reads as empty
  std::error_code failed;
  if (std::filesystem::is_directory(path, failed)) {
    throw Error(ErrorCode::io, "cannot read " + path + " (it is a folder). Name a file.");
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw Error(ErrorCode::io, "cannot read " + path + " (" + reason_of(errno) +
                                   "). Check the path and its permissions.");
  }
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad()) {
    throw Error(ErrorCode::io, "cannot read " + path + " (reading failed half way).");
  }
  return text;
}

}  // namespace rheobase
