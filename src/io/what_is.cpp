// SPDX-License-Identifier: Apache-2.0
#include "io/what_is.h"

#include <algorithm>
#include <array>

#include "io/checkpoint/checkpoint.h"
#include "rheobase/error.h"

namespace rheobase {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kEnough = 4096;
constexpr std::string_view kUnpack = "Unpack it first.";
constexpr std::string_view kUtf8 = "Save it as UTF-8.";

struct Signature {
  std::string_view bytes;
  FileIdentity identity;
};

constexpr FileIdentity foreign(std::string_view name, std::string_view hint = {}) {
  return {FileKind::foreign, name, hint};
}

// those of UTF-32 before those of UTF-16, which are their beginnings
constexpr std::array kSignatures{
    Signature{"\x89HDF\r\n\x1a\n"sv, {FileKind::hdf5, "an HDF5 file", {}}},
    Signature{"\x93NUMPY"sv, {FileKind::numpy, "a NumPy array", {}}},
    Signature{"\x1f\x8b"sv, foreign("a gzip file", kUnpack)},
    Signature{"PK\x03\x04"sv, foreign("a zip archive", kUnpack)},
    Signature{"PK\x05\x06"sv, foreign("a zip archive", kUnpack)},
    Signature{"BZh"sv, foreign("a bzip2 file", kUnpack)},
    Signature{"\xfd"
              "7zXZ\0"sv,
              foreign("an xz file", kUnpack)},
    Signature{"\x28\xb5\x2f\xfd"sv, foreign("a zstd file", kUnpack)},
    Signature{"\x04\x22\x4d\x18"sv, foreign("an lz4 file", kUnpack)},
    Signature{"7z\xbc\xaf\x27\x1c"sv, foreign("a 7-zip archive", kUnpack)},
    Signature{"Rar!\x1a\x07"sv, foreign("a rar archive", kUnpack)},
    Signature{"\xff\xfe\0\0"sv, foreign("text in UTF-32", kUtf8)},
    Signature{"\0\0\xfe\xff"sv, foreign("text in UTF-32", kUtf8)},
    Signature{"\xff\xfe"sv, foreign("text in UTF-16", kUtf8)},
    Signature{"\xfe\xff"sv, foreign("text in UTF-16", kUtf8)},
    Signature{"\x89PNG\r\n\x1a\n"sv, foreign("a PNG picture")},
    Signature{"\xff\xd8\xff"sv, foreign("a JPEG picture")},
    Signature{"GIF8"sv, foreign("a GIF picture")},
    Signature{"%PDF-"sv, foreign("a PDF document")},
    Signature{"\x7f"
              "ELF"sv,
              foreign("a program or library")},
    Signature{"SQLite format 3\0"sv, foreign("an SQLite database")},
    Signature{"PAR1"sv, foreign("a Parquet file")},
    Signature{"MATLAB 5.0"sv, foreign("a MATLAB file")},
    Signature{"\x80\x02"sv, foreign("a Python pickle")},
    Signature{"\x80\x03"sv, foreign("a Python pickle")},
    Signature{"\x80\x04\x95"sv, foreign("a Python pickle")},
    Signature{"\x80\x05\x95"sv, foreign("a Python pickle")},
    Signature{"version https://git-lfs"sv,
              foreign("a pointer of Git LFS", "Fetch the file itself with `git lfs pull`.")},
};

/// Text without a byte order mark in units of two or four bytes: every other byte is zero.
FileIdentity wide_text(std::string_view start) {
  const auto zeros = [&](std::size_t step, std::size_t from) {
    if (start.size() < 2 * step || start[from] != '\0') {
      return false;
    }
    for (std::size_t i = 0; i + step <= std::min<std::size_t>(start.size(), 64); i += step) {
      const char ascii = start[i + (from == 0 ? step - 1 : 0)];
      if (ascii == '\0' || start[i + from] != '\0') {
        return false;
      }
    }
    return true;
  };
  if (zeros(4, 3) || (zeros(4, 0) && start[1] == '\0')) {
    const bool is_32 = start[1] == '\0' && start[2] == '\0';
    return foreign(is_32 ? "text in UTF-32" : "text in UTF-16", kUtf8);
  }
  return zeros(2, 1) || zeros(2, 0) ? foreign("text in UTF-16", kUtf8) : FileIdentity{};
}

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool starts_with_any_case(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && std::equal(start.begin(), start.end(), text.begin(),
                                                   [](char a, char b) { return a == lower(b); });
}

std::string_view trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t\r\n");
  return from == std::string_view::npos ? std::string_view() : text.substr(from);
}

/// The first line that says something: not blank, no comment.
std::string_view first_line(std::string_view text) {
  for (;;) {
    text = trimmed(text);
    const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
    if (!line.starts_with('#')) {
      return line;
    }
    text.remove_prefix(line.size());
  }
}

bool is_python(std::string_view text, std::string_view line) {
  const std::string_view shebang = text.substr(0, text.find('\n'));
  return (shebang.starts_with("#!") && shebang.find("python") != std::string_view::npos) ||
         line.starts_with("import ") ||
         (line.starts_with("from ") && line.find(" import ") != std::string_view::npos) ||
         line.starts_with("\"\"\"") || line.starts_with("'''") || line.starts_with("def ") ||
         (line.starts_with("class ") && line.find(':') != std::string_view::npos);
}

/// A header: names with commas between them.
bool is_table(std::string_view line) {
  return line.find(',') != std::string_view::npos &&
         std::all_of(line.begin(), line.end(), [](char c) {
           return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') ||
                  std::string_view(" _,\"-.").find(c) != std::string_view::npos;
         });
}

FileIdentity text_kind(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) {
    text.remove_prefix(3);
  }
  const std::string_view shown = trimmed(text);
  if (shown.empty()) {
    return {FileKind::empty, "empty", {}};
  }
  for (const std::string_view start : {"<!doctype html"sv, "<html"sv, "<head"sv, "<body"sv}) {
    if (starts_with_any_case(shown, start)) {
      return foreign("an HTML page", "Download the file itself.");
    }
  }
  if (shown.starts_with("<?xml")) {
    return foreign("an XML file");
  }
  if (shown.starts_with('{') || shown.starts_with('[')) {
    return {FileKind::json, "a JSON file", {}};
  }
  const std::string_view line = first_line(text);
  if (is_python(text, line)) {
    return foreign("a Python program", "Run it with Python, and name the file that it writes.");
  }
  if (is_table(line)) {
    return {FileKind::table, "a table of comma-separated values", {}};
  }
  return {};
}

}  // namespace

FileIdentity what_is(std::string_view start) {
  if (checkpoint::is_checkpoint(start)) {
    return {FileKind::checkpoint, "a checkpoint", {}};
  }
  for (const Signature& signature : kSignatures) {
    if (start.starts_with(signature.bytes)) {
      return signature.identity;
    }
  }
  constexpr std::size_t kTarMark = 257;
  if (start.size() > kTarMark && start.substr(kTarMark).starts_with("ustar")) {
    return foreign("a tar archive", kUnpack);
  }
  start = start.substr(0, kEnough);
  if (const FileIdentity wide = wide_text(start); wide.kind != FileKind::unknown) {
    return wide;
  }
  const FileIdentity text = text_kind(start);
  return text.kind == FileKind::unknown && start.find('\0') != std::string_view::npos
             ? foreign("a binary file of an unknown kind")
             : text;
}

void refuse_other_kinds(const std::string& path, std::string_view start, FileKind kind,
                        const WantedFile& wanted, FileKind also) {
  const FileIdentity found = what_is(start);
  if (found.kind == FileKind::unknown || found.kind == kind || found.kind == also) {
    return;
  }
  throw Error(ErrorCode::invalid_file,
              path + " is " + std::string(found.name) + " (" + std::string(wanted.what) +
                  " was expected). " + std::string(found.hint.empty() ? wanted.hint : found.hint));
}

}  // namespace rheobase
