// SPDX-License-Identifier: Apache-2.0
#include "rheobase/realtime.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "engine/injections.h"
#include "engine/time_histogram.h"
#include "network/canonical.h"
#include "platform/sleep.h"
#include "platform/thread.h"
#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// Ranges in order, those that touch or overlap made one.
std::vector<IdRange> joined(std::vector<IdRange> ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const IdRange& a, const IdRange& b) { return a.first < b.first; });
  std::vector<IdRange> list;
  for (const IdRange& range : ranges) {
    const std::uint64_t end = std::uint64_t{range.first} + range.count;
    if (!list.empty() && range.first <= std::uint64_t{list.back().first} + list.back().count) {
      const std::uint64_t last = std::uint64_t{list.back().first} + list.back().count;
      list.back().count = static_cast<std::uint32_t>(std::max(last, end) - list.back().first);
    } else {
      list.push_back(range);
    }
  }
  return list;
}

struct Frame {
  std::vector<NeuronId> ids;
  std::vector<float> potentials;
  std::vector<std::uint32_t> ports;  ///< as of Engine::inject
  Clock::time_point sent;
};

}  // namespace

struct Realtime::Self {
  Self(Engine& e, RealtimeOptions o) : engine(e), options(std::move(o)) {}

  Engine& engine;
  RealtimeOptions options;
  std::shared_ptr<const RecordPlan> former_plan;
  Network network = engine.network();  ///< as it was when the loop began

  mutable std::mutex mutex;
  std::condition_variable changed;
  // all below is guarded by the mutex
  bool stop = false;
  bool ended = false;
  std::exception_ptr failure;
  std::map<std::uint32_t, Frame> frames;
  std::vector<std::function<void(Engine&)>> actions;
  std::optional<RealtimeBurst> latest;
  RealtimeStats counts;
  TimeHistogram jitter, work, latency;

  std::mutex finishing;  ///< of several that stop it at once one waits for the thread
  platform::Thread thread;
  std::thread::id thread_id;
  platform::MadeHere made;

  /// \throws Error unavailable in a process that was forked since the loop began.
  void check_fork() const {
    if (!made.holds()) {
      throw Error(ErrorCode::unavailable,
                  "a real-time loop does not go on in a forked process (its thread is the "
                  "parent's). Begin a new one here.");
    }
  }

  /// False if the loop is to stop.
  bool wait_until(Clock::time_point due, Clock::duration look) {
    {
      // a stop is heard while the next burst is far
      constexpr auto kFar = std::chrono::milliseconds(2);
      std::unique_lock lock(mutex);
      if (changed.wait_until(lock, due - kFar, [&] { return stop; })) {
        return false;
      }
    }
    platform::wait_exactly(due, look);
    const std::lock_guard lock(mutex);
    return !stop;
  }

  RealtimeBurst run_burst(std::vector<Clock::time_point>& sent) {
    std::map<std::uint32_t, Frame> taken;
    std::vector<std::function<void(Engine&)>> todo;
    {
      const std::lock_guard lock(mutex);
      taken.swap(frames);
      todo.swap(actions);
    }
    for (const auto& action : todo) {
      action(engine);
    }
    for (const auto& [channel, frame] : taken) {
      engine.inject(frame.ids, frame.potentials, frame.ports);
      sent.push_back(frame.sent);
    }
    RealtimeBurst burst;
    RunOptions run;
    run.batch = [&](const RecordBatch& batch) {
      burst.burst = batch.bursts.back().burst;
      burst.spikes = batch.bursts.back().spikes;
      for (const NeuronId id : batch.spike_ids) {
        const auto range =
            std::upper_bound(options.outputs.begin(), options.outputs.end(), id,
                             [](NeuronId i, const IdRange& r) { return i < r.first; });
        if (range != options.outputs.begin() && id - (range - 1)->first < (range - 1)->count) {
          burst.fired.push_back(id);
        }
      }
    };
    engine.run(1, run);
    return burst;
  }

  void publish(RealtimeBurst burst, double begin_late, double took,
               const std::vector<Clock::time_point>& sent, Clock::time_point now) {
    const std::lock_guard lock(mutex);
    ++counts.bursts;
    counts.late += burst.late ? 1U : 0U;
    counts.unread += latest.has_value() ? 1U : 0U;
    jitter.add(begin_late);
    work.add(took);
    for (const Clock::time_point moment : sent) {
      latency.add(Seconds(now - moment).count());
    }
    latest = std::move(burst);
    changed.notify_all();
  }

  void live() {
    platform::ask_for_exact_timers();
    const Seconds period(1.0 / options.hz);
    const auto look =
        std::chrono::duration_cast<Clock::duration>(std::min(Seconds(100e-6), period / 10.0));
    const Clock::time_point start = Clock::now();
    const auto due_at = [&](std::uint64_t tick) {
      return start +
             std::chrono::duration_cast<Clock::duration>(period * static_cast<double>(tick));
    };
    std::vector<Clock::time_point> sent;
    std::uint64_t run = 0;
    for (std::uint64_t tick = 1; wait_until(due_at(tick), look); ++tick) {
      const Clock::time_point due = due_at(tick);
      const Clock::time_point begin = Clock::now();
      sent.clear();
      RealtimeBurst burst = run_burst(sent);
      const Clock::time_point end = Clock::now();
      burst.late = end > due_at(tick + 1);
      publish(std::move(burst), Seconds(begin - due).count(), Seconds(end - begin).count(), sent,
              end);
      if (options.late == Late::skip && end > due_at(tick + 1)) {
        const auto passed = static_cast<std::uint64_t>(Seconds(end - start) / period);
        const std::lock_guard lock(mutex);
        counts.skipped += passed - tick;
        tick = passed;
      }
      if (++run == options.bursts) {
        return;
      }
    }
  }

  void begin() {
    // the thread waits until the engine is its own
    const std::lock_guard lock(mutex);
    thread.require("for the real-time loop", [this] {
      { const std::lock_guard begun(mutex); }
      std::exception_ptr error;
      try {
        live();
      } catch (...) {
        error = std::current_exception();
      }
      const std::lock_guard at_end(mutex);
      failure = error;
      ended = true;
      changed.notify_all();
    });
    thread_id = thread.id();
    engine.own_by(thread_id);
  }

  /// From any thread, any number of times.
  void finish() {
    {
      const std::lock_guard lock(mutex);
      stop = true;
      changed.notify_all();
    }
    if (std::this_thread::get_id() == thread_id) {
      return;  // an action between two bursts; whoever waits for the loop does the rest
    }
    const std::lock_guard lock(finishing);
    if (thread.is_running()) {
      thread.join();
      engine.own_by({});
      engine.take_plan(former_plan);
    }
  }
};

Realtime::Realtime(Engine& engine, RealtimeOptions options)
    : self_(std::make_unique<Self>(engine, std::move(options))) {
  Self& self = *self_;
  if (!(self.options.hz >= 0.01 && self.options.hz <= 1e5)) {
    throw Error(ErrorCode::invalid_argument, "a frequency of " + number_text(self.options.hz) +
                                                 " Hz is out of range (0.01 to 100000 Hz).");
  }
  if (self.options.outputs.empty()) {
    self.options.outputs.push_back({0, self.network.neuron_count()});
  }
  self.options.outputs = joined(std::move(self.options.outputs));
  self.former_plan = engine.plan();
  RecordPlan plan = *self.former_plan;
  plan.spikes.insert(plan.spikes.end(), self.options.outputs.begin(), self.options.outputs.end());
  plan.spikes = joined(std::move(plan.spikes));
  engine.record(std::move(plan));
  try {
    self.begin();
  } catch (...) {
    engine.take_plan(self.former_plan);
    throw;
  }
}

Realtime::~Realtime() {
  if (self_->made.holds()) {
    self_->finish();
  } else {
    static_cast<void>(self_.release());  // NOLINT(bugprone-unused-return-value): see MadeHere
  }
}

void Realtime::send(std::uint32_t channel, std::vector<NeuronId> ids, std::vector<float> potentials,
                    std::uint32_t port) {
  self_->check_fork();
  if (ids.size() != potentials.size()) {
    throw Error(ErrorCode::invalid_argument,
                number_text(ids.size()) + " ids and " + number_text(potentials.size()) +
                    " potentials do not match. Give one potential per id.");
  }
  for (std::size_t i = 0; i < ids.size(); ++i) {
    static_cast<void>(injected_target(self_->network, ids[i], port, "cannot send to"));
    if (!is_canonical(potentials[i])) {
      potentials[i] = canonical_number(potentials[i], "sent potential");
    }
  }
  std::vector<std::uint32_t> ports(port == 0 ? 0U : ids.size(), port);
  const std::lock_guard lock(self_->mutex);
  Frame& frame = self_->frames[channel];
  ++self_->counts.frames;
  self_->counts.frames_dropped += frame.ids.empty() && frame.sent == Clock::time_point() ? 0U : 1U;
  frame = {std::move(ids), std::move(potentials), std::move(ports), Clock::now()};
}

void Realtime::between_bursts(std::function<void(Engine&)> action) {
  self_->check_fork();
  const std::lock_guard lock(self_->mutex);
  self_->actions.push_back(std::move(action));
}

std::optional<RealtimeBurst> Realtime::next(double timeout_seconds) {
  Self& self = *self_;
  self.check_fork();
  std::unique_lock lock(self.mutex);
  const auto until = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                        Seconds(std::clamp(timeout_seconds, 0.0, 1e8)));
  self.changed.wait_until(lock, until, [&] { return self.latest.has_value() || self.ended; });
  if (self.failure != nullptr) {
    std::rethrow_exception(self.failure);
  }
  return std::exchange(self.latest, std::nullopt);
}

void Realtime::stop() {
  self_->check_fork();
  self_->finish();
  const std::lock_guard lock(self_->mutex);
  if (self_->failure != nullptr) {
    std::rethrow_exception(self_->failure);
  }
}

bool Realtime::running() const {
  self_->check_fork();
  const std::lock_guard lock(self_->mutex);
  return !self_->ended;
}

RealtimeStats Realtime::stats() const {
  self_->check_fork();
  const std::lock_guard lock(self_->mutex);
  RealtimeStats stats = self_->counts;
  stats.jitter = self_->jitter.spread();
  stats.work = self_->work.spread();
  stats.latency = self_->latency.spread();
  return stats;
}

}  // namespace rheobase
