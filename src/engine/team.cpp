// SPDX-License-Identifier: Apache-2.0
#include "engine/team.h"

#include <utility>

namespace rheobase {

Team::Team(std::uint32_t threads) {
  for (std::uint32_t i = 1; i < threads; ++i) {
    platform::Thread thread;
    if (!thread.start([this] { serve(); })) {
      break;  // fewer do the same
    }
    threads_.push_back(std::move(thread));
  }
}

Team::~Team() {
  if (made_.holds()) {
    {
      const std::lock_guard lock(meeting_->mutex);
      leaves_ = true;
    }
    meeting_->begins.notify_all();
  } else {
    static_cast<void>(meeting_.release());  // NOLINT(bugprone-unused-return-value)
  }
}

void Team::share(std::size_t count, const std::function<void(std::size_t)>& work) {
  if (threads_.empty() || count < 2 || !made_.holds()) {
    for (std::size_t i = 0; i < count; ++i) {
      work(i);
    }
    return;
  }
  {
    const std::lock_guard lock(meeting_->mutex);
    count_ = count;
    work_ = &work;
    next_ = 0;
    raised_ = nullptr;
    at_work_ = threads_.size();
    ++list_;
  }
  meeting_->begins.notify_all();
  take_pieces();
  std::unique_lock lock(meeting_->mutex);
  meeting_->ended.wait(lock, [this] { return at_work_ == 0; });
  if (raised_ != nullptr) {
    std::rethrow_exception(std::exchange(raised_, nullptr));
  }
}

void Team::take_pieces() {
  for (std::size_t i = next_++; i < count_; i = next_++) {
    try {
      (*work_)(i);
    } catch (...) {
      const std::lock_guard lock(meeting_->mutex);
      if (raised_ == nullptr) {
        raised_ = std::current_exception();
      }
    }
  }
}

void Team::serve() {
  std::uint64_t done = 0;
  std::unique_lock lock(meeting_->mutex);
  while (true) {
    meeting_->begins.wait(lock, [&] { return leaves_ || list_ != done; });
    if (leaves_) {
      return;
    }
    done = list_;
    lock.unlock();
    take_pieces();
    lock.lock();
    if (--at_work_ == 0) {
      meeting_->ended.notify_one();
    }
  }
}

}  // namespace rheobase
