// SPDX-License-Identifier: Apache-2.0
#include "cli/output.h"

#include "rheobase/text.h"

namespace rheobase::cli {

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
