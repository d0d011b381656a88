// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the processor and its memory can do at best, measured now: the loops that a burst consists
/// of, written down plainly, on data that lie as well as they can.
#pragma once

#include <cstdint>

#include "rheobase/export.h"

namespace rheobase {

struct HostLoad {
  std::uint32_t neurons = 0;
  std::uint32_t synapses = 0;  ///< of each neuron
  double firing = 0.0;         ///< share of the neurons that fire
  /// Each owns a range of accumulators and the part of every row that reaches it.
  std::uint32_t threads = 1;
  bool wide_words = false;  ///< accumulators of 64 bits
};

/// Seconds per burst.
struct HostLimits {
  double plain = 0.0;       ///< packed synapses of the rows that fire, added to random accumulators
  double prefetched = 0.0;  ///< the same, the rows of the next spikes prefetched
  /// First copied, by streaming stores, into bins whose accumulators fit the cache.
  double binned = 0.0;
  double step = 0.0;  ///< the bytes of the step read and written, with no arithmetic to speak of

  [[nodiscard]] RHEOBASE_API double delivery() const;  ///< the best of the three
  [[nodiscard]] double burst() const { return delivery() + step; }
};

/// Medians of several rounds, for about `seconds` each.
[[nodiscard]] RHEOBASE_API HostLimits measure_host_limits(const HostLoad& load, double seconds);

}  // namespace rheobase
