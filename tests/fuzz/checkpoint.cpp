// SPDX-License-Identifier: Apache-2.0
// Checkpoints, with checksums believed and pieces left raw, so that what they hold is reached.
// What is accepted must run, and must be the same after it was saved again.
#include "fuzz/fuzzed.h"

using namespace rheobase;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  test::only_errors([&] {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    Checkpoint read = read_checkpoint(bytes, "fuzzed");
    const std::uint64_t hash = read.network.hash();
    Engine engine(std::move(read), {"cpu", 1, 1, {}});
    const std::string path = test::file_of(nullptr, 0);
    engine.save(path);
    Engine again(load_checkpoint(path), {"reference", 1, 1, {}});
    test::run_a_little(engine);
    test::run_a_little(again);
    if (again.network().hash() != hash || again.signature() != engine.signature()) {
      std::cerr << "not the same after saving\n";
      std::abort();
    }
  });
  return 0;
}
