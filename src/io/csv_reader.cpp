// SPDX-License-Identifier: Apache-2.0
#include "io/csv_reader.h"

#include <cmath>
#include <cstring>

#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;  // no line is longer
constexpr std::size_t kMostColumns = 100;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string lower_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

}  // namespace

CsvReader::CsvReader(const std::string& path, const WantedFile& wanted)
    : file_(path), buffer_(kBlock), most_fields_(kMostColumns) {
  fill();
  refuse_other_kinds(path, {buffer_.data(), end_}, FileKind::table, wanted, FileKind::empty);
  std::string_view line;
  if (!next_line(line)) {
    throw Error(ErrorCode::invalid_file,
                path +
                    " is empty (a header with the names of the columns is missing). "
                    "Write the header as the first line.");
  }
  // a byte order mark of spreadsheet programs is no part of the first name
  if (line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  split(line);
  if (fields_.size() > kMostColumns) {
    fail_at(1, "the header has more than " + number_text(kMostColumns) +
                   " columns (a few are known). Check that the file is CSV.");
  }
  for (const std::string_view name : fields_) header_.push_back(lower_case(name));
  most_fields_ = header_.size();
  for (std::size_t i = 0; i < header_.size(); ++i) {
    if (column(header_[i]) != static_cast<int>(i)) {
      fail(i,
           "column " + quoted_name(header_[i]) + " stands twice (names must differ). Remove one.");
    }
  }
}

int CsvReader::column(std::string_view name) const {
  for (std::size_t i = 0; i < header_.size(); ++i) {
    if (header_[i] == name) return static_cast<int>(i);
  }
  return -1;
}

bool CsvReader::next() {
  std::string_view line;
  return next_line(line) && take(line);
}

bool CsvReader::next_terminated() {
  std::string_view line;
  return next_line(line) && terminated_ && take(line);
}

bool CsvReader::take(std::string_view line) {
  split(line);
  if (fields_.size() != header_.size()) {
    fail_at(1, "the line has " + std::string(fields_.size() > most_fields_ ? "at least " : "") +
                   number_text(fields_.size()) + " fields (the header has " +
                   number_text(header_.size()) + "). Give every line one field per column.");
  }
  return true;
}

std::uint64_t CsvReader::whole_number(std::size_t column, std::uint64_t limit) const {
  const std::string_view text = fields_[column];
  std::uint64_t value = 0;
  const auto [rest, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || status == std::errc::invalid_argument || rest != text.data() + text.size()) {
    fail(column, shown(header_[column]) + " " + quoted_name(text) +
                     " is not a whole number (digits only). Correct the field.");
  }
  if (status == std::errc::result_out_of_range || value > limit) {
    fail(column, shown(header_[column]) + " " + quoted_name(text) + " is too large (the limit is " +
                     number_text(limit) + "). Correct the field.");
  }
  return value;
}

double CsvReader::real_number(std::size_t column) const {
  const std::string_view text = fields_[column];
  const auto value = parse_number<double>(text);
  if (!value || !std::isfinite(*value) || *value < 0.0) {
    fail(column, shown(header_[column]) + " " + quoted_name(text) +
                     " is not a number from 0 on (decimal notation, such as 1.5 or 2e-3). "
                     "Correct the field.");
  }
  return *value;
}

void CsvReader::fail(std::size_t column, const std::string& message) const {
  fail_at(positions_[column], message);
}

void CsvReader::fail_at(std::size_t position, const std::string& message) const {
  throw Error(ErrorCode::invalid_file, file_.path() + ":" + number_text(line_number_) + ":" +
                                           number_text(position) + ": " + message);
}

/// Moves the unread part to the front and fills up.
void CsvReader::fill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  const std::size_t got = file_.read(buffer_.data() + end_, buffer_.size() - end_);
  at_end_ = got < buffer_.size() - end_;
  end_ += got;
}

// the next line that holds something, without its line break
bool CsvReader::next_line(std::string_view& line) {
  for (;;) {
    const char* unread = buffer_.data() + begin_;
    const auto* end_of_line = static_cast<const char*>(std::memchr(unread, '\n', end_ - begin_));
    if (end_of_line == nullptr && !at_end_) {
      if (begin_ == 0 && end_ == buffer_.size()) {
        ++line_number_;
        fail_at(1,
                "the line is longer than 1 MiB (no line break found). "
                "Check that the file is CSV.");
      }
      fill();
      continue;
    }
    if (end_of_line == nullptr && begin_ == end_) return false;
    terminated_ = end_of_line != nullptr;
    const std::size_t length =
        terminated_ ? static_cast<std::size_t>(end_of_line - unread) : end_ - begin_;
    line = std::string_view(unread, length);
    begin_ += length + (terminated_ ? 1 : 0);
    ++line_number_;
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::string_view content = trimmed(line);
    if (!content.empty() && content.front() != '#') return true;
  }
}

void CsvReader::split(std::string_view line) {
  fields_.clear();
  positions_.clear();
  unquoted_.clear();
  unquoted_.reserve(line.size());  // so that views into it stay valid
  std::size_t at = 0;
  // one field too many is enough to know
  while (fields_.size() <= most_fields_) {
    while (at < line.size() && (line[at] == ' ' || line[at] == '\t')) ++at;
    positions_.push_back(at + 1);
    if (at < line.size() && line[at] == '"') {
      // quoted: up to the quote that is not doubled
      const std::size_t start = unquoted_.size(), opening = at++;
      for (;; ++at) {
        if (at >= line.size()) {
          fail_at(opening + 1,
                  "a quoted field does not end (its closing quote is missing). "
                  "Close it on the same line.");
        }
        if (line[at] == '"') {
          if (at + 1 >= line.size() || line[at + 1] != '"') break;
          ++at;
        }
        unquoted_.push_back(line[at]);
      }
      fields_.emplace_back(unquoted_.data() + start, unquoted_.size() - start);
      ++at;
      while (at < line.size() && (line[at] == ' ' || line[at] == '\t')) ++at;
      if (at < line.size() && line[at] != ',') {
        fail_at(at + 1,
                "text follows a quoted field (a comma was expected). "
                "Double the quotes inside of the field.");
      }
    } else {
      const std::size_t comma = line.find(',', at);
      const std::size_t stop = comma == std::string_view::npos ? line.size() : comma;
      fields_.push_back(trimmed(line.substr(at, stop - at)));
      at = stop;
    }
    if (at >= line.size()) return;
    ++at;
  }
}

}  // namespace rheobase
