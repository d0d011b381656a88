// SPDX-License-Identifier: Apache-2.0
/// \file
/// Threads that share a list of pieces of work and sleep between lists.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "platform/thread.h"

namespace rheobase {

class Team {
 public:
  /// The caller of `share` is one of `threads`.
  explicit Team(std::uint32_t threads);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  /// Calls work(0) to work(count - 1), in any order, each once. The first exception is thrown again
  /// when all have ended. In a forked child the caller does all of it.
  void share(std::size_t count, const std::function<void(std::size_t)>& work);

 private:
  void serve();
  void take_pieces();

  platform::MadeHere made_;
  /// Left alone in a forked child, where threads that are gone still wait.
  struct Meeting {
    std::mutex mutex;
    std::condition_variable begins, ended;
  };
  std::unique_ptr<Meeting> meeting_ = std::make_unique<Meeting>();
  std::uint64_t list_ = 0;  ///< number of the list at hand
  std::size_t at_work_ = 0;
  bool leaves_ = false;
  std::size_t count_ = 0;
  const std::function<void(std::size_t)>* work_ = nullptr;
  std::atomic<std::size_t> next_{0};
  std::exception_ptr raised_;
  std::vector<platform::Thread> threads_;
};

}  // namespace rheobase
