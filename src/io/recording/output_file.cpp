// SPDX-License-Identifier: Apache-2.0
#include "io/recording/output_file.h"

#include <cerrno>
#include <cstring>

#include "rheobase/error.h"

namespace rheobase::recording {

OutputFile::OutputFile(std::string path)
    : path_(std::move(path)), file_(std::fopen(path_.c_str(), "wb"), &std::fclose) {
  if (!file_) fail("create");
}

void OutputFile::append(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) fail("write");
}

void OutputFile::rewrite_start(std::string_view bytes) {
  if (std::fseek(file_.get(), 0, SEEK_SET) != 0) fail("write");
  append(bytes);
  if (std::fseek(file_.get(), 0, SEEK_END) != 0) fail("write");
}

void OutputFile::flush() {
  if (std::fflush(file_.get()) != 0) fail("write");
}

void OutputFile::close() {
  if (file_ && std::fclose(file_.release()) != 0) fail("write");
}

void OutputFile::fail(const char* action) const {
  throw Error(ErrorCode::io, std::string("cannot ") + action + " " + path_ + " (" +
                                 std::strerror(errno) +
                                 "). Choose a place with room where you may write.");
}

}  // namespace rheobase::recording
