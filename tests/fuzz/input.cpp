// SPDX-License-Identifier: Apache-2.0
// CSV: input of a run.
#include "fuzz/fuzzed.h"

using namespace rheobase;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Network network = [] {
    NetworkBuilder b;
    AreaSpec spec;
    spec.name = "eye";
    spec.size = {4, 3, 2};
    b.add_area(spec);
    b.population("b", 10, {});
    return b.build();
  }();
  const std::string path = test::file_of(data, size);
  test::only_errors([&] {
    Engine engine(network, {"cpu", 1, 1, {}});
    engine.schedule(load_input(path, network));
    engine.run(4);
  });
  return 0;
}
