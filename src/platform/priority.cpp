// SPDX-License-Identifier: Apache-2.0
#include "platform/priority.h"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "platform/thread.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

#if defined(_WIN32)
#include <windows.h>
#elif defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace rheobase::platform {
namespace {

[[noreturn]] void refuse(const std::string& what, const std::string& why, const std::string& mend) {
  throw Error(ErrorCode::unavailable, what + " (" + why + "). " + mend);
}

std::string reason(int error) { return std::generic_category().message(error); }

#if defined(_WIN32)

std::string last_error() {
  return std::system_category().message(static_cast<int>(GetLastError()));
}

void take_priority(std::uint32_t /*priority*/) {
  if (SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_TIME_CRITICAL) == 0) {
    refuse("the system does not allow a real-time priority", last_error(), "Run without one.");
  }
}

void take_core(std::uint32_t core) {
  const DWORD_PTR mask = core < 8 * sizeof(DWORD_PTR) ? DWORD_PTR{1} << core : 0;
  if (mask == 0 || SetThreadAffinityMask(GetCurrentThread(), mask) == 0) {
    refuse("the system gives no core " + number_text(core), last_error(), "Name another.");
  }
}

void lock_memory() {
  refuse("memory cannot be locked", "Windows locks no whole process", "Run without lock_memory.");
}
void unlock_memory() {}

#elif defined(__unix__) || defined(__APPLE__)

void take_priority(std::uint32_t priority) {
  sched_param wanted{};
  wanted.sched_priority = static_cast<int>(priority);
#if defined(__linux__)
  // threads that this one starts are as others
  const int error =
      sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &wanted) == 0 ? 0 : errno;
#else
  wanted.sched_priority = std::min(wanted.sched_priority, sched_get_priority_max(SCHED_FIFO));
  const int error = pthread_setschedparam(pthread_self(), SCHED_FIFO, &wanted);
#endif
  if (error != 0) {
    refuse("the system does not allow a real-time priority of " + number_text(priority),
           reason(error),
           "Allow it in this shell with `sudo prlimit --pid $$ --rtprio=" + number_text(priority) +
               "`, or run without priority.");
  }
}

void take_core(std::uint32_t core) {
#if defined(__linux__)
  cpu_set_t set;
  CPU_ZERO(&set);
  if (core < CPU_SETSIZE) {
    CPU_SET(core, &set);
  }
  if (sched_setaffinity(0, sizeof set, &set) != 0) {
    refuse("this process may not use a core " + number_text(core), reason(errno),
           "`taskset -p $$` shows those that it may.");
  }
#else
  refuse("a thread cannot be bound to core " + number_text(core), "not on this system",
         "Run without core.");
#endif
}

/// With a limit, later allocations would fail.
bool may_lock_all() {
  rlimit limit{};
  return geteuid() == 0 ||
         (getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY);
}

void lock_memory() {
  const bool allowed = may_lock_all();
  if (!allowed || mlockall(MCL_CURRENT | MCL_FUTURE) != 0) {
    refuse(
        "the system does not allow memory to be locked",
        allowed ? reason(errno) : "its limit is lower than what a brain may need",
        "Allow it in this shell with `sudo prlimit --pid $$ --memlock=unlimited`, or run without "
        "lock_memory.");
  }
}
void unlock_memory() { static_cast<void>(munlockall()); }

#else

void take_priority(std::uint32_t /*priority*/) {
  refuse("a thread has no priority", "not on this system", "Run without one.");
}
void take_core(std::uint32_t /*core*/) {
  refuse("a thread cannot be bound to a core", "not on this system", "Run without core.");
}
void lock_memory() {
  refuse("memory cannot be locked", "not on this system", "Run without lock_memory.");
}
void unlock_memory() {}

#endif

}  // namespace

UrgentThread::UrgentThread(const Urgency& urgency) {
  if (urgency.core) {
    take_core(*urgency.core);
  }
  if (urgency.priority != 0) {
    take_priority(urgency.priority);
  }
  if (urgency.lock_memory) {
    lock_memory();
    locked_ = true;
  }
}

UrgentThread::~UrgentThread() {
  if (locked_) {
    unlock_memory();
  }
}

std::string why_refused(const Urgency& urgency) {
  std::string why;
  Thread trial;  // one of its own, so that nothing of this one changes
  trial.require("to try its priority", [&] {
    try {
      const UrgentThread urgent(urgency);
    } catch (const Error& error) {
      why = error.what();
    }
  });
  trial.join();
  return why;
}

}  // namespace rheobase::platform
