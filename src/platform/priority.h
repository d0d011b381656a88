// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a thread asks of the system so that other work does not delay it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace rheobase::platform {

struct Urgency {
  std::uint32_t priority = 0;           ///< 1 to 99, before all other threads; 0: as they
  bool lock_memory = false;             ///< of the whole process: none of it is paged out
  std::optional<std::uint32_t> core{};  ///< runs on this one alone
};

/// Of the thread that makes it, while it lives; threads that it starts are as others. Linux:
/// SCHED_FIFO, mlockall, sched_setaffinity; macOS: SCHED_FIFO; Windows: the time-critical
/// priority and an affinity mask. The last two are untried.
class UrgentThread {
 public:
  /// \throws Error unavailable: what the system refuses, and what allows it.
  explicit UrgentThread(const Urgency& urgency);
  ~UrgentThread();
  UrgentThread(const UrgentThread&) = delete;
  UrgentThread& operator=(const UrgentThread&) = delete;

 private:
  bool locked_ = false;
};

/// Why the system would refuse it; empty if it would not.
[[nodiscard]] std::string why_refused(const Urgency& urgency);

}  // namespace rheobase::platform
