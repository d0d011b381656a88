// SPDX-License-Identifier: Apache-2.0
#include "backends/cpu/thread_team.h"

#include <utility>

#include "platform/float_mode.h"

namespace rheobase {

ThreadTeam::ThreadTeam(std::uint32_t size) {
  failures_.resize(size);
  for (std::uint32_t i = 1; i < size; ++i) {
    threads_.emplace_back([this, i] { serve(i); });
  }
}

ThreadTeam::~ThreadTeam() {
  ended_ = true;
  ++round_;
  round_.notify_all();
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

void ThreadTeam::run(const std::function<void(std::uint32_t)>& work) {
  work_ = &work;
  unfinished_ = static_cast<std::uint32_t>(threads_.size());
  ++round_;
  round_.notify_all();
  call(0);
  for (std::uint32_t left = unfinished_; left != 0; left = unfinished_) {
    unfinished_.wait(left);
  }
  for (std::exception_ptr& failure : failures_) {
    if (failure != nullptr) {
      std::rethrow_exception(std::exchange(failure, nullptr));
    }
  }
}

void ThreadTeam::serve(std::uint32_t index) {
  for (std::uint32_t seen = 0;;) {
    round_.wait(seen);
    seen = round_;
    if (ended_) {
      return;
    }
    call(index);
    --unfinished_;
    unfinished_.notify_one();
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
