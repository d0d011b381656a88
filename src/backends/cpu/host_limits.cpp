// SPDX-License-Identifier: Apache-2.0
#include "rheobase/host_limits.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "backends/cpu/stream_line.h"
#include "model/random.h"
#include "platform/large_pages.h"
#include "platform/thread.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

constexpr std::uint32_t kLine = kLineWords;  // synapses of a cache line
constexpr std::uint32_t kAhead = 8;          // rows that are prefetched
constexpr std::uint32_t kBinShift =
    17;  // neurons of a bin: its accumulators fit into 512 KiB or 1 MiB
constexpr std::uint32_t kBinRoom = 65536;  // synapses that a bin takes before it is emptied
/// Lists of fired neurons, one after the other, that together reach about every row: bursts that
/// fire the same neurons again and again would find their rows in the cache.
std::uint32_t lists_of(const HostLoad& load) {
  return static_cast<std::uint32_t>(std::clamp(1.0 / load.firing, 4.0, 1000.0));
}

/// Reads and writes what the step does: potential, word, countdown and count; reads input.
template <class Word>
[[gnu::always_inline]] inline void stream_step(Word* __restrict words, float* __restrict state,
                                               std::uint32_t* __restrict counts,
                                               const float* __restrict injected,
                                               std::uint32_t neurons) {
  for (std::uint32_t i = 0; i < neurons; ++i) {
    state[i] = state[i] * 0.5F + injected[i] + static_cast<float>(words[i] != 0);
    counts[i] ^= 1U;
    words[i] = 0;
  }
}
#if defined(__x86_64__)
template <class Word>
[[gnu::target("avx2")]] void stream_step_avx2(Word* words, float* state, std::uint32_t* counts,
                                              const float* injected, std::uint32_t neurons) {
  stream_step(words, state, counts, injected, neurons);
}
#endif

/// What one thread works on: accumulators of its own, and the part of every row that reaches them.
template <class Word>
class Share {
 public:
  Share(const HostLoad& load, std::uint32_t thread)
      : neurons_((load.neurons + load.threads - 1) / load.threads),
        row_(std::max(1U, load.synapses / load.threads)),
        bins_((neurons_ >> kBinShift) + 1U) {
    platform::resize_on_large_pages(synapses_, std::size_t{load.neurons} * row_ + kLine);
    platform::resize_on_large_pages(words_, neurons_);
    platform::resize_on_large_pages(state_, neurons_);
    platform::resize_on_large_pages(counts_, neurons_);
    platform::resize_on_large_pages(injected_, neurons_);
    std::uint32_t number = thread;
    for (std::size_t row = 0; row < load.neurons; ++row) {
      const auto begin = synapses_.begin() + static_cast<std::ptrdiff_t>(row * row_);
      const auto end = begin + static_cast<std::ptrdiff_t>(row_);
      std::generate(begin, end, [&] { return model::below(model::pcg(number++), neurons_); });
      std::sort(begin, end);
    }
  }

  void plain(const std::vector<std::uint32_t>& fired) {
    for (const std::uint32_t pre : fired) {
      add(row_of(pre));
    }
  }

  void prefetched(const std::vector<std::uint32_t>& fired) {
    for (std::size_t f = 0; f < fired.size(); ++f) {
      const std::uint32_t* next = row_of(fired[std::min(f + kAhead, fired.size() - 1)]);
      for (std::uint32_t i = 0; i < row_ + kLine - 1; i += kLine) {
        __builtin_prefetch(next + i);
      }
      add(row_of(fired[f]));
    }
  }

  void binned(const std::vector<std::uint32_t>& fired) {
    if (room_.empty()) {
      platform::resize_on_large_pages(room_, std::size_t{bins_} * kBinRoom + kLine);
      lines_.resize(std::size_t{bins_} + 1U);
      used_.resize(bins_);
    }
    // aligned to lines
    auto* const room = reinterpret_cast<std::uint32_t*>(
        (reinterpret_cast<std::uintptr_t>(room_.data()) + 63U) & ~std::uintptr_t{63});
    for (std::size_t f = 0; f < fired.size(); ++f) {
      const std::uint32_t* next = row_of(fired[std::min(f + kAhead, fired.size() - 1)]);
      for (std::uint32_t i = 0; i < row_ + kLine - 1; i += kLine) {
        __builtin_prefetch(next + i);
      }
      const std::uint32_t* row = row_of(fired[f]);
      for (std::uint32_t i = 0; i < row_; ++i) {
        const std::uint32_t synapse = row[i];
        const std::uint32_t bin = (synapse & 0xFFFFFFU) >> kBinShift;
        const std::uint32_t n = used_[bin]++;
        lines_[bin].synapses[n % kLine] = synapse;
        if (n % kLine == kLine - 1) {
          std::uint32_t* const bin_room = room + std::size_t{bin} * kBinRoom;
          stream_line(bin_room + (n - (kLine - 1)), lines_[bin].synapses);
          if (n == kBinRoom - 1) {
            empty_bin(bin, bin_room);
          }
        }
      }
    }
    for (std::uint32_t bin = 0; bin < bins_; ++bin) {
      empty_bin(bin, room + std::size_t{bin} * kBinRoom);
    }
  }

  void step() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") != 0) {
      stream_step_avx2(words_.data(), state_.data(), counts_.data(), injected_.data(), neurons_);
      return;
    }
#endif
    stream_step(words_.data(), state_.data(), counts_.data(), injected_.data(), neurons_);
  }

 private:
  struct alignas(64) Line {
    std::uint32_t synapses[kLine];
  };

  [[nodiscard]] const std::uint32_t* row_of(std::uint32_t pre) const {
    return synapses_.data() + std::size_t{pre} * row_;
  }
  void add(const std::uint32_t* row) {
    Word* const words = words_.data();
    for (std::uint32_t i = 0; i < row_; ++i) {
      words[row[i] & 0xFFFFFFU] += static_cast<Word>(charges_[row[i] >> 24U]);
    }
  }
  void empty_bin(std::uint32_t bin, const std::uint32_t* room) {
    stream_fence();
    Word* const words = words_.data();
    const std::uint32_t whole = used_[bin] / kLine * kLine;
    for (std::uint32_t i = 0; i < whole; ++i) {
      words[room[i] & 0xFFFFFFU] += static_cast<Word>(charges_[room[i] >> 24U]);
    }
    for (std::uint32_t i = whole; i < used_[bin]; ++i) {
      const std::uint32_t synapse = lines_[bin].synapses[i % kLine];
      words[synapse & 0xFFFFFFU] += static_cast<Word>(charges_[synapse >> 24U]);
    }
    used_[bin] = 0;
  }

  std::uint32_t neurons_, row_;
  std::vector<std::uint32_t> synapses_;  ///< post | kind << 24
  std::vector<Word> words_;
  std::vector<Word> charges_ = std::vector<Word>(256, 1);
  std::uint32_t bins_;
  std::vector<std::uint32_t> room_;
  std::vector<Line> lines_;
  std::vector<std::uint32_t> used_;
  std::vector<float> state_;
  std::vector<std::uint32_t> counts_;
  std::vector<float> injected_;
};

template <class Word>
class Machine {
 public:
  explicit Machine(const HostLoad& load) : lists_(lists_of(load)) {
    std::uint32_t number = 99;
    const auto limit = static_cast<std::uint32_t>(load.firing * 1e6);
    for (std::vector<std::uint32_t>& list : lists_) {
      for (std::uint32_t id = 0; id < load.neurons; ++id) {
        if (model::below(model::pcg(number++), 1'000'000) < limit) {
          list.push_back(id);
        }
      }
      if (list.empty()) {
        list.push_back(0);
      }
    }
    for (std::uint32_t t = 0; t < load.threads; ++t) {
      shares_.emplace_back(load, t);
    }
  }

  using Loop = std::function<void(Share<Word>&, const std::vector<std::uint32_t>&)>;

  /// Median over rounds of at least `seconds` together.
  double measure(const Loop& loop, double seconds) {
    std::uint32_t bursts = 1;
    double once = round(loop, bursts);
    while (once < seconds / 10.0) {
      bursts *= 2;
      once = round(loop, bursts);
    }
    std::vector<double> times;
    for (int i = 0; i < 7; ++i) {
      times.push_back(round(loop, bursts) / bursts);
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
  }

 private:
  /// All threads at once, each its share of the bursts; the slowest counts.
  double round(const Loop& loop, std::uint32_t bursts) {
    std::atomic<std::uint32_t> waiting{static_cast<std::uint32_t>(shares_.size())};
    std::atomic<bool> refused{false};
    std::vector<double> seconds(shares_.size());
    const auto work = [&](std::size_t t) {
      --waiting;
      while (waiting.load() != 0) {
        if (refused.load()) {
          return;
        }
      }
      const auto start = std::chrono::steady_clock::now();
      for (std::uint32_t b = 0; b < bursts; ++b) {
        loop(shares_[t], lists_[b % lists_.size()]);
      }
      seconds[t] = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    std::vector<platform::Thread> threads(shares_.size() - 1);
    for (std::size_t t = 1; t < shares_.size() && !refused; ++t) {
      refused = !threads[t - 1].start([&work, t] { work(t); });
    }
    if (!refused) {
      work(0);
    }
    threads.clear();  // waits for them
    if (refused) {
      throw Error(ErrorCode::unavailable,
                  platform::refused_thread("cannot start " + number_text(shares_.size()) +
                                           " threads to measure with"));
    }
    return *std::max_element(seconds.begin(), seconds.end());
  }

  std::vector<std::vector<std::uint32_t>> lists_;
  std::vector<Share<Word>> shares_;
};

template <class Word>
HostLimits limits_of(const HostLoad& load, double seconds) {
  Machine<Word> machine(load);
  using Fired = std::vector<std::uint32_t>;
  HostLimits limits;
  limits.plain = machine.measure([](Share<Word>& s, const Fired& f) { s.plain(f); }, seconds);
  limits.prefetched =
      machine.measure([](Share<Word>& s, const Fired& f) { s.prefetched(f); }, seconds);
  limits.binned = machine.measure([](Share<Word>& s, const Fired& f) { s.binned(f); }, seconds);
  limits.step = machine.measure([](Share<Word>& s, const Fired&) { s.step(); }, seconds);
  return limits;
}

}  // namespace

double HostLimits::delivery() const { return std::min({plain, prefetched, binned}); }

HostLimits measure_host_limits(const HostLoad& load, double seconds) {
  return load.wide_words ? limits_of<std::int64_t>(load, seconds)
                         : limits_of<std::int32_t>(load, seconds);
}

}  // namespace rheobase
