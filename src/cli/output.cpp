// SPDX-License-Identifier: Apache-2.0
#include "cli/output.h"

#include <filesystem>
#include <fstream>

#include "rheobase/error.h"
#include "rheobase/text.h"

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

std::string grouped(std::uint64_t value) {
  std::string digits = number_text(value);
  for (std::size_t at = digits.size(); at > 3; at -= 3) {
    digits.insert(at - 3, ",");
  }
  return digits;
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
      text += std::string("  ") + name_of(note.kind) + "  " + shown(note.where) + ": " +
              shown(note.message) + "\n";
    }
  }
  return text;
}

}  // namespace rheobase::cli
