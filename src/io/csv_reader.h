// SPDX-License-Identifier: Apache-2.0
/// \file
/// Reads comma-separated files of any length, line by line, and names the place of every fault.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/text_file.h"
#include "io/what_is.h"

namespace rheobase {

/// A CSV file with a header. Blank lines and lines that begin with '#' are passed over; fields may
/// be quoted ("" stands for one quote); spaces around a field do not count. A record is one line.
class CsvReader {
 public:
  /// Reads the header. \throws Error io if the file cannot be read, invalid_file without a header
  /// or if it is another kind of file than `wanted`.
  CsvReader(const std::string& path, const WantedFile& wanted);

  /// Names of the columns, lower case.
  [[nodiscard]] const std::vector<std::string>& header() const { return header_; }
  /// Index of a column, or -1.
  [[nodiscard]] int column(std::string_view name) const;

  /// Advances to the next record; false at the end. \throws Error invalid_file if the number of
  /// fields is not that of the header.
  bool next();
  /// The same, but a last line without a line break counts as unfinished and is left out.
  bool next_terminated();
  [[nodiscard]] std::string_view field(std::size_t column) const { return fields_[column]; }

  /// The field as a whole number 0 .. limit. \throws Error invalid_file.
  [[nodiscard]] std::uint64_t whole_number(std::size_t column, std::uint64_t limit) const;
  /// The field as a finite number from 0 on. \throws Error invalid_file.
  [[nodiscard]] double real_number(std::size_t column) const;
  /// \throws Error invalid_file "path:line:column: problem (reason). Hint."
  [[noreturn]] void fail(std::size_t column, const std::string& message) const;

 private:
  void fill();
  bool next_line(std::string_view& line);
  bool take(std::string_view line);
  void split(std::string_view line);
  [[noreturn]] void fail_at(std::size_t position, const std::string& message) const;

  InputFile file_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;  // unread part of the buffer
  bool at_end_ = false, terminated_ = true;
  std::uint64_t line_number_ = 0;
  std::size_t most_fields_;  ///< of the line being split
  std::vector<std::string> header_;
  std::vector<std::string_view> fields_;
  std::vector<std::size_t> positions_;  // where each field starts in its line, from 1
  std::string unquoted_;                // text of quoted fields that held ""
};

}  // namespace rheobase
