// SPDX-License-Identifier: Apache-2.0
/// \file
/// Recordings of spikes, read back; one target for each format.
#pragma once

#include "fuzz/fuzzed.h"
#include "rheobase/record.h"

namespace rheobase::test {

/// What is read must fit together.
inline void read_back_file(const std::string& path) {
  only_errors([&] {
    const SpikeTable table = read_spikes(path);
    if (table.bursts.size() != table.ids.size()) {
      std::cerr << "columns of unequal length\n";
      std::abort();
    }
  });
}

/// The bytes under a name with this ending.
inline void read_back(const std::uint8_t* data, std::size_t size, const std::string& ending) {
  read_back_file(file_of(data, size, ending));
}

}  // namespace rheobase::test
