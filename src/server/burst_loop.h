// SPDX-License-Identifier: Apache-2.0
/// \file
/// The thread on which the brain runs: bursts at a steady frequency, input that comes when it
/// comes, and work to be done with the engine between two bursts.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <fstream>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "rheobase/engine.h"
#include "server/area_index.h"
#include "server/xyzp.h"

namespace rheobase::server {

using Clock = std::chrono::steady_clock;

/// The engine and what belongs to its network.
struct RunningBrain {
  Engine engine;
  std::shared_ptr<const AreaIndex> index;
};

/// A burst that has ended, as listeners get it; valid during the call.
struct FinishedBurst {
  std::uint64_t number = 0;
  std::uint64_t spikes = 0;
  std::span<const NeuronId> fired;  ///< of the areas that are watched, ascending
  const AreaIndex& index;
};

struct LoopCounters {
  std::uint64_t bursts = 0, late = 0, skipped = 0;
  std::uint64_t frames = 0, frames_replaced = 0;
};

class BurstLoop {
 public:
  /// Called on the loop's thread after each burst; it must not wait.
  using Listener = std::function<void(const FinishedBurst&)>;
  explicit BurstLoop(Listener listener) : listener_(std::move(listener)) {}

  /// Runs bursts until `stop`; without a brain it waits for one. What goes wrong in a burst takes
  /// the brain away and is kept for `failure`.
  void live();
  void stop();

  /// What `work` returns, done between two bursts; the brain may be null. \throws what it throws,
  /// and Error interrupted when the loop ends before it was done.
  template <class Work>
  auto between(Work work) {
    using Result = std::invoke_result_t<Work, std::unique_ptr<RunningBrain>&>;
    auto task = std::make_shared<std::packaged_task<Result(std::unique_ptr<RunningBrain>&)>>(
        std::move(work));
    auto result = task->get_future();
    push([task](std::unique_ptr<RunningBrain>& brain) { (*task)(brain); });
    return wait_for(result);
  }

  /// Bursts a second, 0.01 to 100,000.
  void set_hz(double hz);
  [[nodiscard]] double hz() const { return hz_; }

  /// Input of a channel until the next frame of it: areas that hold keep theirs; of others it
  /// counts for a burst and a half. Of several that come between two bursts the newest counts.
  void sense(std::uint64_t channel, std::vector<AreaVoxels> frame);
  void forget(std::uint64_t channel);
  void forget_all();

  /// Input for the next burst, from work between two bursts.
  void give(RunningBrain& brain, std::span<const NeuronId> ids, std::span<const float> potentials);
  /// Writes all input into a file that `rheobase run --input` reads: burst,area,x,y,z,potential,
  /// the area by its id. Before `live`. \throws Error io if it cannot be written.
  void log_input(const std::string& path);

  /// True: listeners hear of all neurons; false: of outputs only.
  void watch_all(bool all) { watch_all_ = all; }

  [[nodiscard]] std::uint64_t burst() const { return burst_; }
  [[nodiscard]] LoopCounters counters() const;
  /// Why the brain stands still; empty while it runs.
  [[nodiscard]] std::string failure() const;

 private:
  using Task = std::function<void(std::unique_ptr<RunningBrain>&)>;
  struct Channel {
    std::vector<AreaVoxels> frame;
    Clock::time_point came;
    bool fresh = true;  ///< no burst took it yet
    // the frame as neurons of `index`
    std::shared_ptr<const AreaIndex> index;
    std::vector<NeuronId> held_ids, ids;
    std::vector<float> held_potentials, potentials;
  };

  void push(Task task);
  template <class Result>
  Result wait_for(std::future<Result>& result) {
    try {
      return result.get();
    } catch (const std::future_error&) {
      throw_ended();
    }
  }
  [[noreturn]] static void throw_ended();
  /// False when the loop is to end.
  bool wait_until(Clock::time_point due);
  bool take_new_frequency();
  void run_tasks();
  void run_burst();
  void inject(RunningBrain& brain);
  void set_plan(RunningBrain& brain);

  Listener listener_;
  std::ofstream log_;                    ///< of the loop's thread
  std::unique_ptr<RunningBrain> brain_;  ///< of the loop's thread
  std::shared_ptr<const AreaIndex> planned_;
  bool planned_all_ = false;
  std::atomic<double> hz_{10.0};
  std::atomic<bool> watch_all_{false};
  std::atomic<std::uint64_t> burst_{0};

  /// The lock, for other threads than the loop's. A loop that never sleeps would hardly let them
  /// in: it waits while they do.
  [[nodiscard]] std::unique_lock<std::mutex> visit() const;

  mutable std::atomic<int> visitors_{0};
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stop_ = false;
  bool retimed_ = false;  ///< the frequency is another one
  bool ended_ = false;
  std::vector<Task> tasks_;
  std::map<std::uint64_t, Channel> channels_;
  LoopCounters counters_;
  std::string failure_;
};

}  // namespace rheobase::server
