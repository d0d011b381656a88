// SPDX-License-Identifier: Apache-2.0
/// \file
/// A file being written, whose every failure is an Error.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace rheobase::recording {

/// Creates (or empties) a file and appends to it. \throws Error io from every call.
class OutputFile {
 public:
  explicit OutputFile(std::string path);

  void append(std::string_view bytes);
  /// Replaces bytes at the very start of the file; appending goes on at the end.
  void rewrite_start(std::string_view bytes);
  /// Hands everything to the operating system.
  void flush();
  void close();

 private:
  [[noreturn]] void fail(const char* action) const;

  std::string path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

}  // namespace rheobase::recording
