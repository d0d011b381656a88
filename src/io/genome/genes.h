// SPDX-License-Identifier: Apache-2.0
/// \file
/// The genes of an area: FEAGI's names in flat files and in hierarchical ones.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace rheobase::genome {

/// One gene. In a flat file its key ends with "<prefix>-<stem>-<letter>".
struct Gene {
  std::string_view stem;      ///< "fire_t"
  char letter;                ///< type in FEAGI's spelling: i, f, b, t or d
  std::string_view prefix;    ///< "cx" or "nx"
  std::string_view property;  ///< name in a hierarchical file

  /// "fire_t-f"
  [[nodiscard]] std::string key() const { return std::string(stem) + "-" + letter; }
};

/// All genes but those of size and position, which hierarchical files hold as arrays.
[[nodiscard]] std::span<const Gene> genes();
/// The genes of an axis: "___bb" + axis, "rcord" + axis, "2dcor" + axis.
[[nodiscard]] std::span<const Gene> axis_genes();

/// The gene of a stem, whatever type letter the file has; null for an unknown one.
[[nodiscard]] const Gene* gene_of_stem(std::string_view stem);
/// The gene of a property of hierarchical files; null for an unknown one.
[[nodiscard]] const Gene* gene_of_property(std::string_view property);

}  // namespace rheobase::genome
