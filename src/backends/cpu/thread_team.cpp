// SPDX-License-Identifier: Apache-2.0
#include "backends/cpu/thread_team.h"

#include <utility>

#include "platform/float_mode.h"

namespace rheobase {

namespace {

/// Where threads share cores, one that looks keeps another from its work.
std::uint32_t looks_of(std::uint32_t threads) {
  constexpr std::uint32_t kLooks = 1000;  // some ten microseconds
  return threads <= platform::usable_cores() ? kLooks : 0U;
}

}  // namespace

ThreadTeam::ThreadTeam(std::uint32_t size) : round_(looks_of(size)), unfinished_(looks_of(size)) {
  failures_.resize(size);
  for (std::uint32_t i = 1; i < size; ++i) {
    threads_.emplace_back([this, i] { serve(i); });
  }
}

ThreadTeam::~ThreadTeam() {
  ended_ = true;
  round_.add(1);
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

void ThreadTeam::run(const std::function<void(std::uint32_t)>& work) {
  work_ = &work;
  unfinished_.set(static_cast<std::uint32_t>(threads_.size()));
  round_.add(1);
  call(0);
  for (std::uint32_t left = unfinished_.value(); left != 0;) {
    left = unfinished_.wait_while(left);
  }
  for (std::exception_ptr& failure : failures_) {
    if (failure != nullptr) {
      std::rethrow_exception(std::exchange(failure, nullptr));
    }
  }
}

void ThreadTeam::serve(std::uint32_t index) {
  for (std::uint32_t seen = 0;;) {
    seen = round_.wait_while(seen);
    if (ended_) {
      return;
    }
    call(index);
    unfinished_.add(0U - 1U);
  }
}

void ThreadTeam::call(std::uint32_t index) {
  const platform::FloatMode mode;
  try {
    (*work_)(index);
  } catch (...) {  // handed to the caller of run
    failures_[index] = std::current_exception();
  }
}

}  // namespace rheobase
