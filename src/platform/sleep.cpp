// SPDX-License-Identifier: Apache-2.0
#include "platform/sleep.h"

#include <thread>

#include "platform/cores.h"

#if defined(__linux__)
#include <sys/prctl.h>
#endif

namespace rheobase::platform {

void ask_for_exact_timers() {
#if defined(__linux__)
  prctl(PR_SET_TIMERSLACK, 1UL);  // of this thread, in nanoseconds; usually 50,000
#endif
}

void wait_exactly(std::chrono::steady_clock::time_point moment, std::chrono::nanoseconds look) {
  if (std::chrono::steady_clock::now() < moment - look) {
    std::this_thread::sleep_until(moment - look);
  }
  while (std::chrono::steady_clock::now() < moment) {
    relax();
  }
}

}  // namespace rheobase::platform
