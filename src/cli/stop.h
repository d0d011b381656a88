// SPDX-License-Identifier: Apache-2.0
/// \file
/// The one way in which a command that holds state is asked to end.
#pragma once

#include <atomic>
#include <csignal>
#include <vector>

#include "rheobase/error.h"
#include "rheobase/stop.h"

namespace rheobase::cli {

/// Thrown out of a command that was asked to end and has nothing to keep.
struct Stopped {};

/// While one lives, SIGINT, SIGTERM and SIGHUP ask the command to end (SIGHUP not under nohup), and
/// a pipe whose reader left is an error of the write instead of the end of the process. Afterwards
/// signals work as before. One within another changes nothing.
class StopOnSignals {
 public:
  StopOnSignals();
  ~StopOnSignals();
  StopOnSignals(const StopOnSignals&) = delete;
  StopOnSignals& operator=(const StopOnSignals&) = delete;

  /// True as soon as a signal came. It outlives every object of this class.
  [[nodiscard]] static const std::atomic<bool>& requested();
  /// Asks as a signal does. \return false if no object lives that would hear it.
  static bool request();

 private:
  struct Former {
    int signal;
    void (*handler)(int);
  };
  void take(int signal, void (*handler)(int));

  std::vector<Former> former_;
};

/// `work(stop)`, which a signal ends. \throws Error interrupted then.
template <class Work>
auto until_signalled(Work work) {
  const StopOnSignals signals;
  const StopRequest stop = [] { return StopOnSignals::requested().load(); };
  auto result = work(stop);
  if (stop()) {  // it came when the work was nearly done
    throw Error(ErrorCode::interrupted, "stopped before it was done.");
  }
  return result;
}

}  // namespace rheobase::cli
