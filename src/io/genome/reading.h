// SPDX-License-Identifier: Apache-2.0
/// \file
/// How a genome is being read: which FEAGI, how strictly, and what has to be told about it.
#pragma once

#include <string>
#include <vector>

#include "rheobase/error.h"
#include "rheobase/load.h"

namespace rheobase::genome {

struct Reading {
  std::string path;
  Semantics semantics = Semantics::feagi_0_0_53;
  bool strict = false;
  std::vector<ImportNote> notes;

  /// Genomes are read by the rules that FEAGI has had since 0.0.49.
  [[nodiscard]] bool current() const {
    return semantics == Semantics::feagi_0_0_53 || semantics == Semantics::feagi_0_0_49;
  }
  void note(ImportNote::Kind kind, const std::string& where, const std::string& message) {
    notes.push_back({kind, where, message});
  }
  void changed(const std::string& where, const std::string& message) {
    note(ImportNote::Kind::changed, where, message);
  }
  void ignored(const std::string& where, const std::string& message) {
    note(ImportNote::Kind::ignored, where, message);
  }
  /// \throws Error invalid_file "path: where: problem".
  [[noreturn]] void refuse(const std::string& where, const std::string& problem) const {
    throw Error(ErrorCode::invalid_file,
                path + ": " + (where.empty() ? "" : where + ": ") + problem);
  }
};

}  // namespace rheobase::genome
