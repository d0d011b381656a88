// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a real-time loop consists of, and its thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/checkpoint_saver.h"
#include "engine/frames.h"
#include "engine/time_histogram.h"
#include "engine/unread_bursts.h"
#include "platform/thread.h"
#include "rheobase/realtime.h"

namespace rheobase {

struct Realtime::Self {
  using Clock = std::chrono::steady_clock;
  /// Something to be done between two bursts. It is its asker's, who waits for it.
  struct Task {
    const std::function<void(Engine&)>& action;
    bool done = false;
    std::exception_ptr error;
  };

  Self(Engine& e, RealtimeOptions o);

  Engine& engine;
  RealtimeOptions options;
  bool all_are_outputs;
  // of the loop's thread, while it runs
  std::vector<IdRange> outputs;
  std::shared_ptr<const RecordPlan> own_plan;  ///< of the engine, without the outputs
  CheckpointSaver saver;

  mutable std::mutex mutex;
  std::condition_variable changed;
  // all below is guarded by the mutex
  bool stop = false;
  bool begun = false;
  bool ended = false;
  std::exception_ptr failure;      ///< ended the loop
  std::exception_ptr not_written;  ///< checkpoint or session; the loop goes on
  Network network;
  Frames frames;
  std::vector<Task*> tasks;
  UnreadBursts unread;
  RealtimeStats counts;
  TimeHistogram jitter, work, latency;

  std::mutex editing;    ///< of several that edit at once one after the other makes its network
  std::mutex finishing;  ///< of several that stop it at once one waits for the thread
  platform::Thread thread;
  std::thread::id thread_id;
  platform::MadeHere made;

  // by any thread

  /// \throws Error unavailable in a process that was forked since the loop began.
  void check_fork() const;
  [[nodiscard]] bool on_own_thread() const { return std::this_thread::get_id() == thread_id; }
  /// \throws Error if the thread cannot be had as it is wanted.
  void begin();
  /// From any thread, any number of times.
  void finish();
  /// Until there is something to read, or there will be nothing more; false if it took too long.
  bool wait_for_burst(std::unique_lock<std::mutex>& lock, double seconds);

  // by the loop's thread, or before it runs

  /// What is recorded is what the engine was told to record, and the outputs.
  void set_plan();
  /// After something was done with the engine: neurons that were added can be reached, and are
  /// outputs.
  void follow_network();

 private:
  struct Ran {
    std::uint64_t burst = 0, spikes = 0;
    std::vector<NeuronId> fired;
  };

  void live();
  /// Tells `begin` that bursts will follow.
  void say_begun();
  void run_tasks();
  /// Does work that is asked for meanwhile. False if the loop is to stop.
  bool wait_until(Clock::time_point due, Clock::duration look);
  Ran run_burst(std::vector<Clock::time_point>& sent);
  void publish(Ran ran, bool late, double begin_late, double took,
               const std::vector<Clock::time_point>& sent, Clock::time_point now);
  /// Without waiting for the disk. What goes wrong is told when the loop is stopped.
  void save_if_due();
  /// The last checkpoint, of a loop that nothing else ended.
  void save_last();
  void end_session();
};

}  // namespace rheobase
