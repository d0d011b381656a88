// SPDX-License-Identifier: Apache-2.0
/// \file
/// A fixed team of threads that all do their part of one piece of work. From the standard library
/// alone, so that ThreadSanitizer sees every step of it.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <thread>
#include <vector>

#include "backends/cpu/gate.h"

namespace rheobase {

class ThreadTeam {
 public:
  /// `size` >= 1; the caller of `run` is one of them.
  explicit ThreadTeam(std::uint32_t size);
  ~ThreadTeam();
  ThreadTeam(const ThreadTeam&) = delete;
  ThreadTeam& operator=(const ThreadTeam&) = delete;

  [[nodiscard]] std::uint32_t size() const {
    return static_cast<std::uint32_t>(threads_.size()) + 1U;
  }
  /// Whether some thread would have to be woken, which takes some ten microseconds.
  [[nodiscard]] bool is_asleep() const { return round_.has_sleepers(); }
  /// Calls work(i) for i = 0 .. size - 1, each on its own thread, and returns when all have ended.
  /// The first exception is thrown on.
  void run(const std::function<void(std::uint32_t)>& work);

 private:
  void serve(std::uint32_t index);
  void call(std::uint32_t index);

  const std::function<void(std::uint32_t)>* work_ = nullptr;
  Gate round_;       ///< rises by one for each piece of work
  Gate unfinished_;  ///< threads that still work
  std::atomic<bool> ended_{false};
  std::vector<std::exception_ptr> failures_;
  std::vector<std::thread> threads_;
};

}  // namespace rheobase
