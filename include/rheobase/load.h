// SPDX-License-Identifier: Apache-2.0
/// \file
/// Brains on disk: FEAGI genomes and network recipes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rheobase/export.h"
#include "rheobase/network.h"
#include "rheobase/stop.h"

namespace rheobase {

struct LoadOptions {
  Semantics semantics = Semantics::feagi_0_0_53;  ///< of genomes; recipes carry their own rules
  /// Read broken genomes exactly as FEAGI does, instead of as their author meant.
  bool strict = false;
  std::uint64_t wiring_seed = 1;
  std::uint32_t threads = 0;  ///< that build the network; see NetworkOptions::threads
  StopRequest stop{};         ///< ends it with Error interrupted
  /// Leave out what cannot be read of a broken genome (a gene, a rule, a mapping, an area), take
  /// the rest and list what was left out in the report. Not together with `strict`.
  bool skip_broken = false;
  /// Quantum of charge 2^-k in place of the one that follows from the file: for finer weights by
  /// later edits than the file has (NetworkOptions::quantum_bits). Not for checkpoints.
  std::optional<std::uint32_t> quantum_bits{};
};

/// One remark of an import report.
struct ImportNote {
  enum class Kind : std::uint8_t {
    taken,    ///< as written
    changed,  ///< read differently from how it is written, and why
    ignored,  ///< kept in the file, without effect on the run, and why
  };
  Kind kind = Kind::taken;
  std::string where;  ///< "area i_visi", "rule 2 of M1 -> M2", "modulators", …
  std::string message;
};

struct ImportReport {
  std::string format;  ///< "FEAGI genome 2.1, flat", "rheobase network 1", …
  std::string title;
  std::vector<ImportNote> notes;
};

struct Brain {
  Network network;
  ImportReport report;
};

/// Loads a genome (any FEAGI schema up to 7, flat or hierarchical, or the form before 2.0), a
/// network recipe, or the network of a checkpoint; the content decides. Every key of a genome is
/// taken, or stands in the report as changed or ignored. \throws Error invalid_file, io,
/// out_of_memory naming file, area and rule; invalid_argument for `strict` together with
/// `skip_broken`.
[[nodiscard]] RHEOBASE_API Brain load(const std::string& path, const LoadOptions& options = {});

/// Reads one brain file and writes it in the form that the extension of `out` asks for: ".genome"
/// or
/// ".json" for genomes (FEAGI's current schema, flat, ids in base64; nothing that the input holds
/// is lost). Written to a temporary file, then renamed. \return what was changed on the way.
RHEOBASE_API ImportReport convert(const std::string& in, const std::string& out);

}  // namespace rheobase
