// SPDX-License-Identifier: Apache-2.0
#include "platform/interrupt.h"

#include <chrono>

#include "rheobase/error.h"

namespace rheobase::platform {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kEvery{50};
constexpr std::uint64_t kLittleWork = 1U << 14U;

thread_local const StopRequest* request_here = nullptr;
thread_local Clock::time_point asked_here;
thread_local const std::atomic<bool>* flag_here = nullptr;
thread_local std::uint64_t work_here = 0;  // since the clock was looked at

[[noreturn]] void stop() { throw Error(ErrorCode::interrupted, "stopped before it was done."); }

}  // namespace

Stoppable::Stoppable(const StopRequest& request) : former_(request_here) {
  if (request) {
    request_here = &request;
    asked_here = {};  // at once for the first time
  }
}
Stoppable::~Stoppable() { request_here = former_; }

StopsWith::StopsWith(const std::atomic<bool>& flag) : former_(flag_here) { flag_here = &flag; }
StopsWith::~StopsWith() { flag_here = former_; }

void check_stop(std::uint64_t work) {
  if (flag_here != nullptr && flag_here->load(std::memory_order_relaxed)) {
    stop();
  }
  if (request_here == nullptr) {
    return;
  }
  if (work < kLittleWork && (work_here += work) < kLittleWork) {
    return;
  }
  work_here = 0;
  const Clock::time_point now = Clock::now();
  if (now - asked_here >= kEvery) {
    asked_here = now;
    if ((*request_here)()) {
      stop();
    }
  }
}

}  // namespace rheobase::platform
