// SPDX-License-Identifier: Apache-2.0
/// \file
/// A genome as a document: areas with their genes, morphologies, and everything else as it was
/// written.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "io/genome/cortical_id.h"
#include "io/genome/reading.h"
#include "io/json_text.h"

namespace rheobase::genome {

/// One gene of the file.
struct GeneEntry {
  std::string key;  ///< "fire_t-f"
  Json value;
  std::string written;  ///< the key as the file has it
};

/// An area as the file holds it, in whichever layout. Keys of genes are those of flat files without
/// prefix ("fire_t-f"); what is no gene keeps its own name.
struct AreaRecord {
  std::string text;  ///< the id as written
  CorticalId id{};
  std::vector<GeneEntry> genes;  ///< in file order

  /// The gene of that stem, in FEAGI's type letter if the file has several; null if there is none
  /// or its value is null. `strict`: FEAGI's letter only.
  [[nodiscard]] const Json* find(std::string_view stem, bool strict = false) const;
  /// `area "name"`, for notes and errors.
  [[nodiscard]] std::string where() const;
};

struct Document {
  std::string format;  ///< "FEAGI genome 2.1, flat"
  std::string title;
  int schema = 0;
  bool flat = false;
  bool before_2 = false;  ///< of the form before 2.0, rewritten
  Json root;              ///< everything but the blueprint and the morphologies
  std::vector<AreaRecord> areas;
  std::vector<std::pair<std::string, Json>>
      foreign;  ///< entries of the blueprint that are no areas
  Json morphologies = Json::object();

  [[nodiscard]] const AreaRecord* area(const CorticalId& id) const;
  /// The area that a mapping means by a text: the one written so, else the one of that id.
  [[nodiscard]] const AreaRecord* area_of_text(const std::string& text) const;
};

/// True if the tree looks like a genome (it has a blueprint).
[[nodiscard]] bool is_genome(const Json& root);

/// Splits the tree into areas, morphologies and the rest; ids are migrated to eight bytes, names of
/// morphologies to FEAGI's present ones. \throws Error invalid_file.
[[nodiscard]] Document read_document(Json root, Reading& reading);

/// The present name of a morphology: "memory" is "episodic_memory" today.
[[nodiscard]] std::string present_morphology_name(const std::string& name);

}  // namespace rheobase::genome
