// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/id_ranges.h"
#include "engine/realtime_self.h"
#include "platform/priority.h"
#include "platform/sleep.h"
#include "rheobase/error.h"

namespace rheobase {
namespace {

using Seconds = std::chrono::duration<double>;

}  // namespace

Realtime::Self::Self(Engine& e, RealtimeOptions o)
    : engine(e),
      options(std::move(o)),
      all_are_outputs(options.outputs.empty()),
      outputs(joined(std::exchange(options.outputs, {}))),
      saver(options.checkpoint, options.checkpoint_seconds),
      network(engine.network()),
      unread(std::max<std::uint64_t>(options.queue, 1)) {}

void Realtime::Self::check_fork() const {
  if (!made.holds()) {
    throw Error(ErrorCode::unavailable,
                "a real-time loop does not go on in a forked process (its thread is the "
                "parent's). Begin a new one here.");
  }
}

void Realtime::Self::set_plan() {
  RecordPlan plan = *own_plan;
  plan.spikes.insert(plan.spikes.end(), outputs.begin(), outputs.end());
  plan.spikes = joined(std::move(plan.spikes));
  engine.record(std::move(plan));
}

void Realtime::Self::follow_network() {
  const std::uint32_t before = network.neuron_count();  // this thread alone changes it
  if (engine.network().data() == network.data()) {
    return;
  }
  const std::uint32_t now = engine.network().neuron_count();
  if (now > before) {
    outputs.push_back({before, now - before});
    outputs = joined(std::move(outputs));
    set_plan();
  }
  const std::lock_guard lock(mutex);
  network = engine.network();
}

void Realtime::Self::run_tasks() {
  std::vector<Task*> todo;
  {
    const std::lock_guard lock(mutex);
    todo.swap(tasks);
  }
  for (Task* const task : todo) {
    std::exception_ptr error;
    try {
      task->action(engine);
    } catch (...) {
      error = std::current_exception();
    }
    // from then on the task and its error are no longer there for this thread
    const std::lock_guard lock(mutex);
    task->error = std::move(error);
    task->done = true;
    changed.notify_all();
  }
}

bool Realtime::Self::wait_until(Clock::time_point due, Clock::duration look) {
  constexpr auto kFar = std::chrono::milliseconds(2);
  for (bool early = true; early;) {
    {
      std::unique_lock lock(mutex);
      early = changed.wait_until(lock, due - kFar, [&] { return stop || !tasks.empty(); });
      if (stop) {
        return false;
      }
    }
    early = early && Clock::now() < due - kFar;
    if (early) {
      run_tasks();
    }
  }
  platform::wait_exactly(due, look);
  const std::lock_guard lock(mutex);
  return !stop;
}

Realtime::Self::Ran Realtime::Self::run_burst(std::vector<Clock::time_point>& sent) {
  run_tasks();
  std::vector<Frame> taken;
  {
    const std::lock_guard lock(mutex);
    taken = frames.take();
  }
  for (const Frame& frame : taken) {
    engine.inject(frame.ids, frame.potentials, frame.ports);
    sent.push_back(frame.sent);
  }
  Ran ran;
  RunOptions run;
  run.batch = [&](const RecordBatch& batch) {
    ran.burst = batch.bursts.back().burst;
    ran.spikes = batch.bursts.back().spikes;
    std::copy_if(batch.spike_ids.begin(), batch.spike_ids.end(), std::back_inserter(ran.fired),
                 [&](NeuronId id) { return holds(outputs, id); });
  };
  engine.run(1, run);
  return ran;
}

void Realtime::Self::publish(Ran ran, bool late, double begin_late, double took,
                             const std::vector<Clock::time_point>& sent, Clock::time_point now) {
  const std::lock_guard lock(mutex);
  ++counts.bursts;
  counts.late += late ? 1U : 0U;
  jitter.add(begin_late);
  work.add(took);
  for (const Clock::time_point moment : sent) {
    latency.add(Seconds(now - moment).count());
  }
  counts.unread += unread.add(ran.burst, std::move(ran.fired), ran.spikes, late) ? 1U : 0U;
  changed.notify_all();
}

void Realtime::Self::save_if_due() {
  if (!saver.due() || saver.is_writing()) {
    return;
  }
  try {
    saver.save(engine.checkpoint());
  } catch (const Error&) {
    const std::lock_guard lock(mutex);
    not_written = std::current_exception();
  }
}

void Realtime::Self::live() {
  platform::ask_for_exact_timers();
  const Seconds period(1.0 / options.hz);
  const auto look =
      std::chrono::duration_cast<Clock::duration>(std::min(Seconds(100e-6), period / 10.0));
  const Clock::time_point start = Clock::now();
  const auto due_at = [&](std::uint64_t tick) {
    return start + std::chrono::duration_cast<Clock::duration>(period * static_cast<double>(tick));
  };
  std::vector<Clock::time_point> sent;
  std::uint64_t run = 0;
  for (std::uint64_t tick = 1; wait_until(due_at(tick), look); ++tick) {
    const Clock::time_point due = due_at(tick);
    const Clock::time_point begin = Clock::now();
    sent.clear();
    Ran ran = run_burst(sent);
    const Clock::time_point end = Clock::now();
    publish(std::move(ran), end > due_at(tick + 1), Seconds(begin - due).count(),
            Seconds(end - begin).count(), sent, end);
    if (options.late == Late::skip && end > due_at(tick + 1)) {
      const auto passed = static_cast<std::uint64_t>(Seconds(end - start) / period);
      const std::lock_guard lock(mutex);
      counts.skipped += passed - tick;
      tick = passed;
    }
    if (++run == options.bursts) {
      break;
    }
    save_if_due();
  }
}

void Realtime::Self::save_last() {
  try {
    if (saver.is_on()) {
      saver.save(engine.checkpoint());
      saver.finish();
      const std::lock_guard lock(mutex);
      not_written = nullptr;  // what failed before has been made good
    }
  } catch (const Error&) {
    const std::lock_guard lock(mutex);
    not_written = std::current_exception();
  }
}

void Realtime::Self::begin() {
  // the thread waits until the engine is its own
  std::unique_lock lock(mutex);
  thread.require("for the real-time loop", [this] {
    { const std::lock_guard engine_is_own(mutex); }
    std::exception_ptr error;
    try {
      const platform::UrgentThread urgent({options.priority, options.lock_memory, options.core});
      say_begun();
      live();
      save_last();
    } catch (...) {
      error = std::current_exception();
    }
    const std::lock_guard at_end(mutex);
    failure = error;
    ended = true;
    tasks.clear();  // who waits for one hears that it will not be done
    changed.notify_all();
  });
  thread_id = thread.id();
  engine.own_by(thread_id);
  changed.wait(lock, [this] { return begun || ended; });
  if (!begun) {
    lock.unlock();
    thread.join();
    engine.own_by({});
    std::rethrow_exception(failure);
  }
}

void Realtime::Self::say_begun() {
  const std::lock_guard lock(mutex);
  begun = true;
  changed.notify_all();
}

void Realtime::Self::finish() {
  {
    const std::lock_guard lock(mutex);
    stop = true;
    changed.notify_all();
  }
  if (on_own_thread()) {
    return;  // an action between two bursts; whoever waits for the loop does the rest
  }
  const std::lock_guard lock(finishing);
  if (thread.is_running()) {
    thread.join();
    engine.own_by({});
    engine.take_plan(own_plan);
    end_session();
  }
}

void Realtime::Self::end_session() {
  try {
    if (!options.log.empty()) {
      engine.end_session();
    }
  } catch (const Error&) {
    const std::lock_guard guard(mutex);
    not_written = std::current_exception();
  }
}

bool Realtime::Self::wait_for_burst(std::unique_lock<std::mutex>& lock, double seconds) {
  const auto until = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                        Seconds(std::clamp(seconds, 0.0, 1e8)));
  return changed.wait_until(lock, until, [&] { return !unread.empty() || ended; });
}

}  // namespace rheobase
