// SPDX-License-Identifier: Apache-2.0
#include "cli/output.h"

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "rheobase/error.h"

namespace rheobase::cli {

void write_whole_file(const std::string& path, const std::string& text) {
  const std::string temporary = path + ".part";
  std::error_code error;
  bool written = false;
  {
    std::ofstream file(temporary, std::ios::binary);
    file << text;
    file.close();
    written = !file.fail();
  }
  if (written) {
    std::filesystem::rename(temporary, path, error);
    written = !error;
  }
  if (!written) {
    std::filesystem::remove(temporary, error);
    throw Error(ErrorCode::io, "cannot write " + path +
                                   " (the folder is missing, full or not yours). Choose another.");
  }
}

std::string hex(std::uint64_t value) {
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(value));
  return text.data();
}

std::string grouped(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3; at -= 3) {
    digits.insert(at - 3, ",");
  }
  return digits;
}

std::string bytes_text(double bytes) {
  constexpr std::array kUnits{"B", "KB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  for (; bytes >= 1000.0 && unit + 1 < kUnits.size(); ++unit) {
    bytes /= 1000.0;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", bytes, kUnits[unit]);
  return text.data();
}

const char* name_of(ImportNote::Kind kind) {
  switch (kind) {
    case ImportNote::Kind::taken: return "taken";
    case ImportNote::Kind::changed: return "changed";
    case ImportNote::Kind::ignored: return "ignored";
  }
  return "";
}

std::string report_text(const ImportReport& report, bool all) {
  std::string text;
  for (const ImportNote& note : report.notes) {
    if (all || note.kind != ImportNote::Kind::taken) {
      text +=
          std::string("  ") + name_of(note.kind) + "  " + note.where + ": " + note.message + "\n";
    }
  }
  return text;
}

}  // namespace rheobase::cli
