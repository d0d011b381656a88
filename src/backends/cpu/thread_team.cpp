// SPDX-License-Identifier: Apache-2.0
#include "backends/cpu/thread_team.h"

#include <atomic>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "backends/cpu/gate.h"
#include "platform/cores.h"
#include "platform/float_mode.h"
#include "platform/thread.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {

namespace {

/// Where threads share cores, one that looks keeps another from its work.
std::uint32_t looks_of(std::uint32_t threads) {
  constexpr std::uint32_t kLooks = 1000;  // some ten microseconds
  return threads > 1 && threads <= platform::usable_cores() ? kLooks : 0U;
}

}  // namespace

/// The threads in one process.
class ThreadTeam::Crew {
 public:
  explicit Crew(std::uint32_t size) : Crew(size, looks_of(size)) {
    for (std::uint32_t i = 1; i < size; ++i) {
      if (!threads_[i - 1].start([this, i] { serve(i); })) {
        break;
      }
      ++started_;
    }
  }
  ~Crew() {
    ended_ = true;
    round_.add(1);
    threads_.clear();  // waits for them
  }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  /// Threads, the caller's among them.
  [[nodiscard]] std::uint32_t threads() const { return started_ + 1U; }
  [[nodiscard]] bool is_of_this_process() const { return made_.holds(); }
  [[nodiscard]] bool is_asleep() const { return round_.has_sleepers(); }

  void run(const std::function<void(std::uint32_t)>& work) {
    work_ = &work;
    const std::uint32_t round = round_.value() + 1U;
    unfinished_.set(static_cast<std::uint32_t>(parts_.size()) - 1U);
    round_.add(1);
    take(0, round);
    // what no thread has begun is done here
    for (std::uint32_t i = 1; i < parts_.size() && unfinished_.value() != 0; ++i) {
      if (take(i, round)) {
        unfinished_.add(0U - 1U);
      }
    }
    for (std::uint32_t left = unfinished_.value(); left != 0;) {
      left = unfinished_.wait_while(left);
    }
    for (Part& part : parts_) {
      if (part.failure != nullptr) {
        std::rethrow_exception(std::exchange(part.failure, nullptr));
      }
    }
  }

 private:
  /// Without threads; as a constructor of its own, so that the destructor ends what was started if
  /// the next one fails.
  Crew(std::uint32_t size, std::uint32_t looks)
      : round_(looks), unfinished_(looks), parts_(size), threads_(size - 1) {}

  /// In cache lines of its own.
  struct alignas(128) Part {
    std::atomic<std::uint32_t> taken{0};  ///< in how many rounds
    std::exception_ptr failure;
  };

  void serve(std::uint32_t index) {
    for (std::uint32_t seen = 0;;) {
      seen = round_.wait_while(seen);
      if (ended_) {
        return;
      }
      if (take(index, seen)) {
        unfinished_.add(0U - 1U);
      }
    }
  }

  /// Does a part, unless it was begun already. A thread that comes late may ask for a round that is
  /// over; its part was taken then.
  bool take(std::uint32_t index, std::uint32_t round) {
    Part& part = parts_[index];
    std::uint32_t before = round - 1U;
    if (part.taken.load() != before || !part.taken.compare_exchange_strong(before, round)) {
      return false;
    }
    const platform::FloatMode mode;
    try {
      (*work_)(index);
    } catch (...) {  // handed to the caller of run
      part.failure = std::current_exception();
    }
    return true;
  }

  platform::MadeHere made_;
  const std::function<void(std::uint32_t)>* work_ = nullptr;
  Gate round_;       ///< rises by one for each piece of work
  Gate unfinished_;  ///< parts that are not done
  std::atomic<bool> ended_{false};
  std::vector<Part> parts_;
  std::uint32_t started_ = 0;
  std::vector<platform::Thread> threads_;
};

ThreadTeam::ThreadTeam(std::uint32_t size, bool fewer_will_do)
    : size_(size), crew_(std::make_unique<Crew>(size)) {
  if (crew_->threads() < size_) {
    if (!fewer_will_do) {
      throw Error(ErrorCode::unavailable,
                  platform::refused_thread("cannot start " + number_text(size_) +
                                           " threads, only " + number_text(crew_->threads())));
    }
    size_ = crew_->threads();
    crew_.reset();  // its threads are needed
    crew_ = std::make_unique<Crew>(size_);
  }
}

ThreadTeam::~ThreadTeam() {
  if (!crew_->is_of_this_process()) {
    static_cast<void>(crew_.release());  // NOLINT(bugprone-unused-return-value): see MadeHere
  }
}

bool ThreadTeam::is_asleep() const { return crew_->is_asleep(); }

void ThreadTeam::run(const std::function<void(std::uint32_t)>& work) {
  if (!crew_->is_of_this_process()) {
    auto here = std::make_unique<Crew>(size_);
    static_cast<void>(crew_.release());  // NOLINT(bugprone-unused-return-value): see MadeHere
    crew_ = std::move(here);
  }
  crew_->run(work);
}

}  // namespace rheobase
