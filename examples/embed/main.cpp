// SPDX-License-Identifier: Apache-2.0
// A chain of three neurons, built in code and run: who fires when.
#include <rheobase/engine.h>
#include <rheobase/error.h>

#include <iostream>

int main() {
  try {
    rheobase::NetworkBuilder builder({.dt_ms = 1.0});
    const auto chain = builder.population("chain", 3, {.threshold = 1.0F});
    builder.connect(chain, chain, rheobase::index_pairs({0, 1}, {1, 2}), {.weight = 1.5F});
    rheobase::Engine engine(builder.build());

    const auto spikes = std::make_shared<rheobase::MemorySink>();
    engine.add_sink(spikes);
    engine.record({.spikes = {{0, 3}}});
    engine.inject(0, 2.0F);
    engine.run(5);

    const rheobase::RecordBatch& record = spikes->all();
    for (std::size_t b = 0; b < record.bursts.size(); ++b) {
      for (auto i = record.spike_begin[b]; i < record.spike_begin[b + 1]; ++i) {
        std::cout << "burst " << record.bursts[b].burst << ": neuron " << record.spike_ids[i]
                  << "\n";
      }
    }
  } catch (const rheobase::Error& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
  return 0;
}
