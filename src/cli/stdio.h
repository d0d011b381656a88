// SPDX-License-Identifier: Apache-2.0
/// \file
/// `rheobase run --stdio`: one JSON line in, one out for each burst (docs/formats/stdio.md).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <ostream>
#include <vector>

#include "cli/line_reader.h"
#include "rheobase/engine.h"

namespace rheobase::cli {

/// Bytes of a line in, at most.
inline constexpr std::size_t kMostLineBytes = std::size_t{16} << 20U;

struct StdioOptions {
  /// Areas whose spikes are told; none: those whose role is output, or all if there are none.
  std::vector<Area> outputs;
  /// Brings what has happened to the disk. Called at the end, before it is told.
  std::function<void()> save = [] {};
  double save_seconds = 0.0;  ///< also about so often, if something has happened; 0: not
  /// Set from outside, ends the session after the burst at hand.
  const std::atomic<bool>* stop = nullptr;
};

enum class StdioEnd : std::uint8_t {
  ended,    ///< the input ended or said quit
  stopped,  ///< from outside
  unheard,  ///< nobody reads the answers any more
};

/// Serves until the input ends, says quit, or `out` takes no more. \throws what ends the engine.
StdioEnd serve_lines(Engine& engine, const StdioOptions& options, const ByteSource& in,
                     std::ostream& out);

}  // namespace rheobase::cli
