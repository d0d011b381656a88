// SPDX-License-Identifier: Apache-2.0
/// \file
/// A genome with each of its keys misspelt once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "support/genome_text.h"

namespace rheobase::test {

struct KeyPlace {
  std::vector<std::string> path;  ///< keys and, for arrays, positions; the last is the key
};

/// The shared genomes, sorted; none if there is no folder of genomes.
[[nodiscard]] std::vector<std::filesystem::path> genome_files();

/// All keys of all objects of the tree, in the order of the file.
[[nodiscard]] std::vector<KeyPlace> key_places(const GenomeJson& tree);

/// The tree with one key replaced in its place; the misspelling is chosen by `seed` (a letter put
/// in, left out, doubled or changed). \return the misspelt key; empty if it would be another key
/// of the object.
std::string misspell(GenomeJson& tree, const KeyPlace& place, std::uint32_t seed);

/// The key if neither report nor error of the genome names it; empty if one does.
[[nodiscard]] std::string unnamed_key(const GenomeJson& genome, const KeyPlace& place,
                                      std::uint32_t seed, const TemporaryFolder& folder);

}  // namespace rheobase::test
