// SPDX-License-Identifier: Apache-2.0
// Every key of every real genome misspelt once (without RHEOBASE_SOAK_SECONDS: some of each): the
// report, or the error, names each.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "support/misspelt.h"
#include "support/shared_data.h"

namespace rheobase::test {
namespace {

constexpr std::size_t kKeysOfEach = 40;

TEST(GenomeKeys, EveryKeyOfEveryRealGenomeMisspelt) {
  const std::vector<std::filesystem::path> files = genome_files();
  if (files.empty()) {
    GTEST_SKIP() << "no folder of genomes";
  }
  const bool all = std::getenv("RHEOBASE_SOAK_SECONDS") != nullptr;
  const TemporaryFolder folder;
  // one key of each genome in turn, so that fewer keys meet all genomes as well
  std::vector<GenomeJson> genomes;
  std::vector<std::vector<KeyPlace>> places;
  std::size_t most = 0;
  for (const std::filesystem::path& file : files) {
    genomes.push_back(GenomeJson::parse(text_of(file.string())));
    places.push_back(key_places(genomes.back()));
    most = std::max(most, places.back().size());
  }
  std::uint32_t tried = 0;
  most = all ? most : std::min(most, kKeysOfEach);
  for (std::size_t i = 0; i < most; ++i) {
    for (std::size_t g = 0; g < genomes.size(); ++g) {
      if (i < places[g].size()) {
        EXPECT_EQ(unnamed_key(genomes[g], places[g][i], tried++, folder), "") << files[g];
      }
    }
  }
  std::cout << "misspelt keys: " << tried << "\n";
}

}  // namespace
}  // namespace rheobase::test
