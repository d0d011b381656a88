// SPDX-License-Identifier: Apache-2.0
/// \file
/// Files that a user named, opened and read with one set of messages.
#pragma once

#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>

namespace rheobase {

/// A file, or a pipe, being read from its begin to its end.
class InputFile {
 public:
  /// \throws Error io naming the file and the reason: there is none, it is a folder, it may not be
  /// read, or it is called "-".
  explicit InputFile(std::string path);

  [[nodiscard]] const std::string& path() const { return path_; }
  /// Up to so many bytes; fewer only at the end. \throws Error io.
  std::size_t read(char* to, std::size_t most);

 private:
  std::string path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

/// The file's bytes. \throws Error io naming the file and the reason, out_of_memory for one that
/// does not end before the memory does.
[[nodiscard]] std::string read_text_file(const std::string& path);

/// Its first bytes, for a look at what it is. It must be a file on a disk, not a pipe or a device.
[[nodiscard]] std::string start_of_file(const std::string& path);

}  // namespace rheobase
