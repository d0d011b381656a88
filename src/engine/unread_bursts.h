// SPDX-License-Identifier: Apache-2.0
/// \file
/// Bursts of a real-time loop that nobody has read yet.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "rheobase/realtime.h"

namespace rheobase {

/// Keeps the newest ones apart and tells all that are older as one, so that no spike is lost and
/// memory does not grow with time: a joined entry holds each neuron once.
class UnreadBursts {
 public:
  /// `most`: entries, at least 1.
  explicit UnreadBursts(std::uint64_t most) : most_(most) {}

  /// `fired`: ascending, each once. True if two entries became one.
  bool add(std::uint64_t burst, std::vector<NeuronId> fired, std::uint64_t spikes, bool late);
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  /// The oldest entry; there must be one.
  [[nodiscard]] RealtimeBurst take();

 private:
  struct Entry {
    RealtimeBurst told;
    std::vector<NeuronId> more;  ///< fired too, not counted in `told` yet

    /// Counts `more` in.
    void settle();
    void join(Entry newer);
  };

  std::uint64_t most_;
  std::deque<Entry> entries_;  ///< the oldest first
};

}  // namespace rheobase
