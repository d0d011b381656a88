// SPDX-License-Identifier: Apache-2.0
/// \file
/// The one place where threads are made (tests/structure holds that).
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>

namespace rheobase::platform {

/// How many forks lie between this process and the one that began. After a fork the child has the
/// memory of its parent, but none of its threads: what waits for one waits for ever, and even what
/// destroys a lock or a condition may.
[[nodiscard]] std::uint32_t fork_generation();

/// Remembers in which process something was made.
class MadeHere {
 public:
  MadeHere() : generation_(fork_generation()) {}
  /// False in a child that was forked since.
  [[nodiscard]] bool holds() const { return generation_ == fork_generation(); }

 private:
  std::uint32_t generation_;
};

/// A thread that is waited for when its object ends. In a forked child there is nothing to wait
/// for. What it does must not throw.
class Thread {
 public:
  Thread() = default;
  ~Thread() { join(); }
  Thread(Thread&& other) noexcept = default;
  Thread& operator=(Thread&& other) noexcept {
    join();
    thread_ = std::move(other.thread_);
    made_ = other.made_;
    return *this;
  }

  /// False if the system gives no more threads.
  [[nodiscard]] bool start(std::function<void()> work);
  /// \throws Error unavailable: "cannot start a thread `purpose` (...)".
  void require(const std::string& purpose, std::function<void()> work);

  void join();
  [[nodiscard]] bool is_running() const { return thread_ != nullptr; }
  [[nodiscard]] std::thread::id id() const {
    return thread_ == nullptr ? std::thread::id() : thread_->get_id();
  }

 private:
  std::unique_ptr<std::thread> thread_;  ///< null: none was started, or it was joined
  MadeHere made_;
};

/// Calls `work` on a thread of its own; where the system gives none, within `get` or `wait`.
template <class Work>
[[nodiscard]] std::future<std::invoke_result_t<Work>> in_background(Work work) {
  try {
    return std::async(std::launch::async, work);  // a copy: it may be needed again
  } catch (const std::system_error&) {
    return std::async(std::launch::deferred, std::move(work));
  }
}

/// Why `cannot` is so and what helps: of a thread that the system refused.
[[nodiscard]] std::string refused_thread(const std::string& cannot);

}  // namespace rheobase::platform
