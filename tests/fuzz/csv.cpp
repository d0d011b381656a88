// SPDX-License-Identifier: Apache-2.0
// spikes.csv, read back.
#include "fuzz/recording.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  rheobase::test::read_back(data, size, ".csv");
  return 0;
}
