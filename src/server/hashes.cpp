// SPDX-License-Identifier: Apache-2.0
#include "server/hashes.h"

#include <string>

namespace rheobase::server {

std::uint64_t change_number(std::string_view bytes) {
  std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a
  for (const char c : bytes) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  }
  hash = (hash ^ hash >> 53U) & ((1ULL << 53U) - 1U);
  return hash == 0 ? 1 : hash;
}

Hashes hashes_of(const Document& document) {
  std::string areas;
  std::string geometry;
  std::string mappings;
  for (const GenomeArea& area : document.areas()) {
    for (const auto& [gene, value] : area.genes.items()) {
      const std::string text = area.id + gene + value.dump() + "\n";
      const bool place = gene.find("rcord") != std::string::npos ||
                         gene.find("___bb") != std::string::npos ||
                         gene.find("2dcor") != std::string::npos;
      (gene == "cx-dstmap-d" ? mappings : place ? geometry : areas) += text;
    }
    geometry += document.region_of(area.id) + "\n";
  }
  const Json& root = document.root();
  const std::string classifiers =
      root.contains("classifiers") ? root["classifiers"].dump() : std::string();
  return {change_number(document.regions().dump()),
          change_number(areas),
          change_number(geometry),
          change_number(document.morphologies().dump()),
          change_number(mappings),
          change_number(classifiers)};
}

}  // namespace rheobase::server
