// SPDX-License-Identifier: Apache-2.0
/// \file
/// The traces of one end of a projection: what they are now, and what spikes make of them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "backends/cpu/synapse_block.h"

namespace rheobase {

/// Traces of neurons as they are in this burst, one column each. Worked out for all neurons at once
/// where many will be asked for, else for those that are.
class EndTraces {
 public:
  EndTraces(const Definition& now, const std::vector<float>& now_numbers, const Definition& spike,
            const std::vector<float>& spike_numbers, NeuronId first, std::uint32_t count,
            double dt_ms)
      : now_(now, now_numbers),
        spike_(spike, spike_numbers),
        first_(first),
        count_(count),
        dt_ms_(dt_ms),
        values_(now_.states(), std::vector<float>(count)) {}

  [[nodiscard]] std::size_t columns() const { return values_.size(); }
  /// Of a column, for the neurons that `work_out` was called for in this burst.
  [[nodiscard]] const float* values(std::size_t column) const { return values_[column].data(); }

  /// Neurons first .. first + count - 1 of the end, at most kBlock.
  void work_out(std::uint32_t first, std::uint32_t count,
                const std::vector<std::vector<float>>& traces,
                const std::vector<std::uint64_t>& spiked, std::uint64_t t, SynapseLanes& lanes) {
    for (std::size_t c = 0; c < traces.size(); ++c) {
      std::copy_n(traces[c].data() + first, count, lanes.state(c));
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      lanes.port(0)[i] = bursts_since(spiked[first + i], t);
    }
    now_.run(count, lanes, t, dt_ms_);
    for (std::size_t c = 0; c < traces.size(); ++c) {
      std::copy_n(lanes.state(c), count, values_[c].data() + first);
    }
  }
  /// Neurons by their ids.
  void work_out(std::span<const NeuronId> ids, const std::vector<std::vector<float>>& traces,
                const std::vector<std::uint64_t>& spiked, std::uint64_t t, SynapseLanes& lanes) {
    by_ids(now_, ids, traces, spiked, t, lanes, values_);
  }

  /// These neurons spiked: changes their traces and the bursts of their last spikes.
  void spike(std::span<const NeuronId> ids, std::vector<std::vector<float>>& traces,
             std::vector<std::uint64_t>& spiked, std::uint64_t t, SynapseLanes& lanes) const {
    by_ids(spike_, ids, traces, spiked, t, lanes, traces);
    for (const NeuronId id : ids) {
      spiked[id - first_] = t;
    }
  }

  [[nodiscard]] std::uint32_t count() const { return count_; }

 private:
  void by_ids(const SharedProgram& program, std::span<const NeuronId> ids,
              const std::vector<std::vector<float>>& traces,
              const std::vector<std::uint64_t>& spiked, std::uint64_t t, SynapseLanes& lanes,
              std::vector<std::vector<float>>& to) const {
    for (std::size_t begin = 0; begin < ids.size() && !traces.empty(); begin += kBlock) {
      const std::span<const NeuronId> some =
          ids.subspan(begin, std::min<std::size_t>(kBlock, ids.size() - begin));
      const auto n = static_cast<std::uint32_t>(some.size());
      for (std::size_t c = 0; c < traces.size(); ++c) {
        for (std::uint32_t i = 0; i < n; ++i) {
          lanes.state(c)[i] = traces[c][some[i] - first_];
        }
      }
      for (std::uint32_t i = 0; i < n; ++i) {
        lanes.port(0)[i] = bursts_since(spiked[some[i] - first_], t);
      }
      program.run(n, lanes, t, dt_ms_);
      for (std::size_t c = 0; c < traces.size(); ++c) {
        for (std::uint32_t i = 0; i < n; ++i) {
          to[c][some[i] - first_] = lanes.state(c)[i];
        }
      }
    }
  }

  SharedProgram now_, spike_;
  NeuronId first_;
  std::uint32_t count_;
  double dt_ms_;
  std::vector<std::vector<float>> values_;
};

}  // namespace rheobase
