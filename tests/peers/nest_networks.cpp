// SPDX-License-Identifier: Apache-2.0
// nest_networks FILE BACKEND: runs a network that tools/peers-check wrote as JSON and prints its
// spikes, one `burst neuron` per line.
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "rheobase/engine.h"
#include "rheobase/error.h"

int main(int argc, char** argv) {
  using namespace rheobase;
  if (argc != 3) {
    std::cerr << "usage: nest_networks FILE BACKEND\n";
    return 2;
  }
  try {
    const nlohmann::json file = nlohmann::json::parse(std::ifstream(argv[1]));
    NetworkOptions options;
    options.dt_ms = file.at("dt_ms");
    NetworkBuilder builder(options);
    for (const auto& n : file.at("neurons")) {
      LifParams p;
      p.tau_m_ms = n.at("tau_m");
      p.v_reset_mv = n.at("v_reset");
      p.v_threshold_mv = n.at("v_th");
      p.t_ref_ms = n.at("t_ref");
      builder.population("n" + std::to_string(n.at("id").get<int>()), 1, lif(p, options.dt_ms));
    }
    std::vector<Synapse> synapses;
    for (const auto& s : file.at("synapses")) {
      synapses.push_back({s[0], s[1], s[2], 1.0F, s[3]});
    }
    builder.connect(std::move(synapses));
    Engine engine(builder.build(), {argv[2], 2, 1, {}});
    InputSchedule input;
    for (const auto& row : file.at("input")) {
      input.bursts.push_back(row[0]);
      input.ids.push_back(row[1]);
      input.potentials.push_back(row[2]);
    }
    engine.schedule(input);
    engine.record(
        {.spikes = {{0, engine.network().neuron_count()}}, .probes = {}, .branches = false});
    const auto spikes = std::make_shared<MemorySink>();
    engine.add_sink(spikes);
    engine.run(file.at("steps").get<std::uint64_t>());
    const RecordBatch& record = spikes->all();
    for (std::size_t b = 0; b < record.bursts.size(); ++b) {
      for (auto i = record.spike_begin[b]; i < record.spike_begin[b + 1]; ++i) {
        std::cout << record.bursts[b].burst << " " << record.spike_ids[i] << "\n";
      }
    }
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
  return 0;
}
