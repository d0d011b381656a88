// SPDX-License-Identifier: Apache-2.0
#include "io/text_file.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
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

void write_text_file(const std::string& path, const std::string& text) {
  // a name of its own in the same folder, so that the rename stays within one file system
  std::random_device entropy;
  const std::string temporary = path + ".tmp" + std::to_string(entropy());
  const auto give_up = [&](int error) {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    throw Error(ErrorCode::io, "cannot write " + path + " (" + reason_of(error) +
                                   "). Check that the folder exists and has room.");
  };
  errno = 0;
  std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
  if (!file) {
    give_up(errno);
  }
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  if (!file) {
    give_up(errno);
  }
  std::error_code failed;
  std::filesystem::rename(temporary, path, failed);
  if (failed) {
    give_up(failed.value());
  }
}

}  // namespace rheobase
