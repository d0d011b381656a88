// SPDX-License-Identifier: Apache-2.0
/// \file
/// Small genomes as text.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "rheobase/load.h"
#include "support/temporary_folder.h"

namespace rheobase::test {

using GenomeJson = nlohmann::ordered_json;

inline std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// A flat genome of two areas, `cSRC__` and `cDST__`, of 2 x 1 x 1 voxels each, joined by one
/// block_to_block rule; genes and rules can be replaced.
inline GenomeJson small_genome() {
  GenomeJson genome = {
      {"version", "2.0"}, {"genome_title", "small"}, {"physiology", {{"burst_delay", 0.01}}}};
  GenomeJson blueprint = GenomeJson::object();
  for (const std::string id : {"cSRC__", "cDST__"}) {
    const std::string head = "_____10c-" + id + "-";
    blueprint[head + "cx-__name-t"] = id.substr(1, 3);
    blueprint[head + "cx-___bbx-i"] = 2;
    blueprint[head + "cx-___bby-i"] = 1;
    blueprint[head + "cx-___bbz-i"] = 1;
    blueprint[head + "cx-dstmap-d"] = GenomeJson::object();
  }
  blueprint["_____10c-cSRC__-cx-dstmap-d"]["cDST__"] =
      GenomeJson::array({{{"morphology_id", "block_to_block"}}});
  genome["blueprint"] = blueprint;
  genome["neuron_morphologies"] = GenomeJson::object();
  return genome;
}

inline GenomeJson& gene(GenomeJson& genome, const std::string& area, const std::string& key) {
  return genome["blueprint"]["_____10c-" + area + "-" + key];
}
inline GenomeJson& rules(GenomeJson& genome) {
  return gene(genome, "cSRC__", "cx-dstmap-d")["cDST__"];
}

inline Brain load_text(const std::string& text, const LoadOptions& options = {}) {
  const TemporaryFolder folder;
  return load(folder.write("brain.json", text), options);
}
inline Brain load_genome(const GenomeJson& genome, const LoadOptions& options = {}) {
  return load_text(genome.dump(), options);
}

/// The notes of one kind, joined, to search in.
inline std::string notes_of(const ImportReport& report, ImportNote::Kind kind) {
  std::string text;
  for (const ImportNote& note : report.notes) {
    if (note.kind == kind) {
      text += note.where + ": " + note.message + "\n";
    }
  }
  return text;
}

}  // namespace rheobase::test
