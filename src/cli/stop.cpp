// SPDX-License-Identifier: Apache-2.0
#include "cli/stop.h"

namespace rheobase::cli {
namespace {

std::atomic<bool> stop_requested{false};
int living = 0;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

void request_stop(int /*signal*/) { stop_requested = true; }

}  // namespace

StopOnSignals::StopOnSignals() {
  if (living++ > 0) {
    return;  // the outer one hears them
  }
  stop_requested = false;
  take(SIGINT, request_stop);
  take(SIGTERM, request_stop);
#ifdef SIGHUP
  take(SIGHUP, request_stop);
  if (former_.back().handler == SIG_IGN) {  // nohup
    std::signal(SIGHUP, SIG_IGN);
  }
#endif
#ifdef SIGPIPE
  take(SIGPIPE, SIG_IGN);
#endif
}

StopOnSignals::~StopOnSignals() {
  --living;
  for (const Former& former : former_) {
    std::signal(former.signal, former.handler);
  }
}

const std::atomic<bool>& StopOnSignals::requested() { return stop_requested; }

bool StopOnSignals::request() {
  stop_requested = stop_requested || living > 0;
  return living > 0;
}

void StopOnSignals::take(int signal, void (*handler)(int)) {
  void (*former)(int) = std::signal(signal, handler);
  if (former != SIG_ERR) {
    former_.push_back({signal, former});
  }
}

}  // namespace rheobase::cli
