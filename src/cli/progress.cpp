// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.h"

#include <fmt/printf.h>

#include <algorithm>
#include <iostream>
#include <string>

#include "rheobase/host.h"

namespace rheobase::cli {

Progress::Progress(double dt_ms, std::uint64_t first_burst)
    : dt_ms_(dt_ms), first_(first_burst), columns_(terminal_columns(2)) {}

void Progress::show(const RunProgress& p) {
  if (columns_ == 0) {
    return;
  }
  const double done = static_cast<double>(p.burst - first_ + 1);
  const double all = static_cast<double>(p.last_burst - first_ + 1);
  const double seconds = std::max(p.seconds, 1e-9);
  const double left = seconds * (all - done) / std::max(done, 1.0);
  const std::string facts = fmt::sprintf(
      " %llu/%llu bursts, %.0f spikes/burst, %.3gx real time, %.0f s left",
      static_cast<unsigned long long>(p.burst), static_cast<unsigned long long>(p.last_burst),
      static_cast<double>(p.spikes) / std::max(done, 1.0), done * dt_ms_ * 1e-3 / seconds, left);
  const std::string text = facts;
  const std::size_t width =
      columns_ > text.size() + 12 ? std::min<std::size_t>(columns_ - text.size() - 3, 40) : 0;
  std::string bar;
  if (width > 0) {
    const auto full = static_cast<std::size_t>(done / all * static_cast<double>(width));
    bar = "[" + std::string(full, '#') + std::string(width - std::min(full, width), '-') + "]";
  }
  std::cerr << "\r" << (bar + text).substr(0, columns_ - 1) << "\x1b[K" << std::flush;
  shown_ = true;
}

void Progress::finish() {
  if (shown_) {
    std::cerr << "\r\x1b[K" << std::flush;
    shown_ = false;
  }
}

}  // namespace rheobase::cli
