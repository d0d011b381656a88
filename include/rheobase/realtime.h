// SPDX-License-Identifier: Apache-2.0
/// \file
/// A brain that runs at a steady frequency, on a thread of its own: input comes when it comes,
/// outputs are there when a burst has ended.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rheobase/engine.h"
#include "rheobase/export.h"

namespace rheobase {

/// What follows when a burst ended after the time of the next one.
enum class Late : std::uint8_t {
  skip,      ///< the bursts whose time has passed do not happen
  catch_up,  ///< they run at once, one after the other, until the loop is in time again
};

struct RealtimeOptions {
  /// Bursts a second, 0.01 to 100,000; 0: as the time step of the network says, so that a second of
  /// the brain takes a second.
  double hz = 0.0;
  Late late = Late::skip;
  /// Neurons whose spikes are handed out; no range: all. Those added meanwhile are outputs too.
  std::vector<IdRange> outputs{};
  std::uint64_t bursts = 0;  ///< the loop ends after so many; 0: when it is stopped
  /// So many bursts wait, each by itself, until they are read; where more have ended, the oldest
  /// are told as one. At least 1, which tells all since the last read as one.
  std::uint64_t queue = 1;
  /// If named, a checkpoint is saved there when the loop ends, and, if `checkpoint_seconds` is
  /// above 0, about so often while it runs (written beside the bursts).
  std::string checkpoint{};
  double checkpoint_seconds = 0.0;
  /// If named, a session is kept in that folder: Engine::begin_session to the end of the loop.
  std::string log{};
  /// 1 to 99: the loop's thread goes before all others of the machine (Linux: SCHED_FIFO); 0: as
  /// they. For this thread alone, so give the cpu backend one thread.
  std::uint32_t priority = 0;
  std::optional<std::uint32_t> core{};  ///< the loop's thread runs on this one alone
  bool lock_memory = false;             ///< nothing of the process is paged out meanwhile
};

/// Times in microseconds.
struct TimeSpread {
  double p50 = 0.0, p99 = 0.0, p999 = 0.0, max = 0.0;
};

struct RealtimeStats {
  std::uint64_t bursts = 0;
  std::uint64_t late = 0;            ///< bursts that ended after the time of the next
  std::uint64_t skipped = 0;         ///< bursts that did not happen for that (Late::skip)
  std::uint64_t frames = 0;          ///< sent
  std::uint64_t frames_dropped = 0;  ///< replaced by a newer one of their channel before a burst
  std::uint64_t unread = 0;  ///< bursts told as one with the next, since nobody had read them
  TimeSpread jitter;         ///< from the time at which a burst was due to its begin
  TimeSpread work;           ///< from its begin to its outputs
  TimeSpread latency;        ///< from `send` to the outputs of the burst that took the frame
};

/// Bursts that have ended, told as one; mostly it is one.
struct RealtimeBurst {
  std::uint64_t burst = 0;            ///< number of the last of them
  std::uint64_t bursts = 1;           ///< how many, with consecutive numbers
  std::vector<NeuronId> fired;        ///< of the outputs, those that fired, ascending, each once
  std::vector<std::uint64_t> counts;  ///< how often each of these fired
  std::uint64_t spikes = 0;           ///< of all neurons
  bool late = false;                  ///< any of them
};

/// While it lives, the engine is the loop's: calls to it from elsewhere throw Error
/// invalid_argument. Times of bursts are absolute, so that delays do not add up. Any thread may
/// call these functions. In a process that was forked since it began, every call throws Error
/// unavailable.
///
/// What goes wrong in a call is that caller's alone, and the brain goes on.
class RHEOBASE_API Realtime {
 public:
  /// Starts at once. \throws Error invalid_argument; io if checkpoint or session cannot be written;
  /// unavailable if the system gives no thread, or refuses priority, core or locked memory, with
  /// what allows it.
  Realtime(Engine& engine, RealtimeOptions options);
  /// Stops.
  ~Realtime();
  Realtime(const Realtime&) = delete;
  Realtime& operator=(const Realtime&) = delete;

  /// Input for the next burst; all that is sent between two bursts adds up. Where a channel is
  /// named, the newest of its frames counts, as of a camera that is faster than the brain.
  /// `port`: as of Engine::inject. \throws Error invalid_argument, and then nothing was sent.
  void send(std::vector<NeuronId> ids, std::vector<float> potentials, std::uint32_t port = 0,
            std::string_view channel = {});

  /// Changes the network before the next burst, and returns when that is done: what was added can
  /// be used at once. The new network is made on the caller's thread, beside the bursts.
  /// \throws Error as Engine::edit, and then nothing has changed.
  void edit(const NetworkEdit& edit);
  /// The network as it is now, with all edits.
  [[nodiscard]] Network network() const;
  /// Something to be done with the engine between two bursts, on the loop's thread; returns when
  /// it is done. \throws what it throws; Error invalid_argument if the loop has ended.
  void between_bursts(const std::function<void(Engine&)>& action);
  /// What is recorded from the next burst on, besides the outputs; sinks of the engine get both.
  /// \throws Error as Engine::record.
  void record(RecordPlan plan);
  /// A checkpoint of this moment; the bursts wait only while the state is copied.
  /// \throws Error io; the old file is kept then.
  void save(const std::string& path);

  /// Waits for a burst that was not handed out yet, and gives all that have ended since the last
  /// call, as RealtimeOptions::queue says. None after `timeout_seconds` (0: does not wait), or if
  /// the loop has ended. \throws the error that ended the loop, after its last burst.
  [[nodiscard]] std::optional<RealtimeBurst> next(double timeout_seconds = 1e9);
  /// Waits as `next` does and takes nothing; false if there is nothing for it yet.
  [[nodiscard]] bool wait(double timeout_seconds);

  /// Ends after the burst at hand, and waits for that; called between two bursts by the loop
  /// itself, it does not wait. Several may call it at once. \throws the error that ended the loop;
  /// Error io if checkpoint or session could not be written, which ends neither loop nor brain.
  void stop();
  [[nodiscard]] bool running() const;
  [[nodiscard]] RealtimeStats stats() const;

 private:
  struct Self;
  std::unique_ptr<Self> self_;
};

/// What the system allows to a loop: priority, locked memory.
[[nodiscard]] RHEOBASE_API std::vector<Finding> diagnose_realtime();

}  // namespace rheobase
