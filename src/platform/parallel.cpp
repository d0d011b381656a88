// SPDX-License-Identifier: Apache-2.0
#include "platform/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <vector>

#include "platform/interrupt.h"
#include "platform/thread.h"

namespace rheobase::platform {

void parallel_for(std::size_t count, std::uint32_t threads,
                  const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr failure;
  std::atomic<bool> failed{false};
  const auto take = [&] {
    const StopsWith others_fail(failed);
    try {
      for (std::size_t i = next++; i < count; i = next++) {
        check_stop();
        work(i);
      }
    } catch (...) {
      next = count;
      const std::lock_guard lock(mutex);
      if (failure == nullptr) {
        failure = std::current_exception();
      }
      failed = true;
    }
  };
  {
    // those that the system gives do the work
    const std::size_t useful = std::max<std::size_t>(std::min<std::size_t>(threads, count), 1);
    std::vector<Thread> others(useful - 1);
    for (Thread& thread : others) {
      if (!thread.start(take)) {
        break;
      }
    }
    take();
  }
  if (failure != nullptr) {
    std::rethrow_exception(failure);
  }
}

}  // namespace rheobase::platform
