// SPDX-License-Identifier: Apache-2.0
/// \file
/// A file that takes another's place in one step.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rheobase::platform {

/// Bytes go to `path`.partial; `commit` brings them to the disk and gives them the name `path`.
/// Without it nothing of `path` changes. A killed process leaves its .partial behind, which the
/// next one writes over; two at a time are told apart by a lock. \throws Error io from every call.
class ReplacedFile {
 public:
  explicit ReplacedFile(const std::string& path);
  ~ReplacedFile();
  ReplacedFile(const ReplacedFile&) = delete;
  ReplacedFile& operator=(const ReplacedFile&) = delete;

  void append(std::string_view bytes);
  void commit();

 private:
  [[noreturn]] void fail(int error) const;
  void close();

  std::string path_;  ///< what a link points to, not the link
  std::string partial_;
  int file_ = -1;
};

/// All of it at once.
void replace_file(const std::string& path, std::string_view bytes);

}  // namespace rheobase::platform
