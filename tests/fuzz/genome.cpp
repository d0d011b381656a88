// SPDX-License-Identifier: Apache-2.0
// Genomes and network recipes: read in all three ways, run, written again.
#include "fuzz/fuzzed.h"
#include "rheobase/load.h"

using namespace rheobase;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string path = test::file_of(data, size);
  for (const int way : {0, 1, 2}) {
    test::only_errors([&] {
      LoadOptions options;
      options.strict = way == 1;
      options.skip_broken = way == 2;
      const Brain brain = load(path, options);
      Engine engine(brain.network, {"cpu", 1, 1, {}});
      test::run_a_little(engine);
    });
  }
  test::only_errors([&] {
    const std::string again = path + ".json";
    static_cast<void>(convert(path, again));
    const Brain written = load(again);
    Engine engine(written.network, {"reference", 1, 1, {}});
    test::run_a_little(engine);
  });
  return 0;
}
