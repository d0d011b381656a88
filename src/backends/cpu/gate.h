// SPDX-License-Identifier: Apache-2.0
/// \file
/// A number that threads wait for.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "platform/cores.h"

namespace rheobase {

/// Waits by looking for a few microseconds, then by sleeping. (std::atomic::wait loses wake-ups on
/// Windows with GCC 12, and sleeps at once elsewhere.)
class Gate {
 public:
  /// `looks`: how often a waiting thread looks before it sleeps.
  explicit Gate(std::uint32_t looks) : looks_(looks) {}

  [[nodiscard]] std::uint32_t value() const { return value_.load(); }
  [[nodiscard]] bool has_sleepers() const { return sleepers_.load() != 0; }
  void set(std::uint32_t value) { value_ = value; }  ///< while nobody waits
  /// Changes the value by `step` and wakes who waits for it.
  void add(std::uint32_t step) {
    value_ += step;
    // a waiter counts itself before it looks for the last time, so one sees the other
    if (sleepers_.load() != 0) {
      const std::lock_guard lock(mutex_);
      changed_.notify_all();
    }
  }
  /// Returns the value once it is another than `seen`.
  std::uint32_t wait_while(std::uint32_t seen) {
    for (std::uint32_t i = 0; i < looks_; ++i) {
      if (const std::uint32_t value = value_.load(); value != seen) {
        return value;
      }
      platform::relax();
    }
    std::unique_lock lock(mutex_);
    ++sleepers_;
    changed_.wait(lock, [&] { return value_.load() != seen; });
    --sleepers_;
    return value_.load();
  }

 private:
  std::uint32_t looks_;
  std::atomic<std::uint32_t> value_{0};
  std::atomic<std::uint32_t> sleepers_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
};

}  // namespace rheobase
