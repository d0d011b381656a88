// SPDX-License-Identifier: Apache-2.0
/// \file
/// The owner of everything that is written to a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rheobase::platform {

/// A file that comes into being under another name, `path`.partial, and takes the place of what
/// `path` names in one step; what is there keeps its mode and owner. A killed process leaves its
/// .partial behind, which the next one writes over; two at a time are told apart by a lock.
/// \throws Error io from every call; after the first failure nothing more is written.
class OutputFile {
 public:
  /// Where `path` is a link, what it points to is replaced.
  explicit OutputFile(const std::string& path, const char* suffix = ".partial");
  /// Without `publish` or `commit` nothing of `path` has changed.
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// All of it, or, if that fails, nothing.
  void append(std::string_view bytes);
  /// Over bytes that are there, or behind them.
  void write_at(std::uint64_t offset, std::string_view bytes);
  void truncate(std::uint64_t size);
  /// Beyond the end come zeros.
  void read_at(std::uint64_t offset, char* into, std::size_t size) const;
  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// Gives it its name now; it can grow on.
  void publish();
  /// Brings it to the disk, gives it its name, and closes it.
  void commit();

 private:
  /// For every failure that follows too.
  [[noreturn]] void fail(int error);
  void check(int error) {
    if (error != 0) {
      fail(error);
    }
  }
  void remove_partial() const;

  std::string path_;  ///< what a link points to, not the link
  std::string partial_;
  int file_ = -1;
  int failure_ = 0;
  bool published_ = false;
  std::uint64_t size_ = 0;
};

/// All of it at once.
void replace_file(const std::string& path, std::string_view bytes);

}  // namespace rheobase::platform
