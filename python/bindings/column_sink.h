// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "rheobase/record.h"

namespace rheobase::python {

/// Keeps what a run records in columns that become arrays.
class ColumnSink final : public RecordSink {
 public:
  void write(const RecordBatch& batch) override {
    if (paused) {
      return;
    }
    const std::uint64_t before = ids.size();
    ids.insert(ids.end(), batch.spike_ids.begin(), batch.spike_ids.end());
    for (std::size_t i = 0; i < batch.bursts.size(); ++i) {
      const BurstCounters& b = batch.bursts[i];
      begin.push_back(before + batch.spike_begin[i + 1]);
      spikes.push_back(b.spikes);
      events.push_back(b.events);
      last = b;
    }
    if (probe_bursts.size() < batch.probes.size()) {
      probe_bursts.resize(batch.probes.size());
      probe_values.resize(batch.probes.size());
    }
    for (std::size_t p = 0; p < batch.probes.size(); ++p) {
      const auto& from = batch.probes[p];
      probe_bursts[p].insert(probe_bursts[p].end(), from.bursts.begin(), from.bursts.end());
      probe_values[p].insert(probe_values[p].end(), from.values.begin(), from.values.end());
    }
  }
  void close() override {}
  void clear() { *this = ColumnSink(); }

  bool paused = false;  ///< keeps nothing: a real-time loop hands its spikes out itself

  std::vector<NeuronId> ids;
  std::vector<std::uint64_t> begin{0}, spikes, events;
  std::vector<std::vector<std::uint64_t>> probe_bursts;
  std::vector<std::vector<float>> probe_values;
  BurstCounters last;
};

}  // namespace rheobase::python
