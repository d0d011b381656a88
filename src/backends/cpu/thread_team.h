// SPDX-License-Identifier: Apache-2.0
/// \file
/// A fixed team of threads that all do their part of one piece of work. From the standard library
/// alone, so that ThreadSanitizer sees every step of it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace rheobase {

class ThreadTeam {
 public:
  /// `size` >= 1; the caller of `run` is one of them. `fewer_will_do`: the team is as large as the
  /// system allows. \throws Error unavailable if it allows fewer and they will not do.
  ThreadTeam(std::uint32_t size, bool fewer_will_do);
  ~ThreadTeam();
  ThreadTeam(const ThreadTeam&) = delete;
  ThreadTeam& operator=(const ThreadTeam&) = delete;

  [[nodiscard]] std::uint32_t size() const { return size_; }
  /// Whether some thread would have to be woken, which takes some ten microseconds.
  [[nodiscard]] bool is_asleep() const;
  /// Calls work(i) once for each i = 0 .. size - 1 and returns when all have ended. Each has a
  /// thread of its own, but the caller does what a thread has not begun when its own part is done:
  /// on a busy machine nobody waits for one that gets no core. The first exception is thrown on. In
  /// a forked child the threads are made anew, as far as the system allows.
  void run(const std::function<void(std::uint32_t)>& work);

 private:
  class Crew;
  std::uint32_t size_;
  std::unique_ptr<Crew> crew_;
};

}  // namespace rheobase
