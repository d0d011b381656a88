// SPDX-License-Identifier: Apache-2.0
/// \file
/// The progress bar on standard error; silent where that is no terminal.
#pragma once

#include <cstdint>
#include <functional>

#include "rheobase/engine.h"

namespace rheobase::cli {

/// Draws over its own line at every call; `finish` wipes it.
class Progress {
 public:
  Progress(double dt_ms, std::uint64_t first_burst);
  ~Progress() { finish(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(const RunProgress& progress);
  void finish();

 private:
  double dt_ms_;
  std::uint64_t first_;
  std::uint32_t columns_;
  bool shown_ = false;
};

}  // namespace rheobase::cli
