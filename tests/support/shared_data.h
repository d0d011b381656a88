// SPDX-License-Identifier: Apache-2.0
/// \file
/// Where the tests find the data that is not part of the repository.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace rheobase::test {

/// Files of FEAGI's vectors that exist: those of RHEOBASE_VECTORS (separated by colons), or, where
/// that is unset, ../shared/data/feagi_vectors.json and feagi_vectors_0_0_53.json beside the
/// sources. Empty if there are none: skip with GTEST_SKIP.
[[nodiscard]] std::vector<std::filesystem::path> vector_files();

/// The folder of genomes: RHEOBASE_GENOMES, or ../shared/data/feagi_genomes. None if it is absent.
[[nodiscard]] std::optional<std::filesystem::path> genome_folder();

/// A file or folder of the shared data by its name below ../shared/data, such as
/// "sonata_300_intfire". None if it is absent.
[[nodiscard]] std::optional<std::filesystem::path> shared_data(std::string_view name);

}  // namespace rheobase::test
