// SPDX-License-Identifier: Apache-2.0
#include "platform/thread.h"

#include <atomic>
#include <new>

#include "rheobase/error.h"

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#endif

namespace rheobase::platform {
namespace {

std::atomic<std::uint32_t> forks{0};

/// From now on forks are counted.
bool watch_forks() {
#if defined(__unix__) || defined(__APPLE__)
  if (pthread_atfork(nullptr, nullptr, [] { ++forks; }) != 0) {
    throw std::bad_alloc();
  }
#endif
  return true;
}

}  // namespace

std::uint32_t fork_generation() {
  static const bool watched = watch_forks();
  static_cast<void>(watched);
  return forks.load(std::memory_order_relaxed);
}

bool Thread::start(std::function<void()> work) {
  join();
  made_ = MadeHere();
  try {
    thread_ = std::make_unique<std::thread>(std::move(work));
  } catch (const std::system_error&) {
    return false;
  } catch (const std::bad_alloc&) {
    return false;
  }
  return true;
}

void Thread::require(const std::string& purpose, std::function<void()> work) {
  if (!start(std::move(work))) {
    throw Error(ErrorCode::unavailable, refused_thread("cannot start a thread " + purpose));
  }
}

void Thread::join() {
  if (thread_ == nullptr) {
    return;
  }
  if (made_.holds()) {
    thread_->join();
    thread_.reset();
  } else {
    // there is no such thread here, and its object must not be touched
    static_cast<void>(thread_.release());  // NOLINT(bugprone-unused-return-value)
  }
}

std::string refused_thread(const std::string& cannot) {
  return cannot +
         " (the system allows no more). Raise the limit of processes (ulimit -u, pids.max of the "
         "container) or of memory.";
}

}  // namespace rheobase::platform
