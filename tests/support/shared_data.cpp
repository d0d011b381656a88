// SPDX-License-Identifier: Apache-2.0
#include "support/shared_data.h"

#include <algorithm>
#include <cstdlib>
#include <string>

namespace rheobase::test {
namespace {

namespace fs = std::filesystem;

// the folder beside the sources; the build tells where those are
fs::path default_folder() {
  return fs::path(RHEOBASE_SOURCE_DIR).parent_path() / "shared" / "data";
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

}  // namespace

std::vector<fs::path> vector_files() {
  std::vector<fs::path> candidates;
  if (const char* list = std::getenv("RHEOBASE_VECTORS")) {
    const std::string text = list;
    for (std::size_t start = 0; start <= text.size();) {
      const std::size_t end = std::min(text.find(':', start), text.size());
      if (end > start) {
        candidates.emplace_back(text.substr(start, end - start));
      }
      start = end + 1;
    }
  } else {
    candidates = {default_folder() / "feagi_vectors.json",
                  default_folder() / "feagi_vectors_0_0_49.json",
                  default_folder() / "feagi_vectors_0_0_53.json"};
  }
  std::vector<fs::path> found;
  for (const fs::path& path : candidates) {
    if (is_there(path)) {
      found.push_back(path);
    }
  }
  return found;
}

std::optional<fs::path> genome_folder() {
  if (const char* folder = std::getenv("RHEOBASE_GENOMES")) {
    return is_there(folder) ? std::optional<fs::path>(folder) : std::nullopt;
  }
  return shared_data("feagi_genomes");
}

std::optional<fs::path> shared_data(std::string_view name) {
  const fs::path path = default_folder() / name;
  return is_there(path) ? std::optional<fs::path>(path) : std::nullopt;
}

}  // namespace rheobase::test
