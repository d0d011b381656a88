// SPDX-License-Identifier: Apache-2.0
// Real genomes with a key misspelt: the report, or the error, names the key. Here a sample of the
// keys; `make soak` takes all of them.
#include <gtest/gtest.h>

#include "support/misspelt.h"
#include "support/shared_data.h"

namespace rheobase::test {
namespace {

TEST(GenomeKeys, MisspeltInRealGenomes) {
  const std::vector<std::filesystem::path> files = genome_files();
  if (files.empty()) {
    GTEST_SKIP() << "no folder of genomes";
  }
  constexpr std::size_t kOfEach = 40;
  const TemporaryFolder folder;
  std::uint32_t seed = 0;
  for (const std::filesystem::path& file : files) {
    SCOPED_TRACE(file.string());
    const GenomeJson genome = GenomeJson::parse(text_of(file.string()));
    const std::vector<KeyPlace> places = key_places(genome);
    // other keys in each genome, as all of them hold much the same
    const std::size_t step = places.size() / kOfEach + 1;
    for (std::size_t i = seed % step; i < places.size(); i += step) {
      EXPECT_EQ(unnamed_key(genome, places[i], seed++, folder), "");
    }
  }
  EXPECT_GT(seed, 1500U);
}

}  // namespace
}  // namespace rheobase::test
